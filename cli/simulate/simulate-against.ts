// Two scenarios under the same luck, their replications over worker threads as those of one: both results, the second with how it differs.

import { InputError } from "../../config/problem.ts";
import { comparePaired, sharingLuck } from "../../sim/simulate-paired.ts";
import type { LoadedScenario } from "../load-scenario.ts";
import { type Simulated, simulateModes, type ThreadOptions } from "./simulate-modes.ts";

/** @throws InputError where options were given that a comparison has no use for. */
export function refuseWithAgainst(options: { readonly mode?: readonly unknown[]; readonly precision?: unknown }): void {
  const problem = (at: string, given: string, mend: string) => ({ at, given, expected: "not with --against", mend });
  const problems = [
    ...(options.precision === undefined
      ? []
      : [problem("--precision", "given", "say how often with --replications: the difference is what is looked for")]),
    ...((options.mode?.length ?? 1) > 1
      ? [problem("--mode", `${options.mode?.length} modes`, "name one; both scenarios are run in it")]
      : []),
  ];
  if (problems.length > 0) throw new InputError("Cannot run", problems);
}

/** @param first decides on seed and number of replications. @returns one result a scenario, fewer where it was ended early. */
export async function simulateAgainst(
  first: LoadedScenario,
  second: LoadedScenario,
  options: ThreadOptions,
): Promise<Omit<Simulated, "records">> {
  const scenarios = sharingLuck(first.scenario, second.scenario);
  const { results, records, complete } = await simulateModes(scenarios, null, options);
  const [a, b] = [first, second].flatMap(({ settings }, side) => {
    const result = results[side];
    return result === undefined
      ? []
      : [{ scenario: scenarios[side], records: records[side], result: { ...result, settings } }];
  });
  if (a === undefined || b === undefined) return { results: a === undefined ? [] : [a.result], complete };
  return { results: comparePaired(a, b), complete };
}
