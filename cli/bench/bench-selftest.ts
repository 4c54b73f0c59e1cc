// sessionlab bench --selftest: whether this machine can be trusted to measure, check by check.

import type { Check } from "../../bench/selftest/check.ts";
import { runSelftest } from "../../bench/selftest/run-selftest.ts";
import { InputError } from "../../config/problem.ts";
import type { Environment } from "../../metrics/run-result.ts";
import { createStyle, wrap } from "../../reports/text-table.ts";
import { describeEnvironment } from "../environment.ts";
import { RUN_INVALID } from "../exit-codes.ts";
import { createInterrupt } from "../interrupt.ts";
import { flagOf } from "../options.ts";
import { createProgress } from "../progress.ts";
import { type Terminal, terminal } from "../terminal.ts";

/**
 * Prints what was found.
 * @param options as given on the command line: it takes --json and --quiet, and nothing else.
 * @returns the exit code: 0 when all checks held, 3 when one did not or it was cut short.
 * @throws InputError for a scenario or another option.
 */
export async function benchSelftest(
  scenario: string | undefined,
  { json, quiet, selftest: _, ...others }: { json?: boolean; quiet?: boolean; selftest?: boolean },
): Promise<number> {
  refuseOthers(scenario, Object.keys(others));
  const startedAt = new Date();
  const progress = createProgress("selftest", quiet === true);
  const interrupt = createInterrupt(() => progress.stop());
  try {
    const { checks, complete } = await runSelftest(interrupt.signal, (share, note) => {
      if (!interrupt.signal.aborted) progress.update(Math.min(1, share), note);
    });
    progress.stop();
    const environment = describeEnvironment(startedAt, (Date.now() - startedAt.getTime()) / 1_000);
    const held = complete && checks.every((check) => check.held !== false);
    if (json === true) process.stdout.write(`${JSON.stringify({ held, complete, checks, environment })}\n`);
    else process.stdout.write(render(checks, complete, environment, terminal()));
    return held ? 0 : RUN_INVALID;
  } finally {
    progress.stop();
    interrupt.release();
  }
}

function refuseOthers(scenario: string | undefined, others: readonly string[]): void {
  const given = [...(scenario === undefined ? [] : [`"${scenario}"`]), ...others.map(flagOf)];
  if (given.length === 0) return;
  const expected = "only --json and --quiet with it: it has a site of its own";
  throw new InputError("Cannot run", [{ at: "--selftest", given: given.join(", "), expected, mend: "leave it out" }]);
}

function render(
  checks: readonly Check[],
  complete: boolean,
  environment: Environment,
  { color, columns }: Terminal,
): string {
  const style = createStyle(color);
  const failed = checks.filter((check) => check.held === false);
  const verdict = !complete
    ? style.doubtful("! cut short")
    : failed.length === 0
      ? style.good("✓ this machine can be trusted to measure")
      : style.bad(
          `✗ do not trust figures from this machine as it is now: ${failed.length} of ${checks.length} checks not held`,
        );
  const lines = checks.flatMap((check) => {
    const word = check.held === null ? "· told" : check.held ? style.good("✓ held") : style.bad("✗ not held");
    return [
      `${style.bold(check.name)}  ${word}`,
      ...wrap(`  ${check.said}`, columns, 2),
      ...wrap(`  goal: ${check.goal}`, columns, 2).map(style.dim),
    ];
  });
  const { cpu, cores, platform, node, wallSeconds } = environment;
  const where = `${cpu}, ${cores} cores, ${platform}, Node ${node}, ${environment.startedAt}, ${wallSeconds.toFixed(0)} s`;
  return `${[verdict, "", ...lines, "", style.dim(where)].join("\n")}\n`;
}
