// plan --instant: what formulas alone would choose, before the search; with --no-confirm, instead of it.

import { InputError } from "../../config/problem.ts";
import { chooseInstantly } from "../../planning/plan/instant.ts";
import { digits, sayChoice } from "../../planning/plan/words.ts";
import { TARGET_MISSED } from "../exit-codes.ts";
import type { PlanInput } from "./plan-input.ts";

export interface InstantOptions {
  readonly instant?: boolean;
  /** false: with --no-confirm. */
  readonly confirm: boolean;
  readonly json?: boolean;
  readonly out?: string;
}

/** @throws InputError for --no-confirm where something is asked for that only the search gives. */
export function refuseWithInstant({ instant, confirm, json, out }: InstantOptions): void {
  if (confirm) return;
  const problem = (at: string, expected: string, mend: string) => ({ at, given: "given", expected, mend });
  const needs = (option: string) => problem(option, "not with --no-confirm: it takes the search", "leave one out");
  const problems = [
    ...(instant === true ? [] : [problem("--no-confirm", "with --instant", "add --instant, or leave it out")]),
    ...(out === undefined ? [] : [needs("--out")]),
    ...(json === true ? [needs("--json")] : []),
  ];
  if (problems.length > 0) throw new InputError("Cannot plan", problems);
}

/** Prints the answer, on standard error where JSON follows on the other. Sets the exit code when nothing follows. */
export function chooseAtOnce({ points, situations, prices }: PlanInput, { json, confirm }: InstantOptions): void {
  const startedMs = performance.now();
  const chosen = chooseInstantly(points, situations, prices);
  const took = `by formulas alone, in ${digits(performance.now() - startedMs)} ms; nothing was simulated`;
  const bullets = (head: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [head, ...lines.map((line) => `  · ${line}`)];
  const lines =
    chosen === null
      ? [`Formulas rule out all ${points.length} settings (${took}).`]
      : [
          `${sayChoice(chosen.point.choice)}: from ${digits(chosen.cost)} ${prices.currency} a month (${took}).`,
          `${chosen.ruledOut} cheaper of ${points.length} settings are ruled out.`,
          ...bullets("Met:", chosen.targets),
          ...bullets("Open, until it is simulated:", chosen.open),
        ];
  (json === true ? process.stderr : process.stdout).write(`${lines.join("\n")}\n${confirm ? "\n" : ""}`);
  if (!confirm && chosen === null) process.exitCode = TARGET_MISSED;
}
