// A made-up suite of twelve metrics on a noisy machine: what a benchmark would see, run after run. Metrics of one family share most of
// their noise, as the percentiles of one histogram do.

import { exp } from "../../config/elementary.ts";
import { createStream, replicationSeed, type Stream } from "../../workload/random-stream.ts";
import { createNoise, type NoiseKind, noiseKinds } from "./noise-kinds.ts";
import { between, betweenByFactor, type Draw, oneOf } from "./random-laws.ts";

/** Keys as in results, whose rules say what a change of them means, and what they are about. */
const families: readonly (readonly { readonly key: string; readonly typical: number; readonly swing: number }[])[] = [
  [
    { key: "responseP50Ms", typical: 4, swing: 1 },
    { key: "responseP90Ms", typical: 9, swing: 1.5 },
    { key: "responseP99Ms", typical: 30, swing: 3 },
  ],
  [
    { key: "serviceP50Ms", typical: 3, swing: 1 },
    { key: "serviceP99Ms", typical: 20, swing: 3 },
  ],
  [
    { key: "micro.getItem.4096.p50Ms", typical: 2e-4, swing: 1 },
    { key: "micro.getItemExclusive.4096.p50Ms", typical: 3e-4, swing: 1 },
    { key: "micro.setAndReleaseItemExclusive.4096.p50Ms", typical: 3e-4, swing: 1.2 },
  ],
  [
    { key: "saturationRequestsPerSecond", typical: 5000, swing: 1 },
    { key: "saturationCpuMsPerRequest", typical: 0.2, swing: 0.5 },
  ],
  [
    { key: "memoryBytesPerSession", typical: 6000, swing: 0.3 },
    { key: "failedShare", typical: 0.02, swing: 1 },
  ],
];

export const suiteKeys: readonly string[] = families.flatMap((family) => family.map(({ key }) => key));

export interface Suite {
  readonly keys: readonly string[];
  /** @returns what the next run measures, one value a metric, all above 0. */
  run(): readonly number[];
}

/** Of a metric's noise, what its family shares. */
const SHARED = 0.7;
/** In logarithms: a run a thousand times as slow as it should be would have been given up. */
const NOISE_MOST = 7;

/** @param kind of all its noise; "mixed" draws kinds for each metric. */
export function createSuite(kind: NoiseKind, seed: number): Suite {
  const metrics = families.flatMap((family, place) => {
    const stream = createStream(replicationSeed(seed, place + 1), "family");
    const spread = betweenByFactor(stream, 0.003, 0.1);
    const common = shared(createNoise(kindOf(kind, stream), spread, stream));
    return family.map(({ typical, swing }) => {
      const own = createNoise(kindOf(kind, stream), spread * between(stream, 0.5, 1.5), stream);
      return (run: number) => {
        const noise = swing * (SHARED * common(run) + (1 - SHARED) * own());
        return typical * exp(Math.min(NOISE_MOST, Math.max(-NOISE_MOST, noise)));
      };
    });
  });
  let run = 0;
  return {
    keys: suiteKeys,
    run() {
      run++;
      return metrics.map((measure) => measure(run));
    },
  };
}

/** Metrics of a mixed suite differ in kind. */
function kindOf(kind: NoiseKind, stream: Stream): NoiseKind {
  return kind === "mixed" ? oneOf(stream, noiseKinds) : kind;
}

/** The same value for everybody who asks about the same run. */
function shared(noise: Draw): (run: number) => number {
  let last = { run: 0, value: 0 };
  return (run) => {
    if (run !== last.run) last = { run, value: noise() };
    return last.value;
  };
}
