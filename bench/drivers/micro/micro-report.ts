// From what was measured of each call to a study and its figures. A round is one observation: its calls share the moment, so that
// the interval of a mean is taken over the means of the rounds, not over single calls.

import { storeOperations } from "../../../config/scenario.ts";
import { meanInterval, meanOf } from "../../../metrics/confidence.ts";
import { percentileSupported } from "../../../metrics/latency-histogram.ts";
import type { Audit, Figure } from "../../../metrics/run-result.ts";
import type { MicroCall, MicroStudy } from "../../../metrics/study.ts";
import { valued } from "../../../metrics/study-figures.ts";
import type { MicroCell } from "./micro-gauge.ts";
import type { MicroFinds } from "./micro-rounds.ts";
import { operationsOf } from "./micro-turn.ts";

const KIB = 1024;
/** Rounds whose medians are further apart than this met another machine. */
const UNSTEADY = 2;
/** So many of the calls unsteady make the run doubtful. */
const UNSTEADY_SHARE_MAX = 0.25;

/** Calls by size, and of a size in the order of ASP.NET's contract; those that were never timed are left out. */
export function microStudy({ cells }: MicroFinds): MicroStudy {
  const calls = cells.flatMap((cell) => callOf(cell) ?? []);
  const place = ({ operation }: MicroCall) => storeOperations.indexOf(operation);
  return { kind: "micro", calls: calls.sort((a, b) => a.stateBytes - b.stateBytes || place(a) - place(b)) };
}

function callOf(cell: MicroCell): MicroCall | null {
  const rounds = cell.roundsSamplesMs.filter((samples) => samples.length > 0).map((samples) => sorted(samples));
  if (rounds.length === 0) return null;
  const all = sorted(cell.roundsSamplesMs.flat());
  const means = rounds.map((samples) => meanOf([...samples]));
  const single = cell.callsPerSample === 1;
  return {
    operation: cell.operation,
    stateBytes: cell.stateBytes,
    samples: all.length,
    callsPerSample: cell.callsPerSample,
    meanMs: {
      value: meanOf(means),
      interval: meanInterval(means, 0.95, `95 %, Student's t over ${means.length} rounds`),
    },
    p50Ms: quantile(all, 0.5),
    p99Ms: single && percentileSupported(all.length) >= 99 ? quantile(all, 0.99) : null,
    cpuMs: middle(cell.turnsCpuMs),
    allocatedBytes: middle(cell.turnsHeapBytes),
    externalBytes: middle(cell.turnsExternalBytes),
    roundsMedianMs: rounds.map((samples) => quantile(samples, 0.5)),
  };
}

/** The mean of the middle half: clocks and the allocator count in steps, between which a median would jump. null of none. */
function middle(turns: readonly number[]): number | null {
  if (turns.length === 0) return null;
  const quarter = Math.floor(turns.length / 4);
  return meanOf([...sorted(turns)].slice(quarter, turns.length - quarter));
}

function sorted(values: readonly number[]): Float64Array {
  return Float64Array.from(values).sort();
}

/** The smallest of the values that at least this share of them do not exceed. */
function quantile(ascending: Float64Array, share: number): number {
  return ascending[Math.max(0, Math.ceil(share * ascending.length) - 1)];
}

/** "micro.getItem.4096.meanMs": "getItem, 4 KiB, mean". What else is known of a call is in the study. */
export function microFigures({ calls }: MicroStudy): readonly Figure[] {
  return calls.map(({ operation, stateBytes, meanMs }) => ({
    key: `micro.${operation}.${stateBytes}.meanMs`,
    label: `${operation}, ${sizeName(stateBytes)}, mean`,
    unit: "ms",
    ...valued(meanMs),
  }));
}

function sizeName(bytes: number): string {
  if (bytes === 0) return "no state";
  if (bytes % (KIB * KIB) === 0) return `${bytes / KIB / KIB} MiB`;
  return bytes % KIB === 0 ? `${bytes / KIB} KiB` : `${bytes} bytes`;
}

/** @param complete all rounds were run. */
export function microAudit(
  finds: MicroFinds,
  study: MicroStudy,
  complete: boolean,
): Pick<Audit, "verdict" | "findings"> {
  const { failure } = finds;
  const unsteady = study.calls.filter(isUnsteady);
  const doubtful = !complete || unsteady.length > UNSTEADY_SHARE_MAX * study.calls.length;
  const findings = [
    ...(failure === null ? [] : [`The store failed in round ${finds.rounds + 1}: ${failure}`]),
    ...(complete || failure !== null ? [] : [`The run was cut short; the figures cover ${finds.rounds} whole rounds.`]),
    ...(unsteady.length > UNSTEADY_SHARE_MAX * study.calls.length
      ? [
          `Of ${study.calls.length} calls ${unsteady.length} took more than ${UNSTEADY} times as long in one round as in another: ` +
            "the machine had other work.",
        ]
      : []),
    ...[...finds.refusedSizes].map(([bytes, says]) => `Left out, ${sizeName(bytes)}: the store says "${says}"`),
    ...leftOut(finds),
    ...batched(study),
  ];
  return { verdict: failure !== null ? "invalid" : doubtful ? "doubtful" : "valid", findings };
}

/** Of the rounds but the slowest and the fastest twentieth. */
function isUnsteady({ roundsMedianMs }: MicroCall): boolean {
  const medians = sorted(roundsMedianMs);
  return quantile(medians, 0.95) > UNSTEADY * quantile(medians, 0.05);
}

function leftOut({ subject }: MicroFinds): readonly string[] {
  const measured = operationsOf(subject.store);
  const missing = storeOperations.filter((operation) => !measured.includes(operation));
  if (missing.length === 0) return [];
  const { heldByClient } = subject.store.capabilities;
  const why = heldByClient ? "this provider keeps no sessions and has no locks" : "this provider has no locks";
  return [`Left out, because ${why}: ${missing.join(", ")}.`];
}

function batched({ calls }: MicroStudy): readonly string[] {
  const most = Math.max(1, ...calls.map(({ callsPerSample }) => callsPerSample));
  if (most === 1) return [];
  return [
    `Calls too short for the clock were timed up to ${most} at a time; of those p50 is of the means, and no p99 is given.`,
  ];
}
