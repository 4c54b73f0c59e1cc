// simulate --instant: what formulas alone say, before the simulation confirms it; with --no-confirm, instead of it.

import { InputError } from "../../config/problem.ts";
import type { Scenario } from "../../config/scenario.ts";
import type { InstantAnswer } from "../../metrics/instant-answer.ts";
import { renderInstant } from "../../reports/instant-table.ts";
import { instantAnswer } from "../../sim/analytic/instant.ts";
import { TARGET_MISSED } from "../exit-codes.ts";
import { terminal } from "../terminal.ts";

export interface InstantOptions {
  readonly instant?: boolean;
  /** false: with --no-confirm. */
  readonly confirm: boolean;
  readonly json?: boolean;
  readonly out?: string;
  readonly against?: string;
  readonly rare?: boolean;
  readonly precision?: unknown;
}

/** @throws InputError for --no-confirm without --instant, and beside what only a simulation can do. */
export function refuseWithInstant(options: InstantOptions): void {
  if (options.confirm) return;
  const problem = (at: string, expected: string, mend: string) => ({ at, given: "given", expected, mend });
  const needs = (option: string) => problem(option, "not with --no-confirm: it takes a simulation", "leave one out");
  const problems = [
    ...(options.instant === true ? [] : [problem("--no-confirm", "with --instant", "add --instant, or leave it out")]),
    ...(options.out === undefined ? [] : [needs("--out")]),
    ...(options.against === undefined ? [] : [needs("--against")]),
    ...(options.rare === true ? [needs("--rare")] : []),
    ...(options.precision === undefined ? [] : [needs("--precision")]),
  ];
  if (problems.length > 0) throw new InputError("Cannot run", problems);
}

/**
 * Prints the answers: as JSON in place of a result; beside JSON of a simulation that follows, on standard error; else in words.
 * Sets the exit code when nothing follows.
 */
export function answerAtOnce(scenarios: readonly Scenario[], options: InstantOptions): void {
  const answers = scenarios.map((scenario) => {
    const startedMs = performance.now();
    const answer = instantAnswer(scenario);
    return { answer, label: scenario.site.mode, computingMs: performance.now() - startedMs };
  });
  const alone = !options.confirm;
  if (alone && options.json === true) {
    const texts = answers.map(({ answer, label }) => JSON.stringify(inJson(label, answer), null, 2));
    process.stdout.write(`${texts.length === 1 ? texts[0] : `[${texts.join(",")}]`}\n`);
  } else {
    const texts = answers.map(({ answer, label, computingMs }) =>
      renderInstant(answer, label, computingMs, terminal()),
    );
    (options.json === true ? process.stderr : process.stdout).write(`${texts.join("\n")}${alone ? "" : "\n"}`);
  }
  const missed = answers.some(({ answer }) => answer.targets.some(({ met }) => met === false));
  if (alone && missed) process.exitCode = TARGET_MISSED;
}

/** JSON has no Infinity. */
function inJson(mode: string, { saturation, ...answer }: InstantAnswer): object {
  const { station, requestsPerSecond } = saturation;
  const rate = Number.isFinite(requestsPerSecond) ? requestsPerSecond : null;
  return { mode, ...answer, saturation: { station, requestsPerSecond: rate } };
}
