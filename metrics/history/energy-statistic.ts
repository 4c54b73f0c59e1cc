// How unlike the two sides of a split are, for every place to split a stretch of a series: the energy distance of both sides, weighed
// by how many points they have. It sees any difference of distribution, not of means alone.
// Source: Matteson and James, "A Nonparametric Approach for Multiple Change Point Analysis of Multivariate Data" (2014), in the form
// of MongoDB's signal-processing-algorithms (energy_statistics.py). They hold all pairs of distances, which grows with the square of
// the points; here a Fenwick tree over the ranks adds up each point's distances to those before it: n log n.

import { assert } from "../../config/assert.ts";

/** A stretch made ready to be evaluated in any order of its points, its own or a shuffled one. */
export interface EnergyStretch {
  /** For each place in the series' own order, which value by size stands there, from 0; equal values have ranks of their own. */
  readonly ranks: Int32Array;
  /** By rank. */
  readonly values: Float64Array;
  /** By rank: the sum of distances to all others. */
  readonly distances: Float64Array;
  /** Counts and sums of those ranks that came already, a Fenwick tree of pairs. */
  readonly tree: Float64Array;
}

export interface EnergyPeak {
  /** How many points come before the split that tells the sides apart best. */
  readonly split: number;
  readonly statistic: number;
}

export function energyStretch(points: Float64Array): EnergyStretch {
  const size = points.length;
  const byValue = Int32Array.from(points, (_, place) => place).sort((a, b) => points[a]! - points[b]! || a - b);
  const ranks = new Int32Array(size);
  const values = new Float64Array(size);
  const distances = new Float64Array(size);
  let total = 0;
  for (let rank = 0; rank < size; rank++) {
    ranks[byValue[rank]!] = rank;
    values[rank] = points[byValue[rank]!]!;
    total += values[rank]!;
  }
  let below = 0;
  for (let rank = 0; rank < size; rank++) {
    const value = values[rank]!;
    distances[rank] = value * (2 * rank - size) - 2 * below + total;
    below += value;
  }
  return { ranks, values, distances, tree: new Float64Array(2 * (size + 1)) };
}

/**
 * @param order the ranks in the order of the points: those of the stretch, or shuffled.
 * @param leastSide points on either side, 1 or more; the stretch has twice as many at least.
 */
export function energyPeak(
  { values, distances, tree }: EnergyStretch,
  order: Int32Array,
  leastSide: number,
): EnergyPeak {
  const size = order.length;
  assert(leastSide >= 1 && size >= 2 * leastSide, "there is a place to split");
  tree.fill(0);
  let between = 0;
  let before = 0;
  let after = 0;
  for (let rank = 0; rank < size; rank++) after += distances[rank]! / 2;
  let sum = 0;
  let split = leastSide;
  let statistic = Number.NEGATIVE_INFINITY;
  for (let place = 0; place < size - leastSide; place++) {
    const rank = order[place]!;
    const value = values[rank]!;
    let countBelow = 0;
    let sumBelow = 0;
    for (let node = rank; node > 0; node &= node - 1) {
      countBelow += tree[2 * node]!;
      sumBelow += tree[2 * node + 1]!;
    }
    for (let node = rank + 1; node <= size; node += node & -node) {
      tree[2 * node]! += 1;
      tree[2 * node + 1]! += value;
    }
    const toEarlier = value * (2 * countBelow - place) - 2 * sumBelow + sum;
    const toLater = distances[rank]! - toEarlier;
    sum += value;
    between += toLater - toEarlier;
    before += toEarlier;
    after -= toLater;
    const left = place + 1;
    if (left < leastSide) continue;
    const right = size - left;
    const here =
      ((left * right) / size) *
      ((2 * between) / (left * right) - (2 * before) / (left * left) - (2 * after) / (right * right));
    if (here > statistic) {
      statistic = here;
      split = left;
    }
  }
  return { split, statistic };
}
