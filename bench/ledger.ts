// The counters of a RunResult, put together from what the visitors saw and what each worker counted.

import { zeroCounters } from "../metrics/run-record.ts";
import type { Counters } from "../metrics/run-result.ts";
import type { VisitCounts } from "./drivers/journeys/journey-record.ts";
import { zeroHostCounts } from "./host/counts.ts";
import type { WorkerRecord } from "./host/process/site.ts";
import type { StoreState } from "./store-watch.ts";

/** The state of all counts at one moment. */
export interface Tally {
  readonly counters: Counters;
  /** Sum over the sessions that ended, from start to removal, real time; null where the store does not tell. */
  readonly lifetimesMs: number | null;
  /** Sessions stored × real time, added up; null where samples have to do. */
  readonly storedSessionMs: number | null;
  /** Processor time of all workers; null where they share a process with the generator. */
  readonly hostCpuMs: number | null;
}

/**
 * @param workers as last sampled; the sessions that a retired one kept itself are lost.
 * @param store as last counted; null where the workers keep the sessions themselves.
 */
export function tally(visits: VisitCounts, workers: readonly WorkerRecord[], store: StoreState | null): Tally {
  const counters = zeroCounters();
  let lifetimesMs = 0;
  let storedSessionMs = 0;
  let hostCpuMs: number | null = 0;
  for (const { sample, retired, storedSessionMsUntilRetired } of workers) {
    const counts = sample?.counts ?? zeroHostCounts();
    counters.arrivals += counts.arrivals;
    counters.started += counts.started;
    counters.refused += counts.refused;
    counters.expired += counts.expired;
    counters.abandoned += counts.abandoned;
    counters.lockWaits += counts.lockWaits;
    counters.lockPolls += counts.lockPolls;
    counters.lockBreaks += counts.lockBreaks;
    counters.lostUpdates += counts.lostUpdates;
    for (const call of Object.keys(counts.storeCalls) as (keyof typeof counts.storeCalls)[]) {
      counters.storeCalls[call] += counts.storeCalls[call];
    }
    if (retired) counters.lost += lostWith(sample, store);
    else counters.stored += sample?.stored ?? 0;
    lifetimesMs += counts.lifetimesMs;
    storedSessionMs += storedSessionMsUntilRetired ?? counts.storedSessionMs;
    if (sample !== null) hostCpuMs = hostCpuMs === null || sample.cpuMs === null ? null : hostCpuMs + sample.cpuMs;
  }
  counters.visits = visits.visits;
  counters.requests = visits.requests;
  counters.completed = visits.completed;
  counters.failed = visits.failed;
  counters.failures = { ...visits.failures };
  counters.recycles = Math.max(0, workers.length - 1);
  if (store === null) return { counters, lifetimesMs, storedSessionMs, hostCpuMs };
  settle(counters, store);
  const allDeleted = counters.abandoned === 0 && counters.lost === 0 ? store.deletedLifetimesMs : null;
  return { counters, lifetimesMs: allDeleted, storedSessionMs: null, hostCpuMs };
}

/** A provider in the worker may keep what has expired until it is asked for it: that had ended, and is not lost. */
function lostWith(sample: WorkerRecord["sample"], store: StoreState | null): number {
  if (sample === null) return 0;
  return (store === null ? sample.stored : (sample.live ?? sample.stored)) ?? 0;
}

/**
 * Out of process the workers know what started and what was abandoned, the store what is stored; what is neither stored, abandoned
 * nor lost has expired. Workers and store are asked a moment apart, so a level may be ahead of the counts by what lies between.
 */
function settle(counters: ReturnType<typeof zeroCounters>, store: StoreState): void {
  const ended = counters.started - counters.abandoned;
  const { stored, lost } = store.ofEachWorker ? counters : store;
  counters.lost = Math.min(lost, ended);
  counters.stored = Math.min(Math.max(0, stored ?? ended), ended - counters.lost);
  counters.expired = ended - counters.lost - counters.stored;
}
