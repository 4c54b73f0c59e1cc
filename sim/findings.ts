// What makes the figures of a simulation doubtful, each with what helps: queues that only grow, a warm-up that was too short, a precision
// that was not reached.

import type { Scenario } from "../config/scenario.ts";
import type { RunRecord } from "../metrics/run-record.ts";
import type { PrecisionReached, RunResult } from "../metrics/run-result.ts";
import { settlingOf, startShows } from "../metrics/warm-up.ts";

export function findingsOf(
  scenario: Scenario,
  records: readonly RunRecord[],
  result: Pick<RunResult, "scenario" | "series" | "figures" | "complete">,
  precision: readonly PrecisionReached[],
): string[] {
  return [
    ...overloads(records),
    ...unfelt(scenario),
    ...shortWarmups(scenario, result),
    ...shortfalls(precision, records.length, result.complete),
  ];
}

/** Faults that only show where requests take time. */
function unfelt({ run, faults }: Scenario): string[] {
  if (run.fidelity !== "population") return [];
  const kinds = [...new Set(faults.map(({ kind }) => kind))].filter(
    (kind) => kind !== "recycle" && kind !== "rolling-deploy",
  );
  if (kinds.length === 0) return [];
  const losing = kinds.filter((kind) => kind.startsWith("kill")).join(", ");
  const rest = kinds.filter((kind) => !kind.startsWith("kill")).join(", ");
  return [
    ...(losing === "" ? [] : [`Of ${losing} only the loss of sessions is seen where requests take no time`]),
    ...(rest === "" ? [] : [`${rest} changes nothing where requests take no time`]),
  ].map((sentence) => `${sentence}: set run.fidelity to requests to see what fails, waits and comes again.`);
}

const figureOfColumn = { stored: "storedSessionsMean", live: "liveSessionsMean" } as const;

/** Means in which the empty start still shows, with what helps. */
function shortWarmups(
  { run }: Scenario,
  { scenario, series, figures }: Pick<RunResult, "scenario" | "series" | "figures">,
): string[] {
  const showing = settlingOf(scenario, series).filter((settling) => {
    const figure = figures.find(({ key }) => key === figureOfColumn[settling.column]);
    return startShows(settling, run.warmupMs, figure?.interval);
  });
  const minutes = (ms: number) => Number((ms / 60_000).toPrecision(3));
  return showing.slice(0, 1).map(({ column, settledAtMs, meanChosen, meanSettled }) => {
    const shift = meanSettled / meanChosen - 1;
    const apart = `${(Math.abs(shift) * 100).toFixed(1)} % ${shift > 0 ? "higher" : "lower"}`;
    return settledAtMs === null
      ? `The ${column} sessions do not settle within the first half of the run (MSER-5); the second half has a mean ${apart} than the figures after ${minutes(run.warmupMs)} min of warm-up. Set run.durationMinutes higher, and run.warmupMinutes to a third of it.`
      : `The warm-up of ${minutes(run.warmupMs)} min is too short: the ${column} sessions settle after ${minutes(settledAtMs)} min (MSER-5), and from there their mean is ${apart}. Set run.warmupMinutes to ${Math.ceil(settledAtMs / 60_000)} or more.`;
  });
}

/** What was asked of the precision and not reached, with what helps. */
function shortfalls(precision: readonly PrecisionReached[], replications: number, complete: boolean): string[] {
  const say = (share: number) => `±${Number((share * 100).toPrecision(2))} %`;
  return precision.flatMap(({ figure, asked, reached }) => {
    if (reached !== null && reached <= asked) return [];
    const wanted = `Asked for ${figure} to ${say(asked)}`;
    const after = `after ${replications} replications`;
    if (!complete) return [`${wanted}: cut short ${after}${reached === null ? "" : `, at ${say(reached)}`}.`];
    return reached === null
      ? [`${wanted}: it is 0 or unknown ${after}, and no share of that can be told.`]
      : [`${wanted}, reached ${say(reached)} ${after}: allow more of them, or make the run longer.`];
  });
}

/** Above this a queue has grown, or would have in a longer run: its figures describe the length of the run. */
const SATURATED = 0.98;

function overloads(records: readonly RunRecord[]): string[] {
  const highest = (of: (record: RunRecord) => number | null) => Math.max(...records.map((record) => of(record) ?? 0));
  const say = (share: number) => `${(share * 100).toFixed(1)} %`;
  const cores = highest((record) => record.observations.coreUtilisation);
  const store = highest((record) => record.observations.storeUtilisation);
  return [
    ...(cores > SATURATED
      ? [`The web cores are overloaded (${say(cores)} busy): latencies depend on the run's length.`]
      : []),
    ...(store > SATURATED
      ? [`The store is overloaded (${say(store)} busy): latencies depend on the run's length.`]
      : []),
  ];
}
