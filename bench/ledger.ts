// The counters of a RunResult, put together from what the visitors saw and what each worker counted.

import { zeroCounters } from "../metrics/run-record.ts";
import type { Counters } from "../metrics/run-result.ts";
import type { VisitCounts } from "./drivers/journeys.ts";
import { zeroHostCounts } from "./host/counts.ts";
import type { WorkerRecord } from "./host/site.ts";

/** The state of all counts at one moment. */
export interface Tally {
  readonly counters: Counters;
  /** Sum over the sessions that ended, from start to removal, real time. */
  readonly lifetimesMs: number;
  /** Sessions stored × real time, added up. */
  readonly storedSessionMs: number;
  /** Processor time of all workers. */
  readonly hostCpuMs: number;
}

/** @param workers as last sampled; the sessions of a retired one are lost. */
export function tally(visits: VisitCounts, workers: readonly WorkerRecord[]): Tally {
  const counters = zeroCounters();
  let lifetimesMs = 0;
  let storedSessionMs = 0;
  let hostCpuMs = 0;
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
    for (const call of Object.keys(counts.storeCalls) as (keyof typeof counts.storeCalls)[]) {
      counters.storeCalls[call] += counts.storeCalls[call];
    }
    counters[retired ? "lost" : "stored"] += sample?.stored ?? 0;
    lifetimesMs += counts.lifetimesMs;
    storedSessionMs += storedSessionMsUntilRetired ?? counts.storedSessionMs;
    hostCpuMs += sample?.cpuMs ?? 0;
  }
  counters.visits = visits.visits;
  counters.requests = visits.requests;
  counters.completed = visits.completed;
  counters.failed = visits.failed;
  counters.failures = { ...visits.failures };
  counters.recycles = Math.max(0, workers.length - 1);
  return { counters, lifetimesMs, storedSessionMs, hostCpuMs };
}
