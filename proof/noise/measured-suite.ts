// A suite whose noise is that of a real machine, as far as two deviations of each metric tell it: how far single runs lie apart, and how
// far blocks do, which are less where the machine's slow changes strike all runs of a block alike.

import { exp } from "../../config/elementary.ts";
import type { NoiseFloor } from "../../metrics/compare/noise-floors.ts";
import { createStream, replicationSeed } from "../../workload/random-stream.ts";
import { autoregression } from "./noise-kinds.ts";
import { studentT } from "./random-laws.ts";
import type { Suite } from "./suite.ts";

export type MetricNoise = Pick<NoiseFloor, "key" | "scale" | "runDeviation" | "blockDeviation">;

/** Of a machine's slow changes, from run to run. */
const SLOW = 0.98;
/**
 * Of Student's t with 3 degrees of freedom. When runs scatter like that the middle difference of blocks is a little more than half their
 * deviation; as measured here it was half, and would be two thirds if they were normal.
 */
const T3_VARIANCE = 3;
/** In logarithms: a run a thousand times as slow as it should be would have been given up. */
const NOISE_MOST = 7;
/** Where effects are differences, so that noise adds up: a share. */
const MIDDLE_SHARE = 0.5;

/** The middle of every metric is 1, or one half where its effects are differences. */
export function createMeasuredSuite(noise: readonly MetricNoise[], seed: number): Suite {
  const metrics = noise.map(({ scale, runDeviation, blockDeviation }, place) => {
    const stream = createStream(replicationSeed(seed, place + 1), "measured noise");
    // The mean of two runs less that of two others varies as one run does, if none leans on another.
    const slowly = autoregression(Math.sqrt(Math.max(0, runDeviation ** 2 - blockDeviation ** 2)), SLOW, stream);
    const quickly = blockDeviation / Math.sqrt(T3_VARIANCE);
    return () => {
      const deviation = Math.min(NOISE_MOST, Math.max(-NOISE_MOST, slowly() + quickly * studentT(stream, 3)));
      return scale === "absolute" ? MIDDLE_SHARE + deviation : exp(deviation);
    };
  });
  return { keys: noise.map(({ key }) => key), run: () => metrics.map((measure) => measure()) };
}
