// The levels of a series between its change points: where a step lies best, and how surely the levels on its two sides differ.

import { assert } from "../../config/assert.ts";
import { tTwoSided } from "../confidence.ts";

/** Fewer points than this are not a level: one or two may as well be outliers. */
export const LEAST_SIDE = 3;

/** Means that differ by less than this share of their size differ by rounding alone. */
const ROUNDING = 1e-12;

/** The split of points from `from` to before `to` whose two means leave the least squares; of as good ones the first. */
export function bestSplit(points: Float64Array, from: number, to: number): number {
  const size = to - from;
  assert(size >= 2 * LEAST_SIDE, "there is a place to split");
  let total = 0;
  for (let place = from; place < to; place++) total += points[place]!;
  const mean = total / size;
  // With the mean taken off, the squares explained by a split after `left` points are the sum so far, squared, by the product of both counts.
  let sum = 0;
  let best = -1;
  let index = from + LEAST_SIDE;
  for (let left = 1; left <= size - LEAST_SIDE; left++) {
    sum += points[from + left - 1]! - mean;
    if (left < LEAST_SIDE) continue;
    const explained = (sum * sum) / (left * (size - left));
    if (explained > best) {
      best = explained;
      index = from + left;
    }
  }
  return index;
}

/**
 * Student's t between the points before and from `index`: the chance of so large a difference of means at a place chosen beforehand.
 * @returns 0 to 1; 1 where a side has too few points.
 */
export function studentPValue(points: Float64Array, from: number, index: number, to: number): number {
  const left = index - from;
  const right = to - index;
  if (left < LEAST_SIDE || right < LEAST_SIDE) return 1;
  const before = meanBetween(points, from, index);
  const after = meanBetween(points, index, to);
  const difference = Math.abs(after - before);
  if (difference <= ROUNDING * Math.max(Math.abs(before), Math.abs(after))) return 1;
  const degreesOfFreedom = left + right - 2;
  const variance =
    (squaresAbout(before, points, from, index) + squaresAbout(after, points, index, to)) / degreesOfFreedom;
  if (variance === 0) return 0;
  return tTwoSided(difference / Math.sqrt(variance * (1 / left + 1 / right)), degreesOfFreedom);
}

export function meanBetween(points: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let place = from; place < to; place++) sum += points[place]!;
  return sum / (to - from);
}

function squaresAbout(mean: number, points: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let place = from; place < to; place++) sum += (points[place]! - mean) * (points[place]! - mean);
  return sum;
}
