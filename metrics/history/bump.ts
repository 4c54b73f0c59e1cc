// A level that came and went again, in any order of the points of a stretch: the run of points that lies farthest from the rest. A
// split of the stretch in two sees little of it, since both sides hold much the same; a slowdown that was mended after ten runs is one.
// Source: circular binary segmentation, Olshen, Venkatraman, Lucito and Wigler (Biostatistics 2004), with runs of lengths that grow
// by a fourth, of which the nearest to a true one overlaps it by nine tenths.

import { assert } from "../../config/assert.ts";
import { LEAST_SIDE } from "./levels.ts";

export interface Bump {
  /** Its first point, and the first after it; at least LEAST_SIDE points on either side. */
  readonly from: number;
  readonly to: number;
  readonly statistic: number;
}

/** Points of the shortest stretch with room for a level, another and the first again. */
export const BUMP_STRETCH_LEAST = 3 * LEAST_SIDE;

/** @param sums room for one more number than there are points, overwritten. */
export function highestBump(points: Float64Array, sums: Float64Array): Bump {
  const size = points.length;
  assert(size >= BUMP_STRETCH_LEAST && sums.length === size + 1, "there is room for a bump");
  let total = 0;
  for (let place = 0; place < size; place++) total += points[place]!;
  const mean = total / size;
  sums[0] = 0;
  for (let place = 0; place < size; place++) sums[place + 1] = sums[place]! + points[place]! - mean;
  let best: Bump = { from: LEAST_SIDE, to: 2 * LEAST_SIDE, statistic: Number.NEGATIVE_INFINITY };
  for (let length = LEAST_SIDE; length <= size - 2 * LEAST_SIDE; length += Math.max(1, length >> 2)) {
    let most = -1;
    let at = 0;
    for (let from = LEAST_SIDE; from <= size - length - LEAST_SIDE; from++) {
      const sum = sums[from + length]! - sums[from]!;
      if (sum * sum > most) {
        most = sum * sum;
        at = from;
      }
    }
    // The squares that a level of its own explains.
    const statistic = (most * size) / (length * (size - length));
    if (statistic > best.statistic) best = { from: at, to: at + length, statistic };
  }
  return best;
}
