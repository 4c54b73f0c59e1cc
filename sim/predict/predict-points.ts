// The size of many scenarios over threads that each run a whole one, before any runs.

import { InputError } from "../../config/problem.ts";
import type { Scenario } from "../../config/scenario.ts";
import { leastReplications, ROUND_MAX } from "../replication-plan.ts";
import { predictMemory } from "./predict-memory.ts";
import { predictReplication } from "./predict-replication.ts";
import { describeSize, predictRun, type RunLimits, type RunSize } from "./predict-run.ts";

const THREAD_BYTES = 60e6;

/** @returns of all together; the bytes with the largest of them in every thread. */
export function predictPoints(scenarios: readonly Scenario[], threads: number): RunSize {
  const sizes = scenarios.map((scenario) => predictRun(scenario, 1));
  const sum = (of: (size: RunSize) => number) => sizes.reduce((total, size) => total + of(size), 0);
  const replications = sum((size) => size.replications);
  const sideBySide = Math.max(1, Math.min(threads, replications));
  const whole = sizes.reduce((most, { bytes }) => Math.max(most, bytes), 0);
  const point = scenarios.reduce((most, scenario) => Math.max(most, pointBytes(scenario)), 0);
  return {
    replications,
    events: sum(({ events }) => events),
    seconds: sum(({ seconds }) => seconds) / sideBySide,
    bytes: whole + (sideBySide - 1) * point + sideBySide * THREAD_BYTES,
  };
}

/** One replication under way, and the records of those before it. */
function pointBytes(scenario: Scenario): number {
  const { runningBytes, keptBytes, roundBytes } = predictMemory(scenario, predictReplication(scenario));
  const replications = leastReplications(scenario.run);
  return runningBytes + replications * keptBytes + Math.min(replications, ROUND_MAX) * roundBytes;
}

/** @throws InputError where they would take longer, or more memory, than there is. */
export function refuseOversizedPoints(
  scenarios: readonly Scenario[],
  threads: number,
  { bytesMax, secondsMax }: RunLimits,
): void {
  const size = predictPoints(scenarios, threads);
  const given = `about ${describeSize(size)}, for ${scenarios.length} points of ${size.replications} replications in all`;
  const most = describeSize({ ...size, bytes: bytesMax, seconds: secondsMax }).split(", ");
  const problems = [];
  if (!(size.bytes <= bytesMax)) {
    const mend = "give --workers 1, a smaller scenario, or raise --memory-limit";
    problems.push({ at: "the memory it would need", given, expected: `at most ${most[2]}`, mend });
  }
  if (!(size.seconds <= secondsMax)) {
    const mend = "give fewer values or replications, --fidelity population, or raise --time-limit";
    problems.push({ at: "the time it would take", given, expected: `at most ${most[1]}`, mend });
  }
  if (problems.length > 0) throw new InputError("Cannot sweep", problems);
}
