// The record of a replication that nothing happened in but what a test says.

import { createHistogram, recordMs } from "../../metrics/latency-histogram.ts";
import { nothingObserved, type RunRecord, zeroCounters } from "../../metrics/run-record.ts";
import type { Counters } from "../../metrics/run-result.ts";

export interface Happened {
  readonly storedSessionsMean?: number | null;
  readonly responsesMs?: Iterable<number>;
  readonly measured?: Partial<Counters>;
}

export function recordOf({ storedSessionsMean = null, responsesMs, measured = {} }: Happened): RunRecord {
  const response = responsesMs === undefined ? undefined : createHistogram(1000);
  for (const ms of responsesMs ?? []) recordMs(response!, ms);
  return {
    counters: zeroCounters(),
    measured: { ...zeroCounters(), ...measured },
    measuredMs: 1000,
    endedAtMs: 1000,
    observations: { ...nothingObserved, storedSessionsMean },
    series: { atMs: [], columns: {} },
    histograms: response === undefined ? {} : { response },
    responseIntervals: [],
    faults: [],
  };
}
