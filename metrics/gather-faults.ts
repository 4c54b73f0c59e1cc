// What faults did in several replications, as one record a fault: means over them, so that a report of many shows what one run of the
// site would have met. A single replication's records stay as they are.

import { meanOf } from "./confidence.ts";
import type { RunRecord } from "./run-record.ts";
import type { FaultRecord, FaultTimeline } from "./run-result.ts";

/**
 * @returns a record for each fault that struck in every replication. Counts are means over replications, and so seldom whole; the
 * recovery is the mean, or null where one replication had not recovered; of a timeline, counts are means and the slowest response is
 * the slowest of all, as far as every replication has one.
 */
export function gatherFaults(records: readonly Pick<RunRecord, "faults">[]): readonly FaultRecord[] {
  const [first, ...others] = records;
  if (first === undefined || others.length === 0) return first?.faults ?? [];
  return first.faults.flatMap((fault, place) => {
    const sames = others.flatMap(({ faults }) => {
      const same = faults[place];
      return same?.kind === fault.kind && same.atMs === fault.atMs ? [same] : [];
    });
    return sames.length === others.length ? [meanFault([fault, ...sames])] : [];
  });
}

function meanFault(faults: readonly FaultRecord[]): FaultRecord {
  const { kind, atMs, downMs } = faults[0]!;
  const failures: Record<string, number> = {};
  const kinds = new Set(faults.flatMap((fault) => Object.keys(fault.failures)));
  for (const failure of [...kinds].sort())
    failures[failure] = meanOf(faults.map((fault) => fault.failures[failure] ?? 0));
  const timelines = faults.flatMap(({ timeline }) => timeline ?? []);
  return {
    kind,
    atMs,
    downMs,
    recoveryMs: meanOfKnown(faults.map(({ recoveryMs }) => recoveryMs)),
    sessionsLost: meanOfKnown(faults.map(({ sessionsLost }) => sessionsLost)),
    failures,
    ...(timelines.length === faults.length ? { timeline: meanTimeline(timelines) } : {}),
  };
}

function meanOfKnown(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === values.length ? meanOf(known) : null;
}

/** They begin at the same moment, and the step of each is a power of two times that of a slot. */
function meanTimeline(timelines: readonly FaultTimeline[]): FaultTimeline {
  const stepMs = Math.max(...timelines.map((timeline) => timeline.stepMs));
  const alike = timelines.map((timeline) => coarsened(timeline, stepMs));
  const length = Math.min(...alike.map(({ completed }) => completed.length));
  const steps = Array.from({ length }, (_, step) => step);
  return {
    fromMs: timelines[0]!.fromMs,
    stepMs,
    completed: steps.map((step) => meanOf(alike.map(({ completed }) => completed[step]!))),
    failed: steps.map((step) => meanOf(alike.map(({ failed }) => failed[step]!))),
    slowestMs: steps.map((step) => slowestOf(alike.map(({ slowestMs }) => slowestMs[step] ?? null))),
  };
}

function slowestOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}

/** @returns the timeline in longer steps; what would fill no whole step is left out. */
function coarsened(timeline: FaultTimeline, stepMs: number): FaultTimeline {
  const ratio = stepMs / timeline.stepMs;
  if (ratio === 1) return timeline;
  const steps = Array.from({ length: Math.floor(timeline.completed.length / ratio) }, (_, step) => step * ratio);
  const sums = (values: readonly number[]) =>
    steps.map((from) => values.slice(from, from + ratio).reduce((total, value) => total + value, 0));
  return {
    fromMs: timeline.fromMs,
    stepMs,
    completed: sums(timeline.completed),
    failed: sums(timeline.failed),
    slowestMs: steps.map((from) => slowestOf(timeline.slowestMs.slice(from, from + ratio))),
  };
}
