// What one machine's noise does to each metric when both sides are the same program: the smallest effect that can be decided there.

import type { DriverName } from "../run-result.ts";
import type { MetricRule } from "./comparison.ts";

export const NOISE_SCHEMA = "sessionlab.noise/1";

export interface NoiseFloor {
  readonly key: string;
  readonly label: string;
  readonly unit: string;
  readonly scale: MetricRule["scale"];
  /** The smallest effect that `blocks` blocks find in 95 of 100 comparisons, in that scale. */
  readonly floor: number;
  /** Standard deviation of what one block says of the effect, and of single runs around their middle; logarithms where relative. */
  readonly blockDeviation: number;
  readonly runDeviation: number;
  /** What each block said, above 0 worse, on the scale in which effects add up. */
  readonly blockDifferences: readonly number[];
}

export interface NoiseFloors {
  readonly schema: typeof NOISE_SCHEMA;
  /** As machineOf says it. */
  readonly machine: string;
  readonly driver: DriverName;
  readonly scenario: string;
  /** Of the results: site and store. */
  readonly label: string;
  readonly measuredAt: string;
  /** What one of these runs took: longer runs have less noise. Absent where nobody said. */
  readonly runSeconds?: number;
  /** Of A/A, four runs each. */
  readonly blocks: number;
  readonly floors: readonly NoiseFloor[];
}
