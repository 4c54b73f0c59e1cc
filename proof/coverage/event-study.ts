// Requests that fail, each by itself and with a small chance: so few that Student's t alone would not do.

import { estimateFigure } from "../../metrics/estimate-figure.ts";
import { nothingObserved, type RunRecord, zeroCounters } from "../../metrics/run-record.ts";
import { negativeLog } from "../../workload/exponential.ts";
import { createStream, type Stream } from "../../workload/random-stream.ts";
import { yardstickScenario } from "../yardstick.ts";
import { type CoverageStudy, kindNamed } from "./coverage-study.ts";

const REPLICATIONS = 5;
const REQUESTS = 20_000;
const EXPECTED = [10, 100];

export const eventStudy: CoverageStudy = {
  name: "Requests failed",
  subjects: EXPECTED.map((expected) => ({
    what: `${expected} expected, each by itself, ${REPLICATIONS} replications`,
    truth: expected / (REPLICATIONS * REQUESTS),
    unit: "share",
  })),
  repeat: (seed) =>
    EXPECTED.map((expected) => {
      const stream = createStream(seed, `failing ${expected}`);
      const records = Array.from({ length: REPLICATIONS }, () => recordOf(failuresOf(expected / REPLICATIONS, stream)));
      return estimateFigure(kindNamed("failedShare"), anyScenario, records, {}).interval;
    }),
  cost: 0.1,
};

const anyScenario = yardstickScenario();

/** Each of the requests fails with the same chance: the gaps between failures are geometric. */
function failuresOf(expected: number, stream: Stream): number {
  const gap = () => Math.floor(negativeLog(stream.nextBits()) / -Math.log1p(-expected / REQUESTS)) + 1;
  let failed = 0;
  for (let at = gap(); at <= REQUESTS; at += gap()) failed++;
  return failed;
}

function recordOf(failed: number): RunRecord {
  return {
    counters: zeroCounters(),
    measured: { ...zeroCounters(), requests: REQUESTS, completed: REQUESTS - failed, failed },
    measuredMs: 0,
    endedAtMs: 0,
    observations: nothingObserved,
    series: { atMs: [], columns: {} },
    histograms: {},
    responseIntervals: [],
    faults: [],
  };
}
