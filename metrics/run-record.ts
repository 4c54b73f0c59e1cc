// What one pass through a scenario leaves behind, before it is summed up: the same for a replication of the simulation and for a
// bench run. summarise.ts makes a RunResult of one or more of these.

import { type StoreOperation, storeOperations } from "../config/scenario.ts";
import type { ResponseInterval } from "./interval-histograms.ts";
import type { Histogram } from "./latency-histogram.ts";
import type { Counters, FaultRecord, TimeSeries } from "./run-result.ts";

/** What only the world that ran it can know; null where it cannot. Means are over the part after the warm-up. */
export interface Observations {
  readonly storedSessionsMean: number | null;
  readonly storedSessionsMax: number | null;
  readonly liveSessionsMean: number | null;
  /** Of sessions removed after the warm-up, from start to removal, scenario time. */
  readonly sessionLifetimeMeanMs: number | null;
  readonly memoryMeanBytes: number | null;
  readonly memoryMaxBytes: number | null;
  /** Busy share of the web cores. */
  readonly coreUtilisation: number | null;
  /** Busy share of the store. */
  readonly storeUtilisation: number | null;
}

export const histogramNames = ["response", "service", "lockWait", "startLag"] as const;
export type HistogramName = (typeof histogramNames)[number];

export interface RunRecord {
  /** From the very start: these obey the laws of conservation. */
  readonly counters: Counters;
  /** After the warm-up only. */
  readonly measured: Counters;
  /** Length of the measured part, scenario time. */
  readonly measuredMs: number;
  readonly endedAtMs: number;
  readonly observations: Observations;
  readonly series: TimeSeries;
  /** Of requests that started after the warm-up. */
  readonly histograms: Readonly<Partial<Record<HistogramName, Histogram>>>;
  /** The response times again, by when the request was due; the same stretches in every record of a run. */
  readonly responseIntervals: readonly ResponseInterval[];
  readonly faults: readonly FaultRecord[];
}

export type MutableCounters = {
  -readonly [K in keyof Counters]: Counters[K] extends number ? number : Record<string, number>;
};

/** Of a run that nobody saw from inside. */
export const nothingObserved: Observations = {
  storedSessionsMean: null,
  storedSessionsMax: null,
  liveSessionsMean: null,
  sessionLifetimeMeanMs: null,
  memoryMeanBytes: null,
  memoryMaxBytes: null,
  coreUtilisation: null,
  storeUtilisation: null,
};

export function zeroCounters(): MutableCounters & { storeCalls: Record<StoreOperation, number> } {
  return {
    visits: 0,
    arrivals: 0,
    started: 0,
    refused: 0,
    stored: 0,
    expired: 0,
    abandoned: 0,
    lost: 0,
    revived: 0,
    requests: 0,
    completed: 0,
    failed: 0,
    failures: {},
    storeCalls: zeroStoreCalls(),
    lockWaits: 0,
    lockPolls: 0,
    lockBreaks: 0,
    lostUpdates: 0,
    recycles: 0,
  };
}

export function zeroStoreCalls(): Record<StoreOperation, number> {
  return {
    getItem: 0,
    getItemExclusive: 0,
    setAndReleaseItemExclusive: 0,
    releaseItemExclusive: 0,
    removeItem: 0,
    resetItemTimeout: 0,
    createUninitializedItem: 0,
  };
}

/** a − b, field by field; `stored` is a level, not a flow, and stays that of a. */
export function subtractCounters(a: Counters, b: Counters): Counters {
  return { ...combine(a, b, -1), stored: a.stored };
}

export function addCounters(a: Counters, b: Counters): Counters {
  return combine(a, b, 1);
}

function combine(a: Counters, b: Counters, sign: 1 | -1): Counters {
  const result = zeroCounters();
  for (const key of Object.keys(result) as (keyof Counters)[]) {
    if (key === "failures") {
      for (const kind of [...new Set([...Object.keys(a.failures), ...Object.keys(b.failures)])].sort()) {
        const count = (a.failures[kind] ?? 0) + sign * (b.failures[kind] ?? 0);
        if (count !== 0) result.failures[kind] = count;
      }
    } else if (key === "storeCalls") {
      for (const call of storeOperations) result.storeCalls[call] = a.storeCalls[call] + sign * b.storeCalls[call];
    } else {
      result[key] = a[key] + sign * b[key];
    }
  }
  return result;
}
