// M/M/1 at a load of 0.9 as a run of requests would record it: waits and response times that lean on each other for long, and a tail
// made of a few long queues. What is true of it is known in closed form.

import { batchMeansInterval } from "../../metrics/batch-means.ts";
import type { Interval } from "../../metrics/estimate.ts";
import { estimateFigure, poolHistograms } from "../../metrics/estimate-figure.ts";
import { createIntervalHistograms, wholeOf } from "../../metrics/interval-histograms.ts";
import { nothingObserved, type RunRecord, zeroCounters } from "../../metrics/run-record.ts";
import { replicationSeed } from "../../workload/random-stream.ts";
import { runMm1 } from "../mm1.ts";
import { yardstickScenario } from "../yardstick.ts";
import { type CoverageStudy, kindNamed } from "./coverage-study.ts";

const UTILISATION = 0.9;
const CUSTOMERS = 300_000;
/** Ten times as long as it takes to forget an empty start. */
const CUSTOMERS_WARMUP = 4000;
const WAIT_STRETCHES = 240;
const REPLICATIONS = 10;
const CUSTOMERS_REPLICATION = 30_000;
/** Of M/M/1 with mean service 1: the response is exponential with mean 1 / (1 − ρ). */
const RESPONSE_MEAN_MS = 1 / (1 - UTILISATION);
const RESPONSE_P99_MS = Math.log(100) * RESPONSE_MEAN_MS;

export const queueStudy: CoverageStudy = {
  name: "M/M/1 at 0.9",
  subjects: [
    { what: "mean wait, one run in batches", truth: UTILISATION * RESPONSE_MEAN_MS, unit: "ms" },
    { what: "mean response, one run", truth: RESPONSE_MEAN_MS, unit: "ms" },
    { what: "mean response, 10 replications", truth: RESPONSE_MEAN_MS, unit: "ms" },
    { what: "p99 of the response, 10 replications", truth: RESPONSE_P99_MS, unit: "ms" },
    { what: "p99 of the response, one run", truth: RESPONSE_P99_MS, unit: "ms" },
  ],
  repeat(seed) {
    const { record, waits } = queueRun(CUSTOMERS, seed);
    const several = Array.from({ length: REPLICATIONS }, (_, n) => {
      return queueRun(CUSTOMERS_REPLICATION, replicationSeed(seed, n + 1)).record;
    });
    return [
      batchMeansInterval(waits, 0.95),
      ofResponses("responseMeanMs", [record]),
      ofResponses("responseMeanMs", several),
      ofResponses("responseP99Ms", several),
      ofResponses("responseP99Ms", [record]),
    ];
  },
  cost: 330,
};

/** @returns the record of so many customers after the warm-up, and their mean waits by stretch. */
function queueRun(customers: number, seed: number): { record: RunRecord; waits: readonly number[] } {
  const responses = createIntervalHistograms(0, customers);
  const waitSums = new Array<number>(WAIT_STRETCHES).fill(0);
  const stretch = customers / WAIT_STRETCHES;
  let served = 0;
  runMm1({
    utilisation: UTILISATION,
    customers: CUSTOMERS_WARMUP + customers,
    seed,
    onServed(_nowMs, waitMs, responseMs) {
      const place = served++ - CUSTOMERS_WARMUP;
      if (place < 0) return;
      responses.record(place, responseMs);
      waitSums[Math.floor(place / stretch)]! += waitMs;
    },
  });
  const responseIntervals = responses.intervals();
  const record: RunRecord = {
    counters: zeroCounters(),
    measured: zeroCounters(),
    measuredMs: 0,
    endedAtMs: 0,
    observations: nothingObserved,
    series: { atMs: [], columns: {} },
    histograms: { response: wholeOf(responseIntervals) },
    responseIntervals,
    faults: [],
  };
  return { record, waits: waitSums.map((sum) => sum / stretch) };
}

const anyScenario = yardstickScenario();

function ofResponses(key: string, records: readonly RunRecord[]): Interval | null {
  return estimateFigure(kindNamed(key), anyScenario, records, poolHistograms(records)).interval;
}
