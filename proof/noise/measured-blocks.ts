// Blocks of a comparison whose noise is that of a real machine: those that it was measured to have when both sides were alike, drawn again
// and again, all metrics of a block together, so that they hang together as they did. Alike sides may as well have been the other way
// round, so a coin gives the sign.

import type { NoiseFloor } from "../../metrics/compare/noise-floors.ts";
import { createRandom } from "../../metrics/random-numbers.ts";

/** @returns what the next block says of each metric, above 0 worse. */
export function createMeasuredBlocks(
  noise: readonly Pick<NoiseFloor, "blockDifferences">[],
  seed: number,
): () => readonly number[] {
  const random = createRandom(seed);
  const blocks = Math.min(...noise.map(({ blockDifferences }) => blockDifferences.length));
  return () => {
    const block = random.below(blocks);
    const sign = random.below(2) === 0 ? 1 : -1;
    return noise.map(({ blockDifferences }) => sign * blockDifferences[block]!);
  };
}
