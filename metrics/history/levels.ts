// The levels of a series between its change points: where a step lies best, and how surely the levels on its two sides differ.

import { assert } from "../../config/assert.ts";
import { tTwoSided } from "../confidence.ts";

/** Fewer points than this are not a level: one or two may as well be outliers. */
export const LEAST_SIDE = 3;

/** Means that differ by less than this share of their size differ by rounding alone. */
const ROUNDING = 1e-12;

export interface SplitSquares {
  /** By split, from the first that leaves LEAST_SIDE points on its left: the squares that two means explain more than one. */
  readonly explained: Float64Array;
  /** Where most is explained, a place in `explained`; of as good ones the first. */
  readonly best: number;
  /** The squares left over there. */
  readonly unexplained: number;
}

/** What a step at each place would explain of the points from `from` to before `to`, twice LEAST_SIDE of them or more. */
export function explainedBySplit(points: Float64Array, from: number, to: number): SplitSquares {
  const size = to - from;
  assert(size >= 2 * LEAST_SIDE, "there is a place to split");
  const mean = meanBetween(points, from, to);
  const explained = new Float64Array(size - 2 * LEAST_SIDE + 1);
  // With the mean taken off, the two sums are each other's opposite.
  let sum = 0;
  let best = 0;
  for (let left = 1; left <= size - LEAST_SIDE; left++) {
    sum += points[from + left - 1]! - mean;
    if (left < LEAST_SIDE) continue;
    const place = left - LEAST_SIDE;
    explained[place] = (sum * sum * size) / (left * (size - left));
    if (explained[place]! > explained[best]!) best = place;
  }
  const index = from + LEAST_SIDE + best;
  const sides = [
    [from, index],
    [index, to],
  ] as const;
  const unexplained = sides.reduce((all, [a, b]) => all + squaresAbout(meanBetween(points, a, b), points, a, b), 0);
  return { explained, best, unexplained };
}

/**
 * Student's t between the points before and from `index`: the chance of so large a difference of means at a place chosen beforehand.
 * @returns 0 to 1; 1 where a side has too few points.
 */
export function studentPValue(
  points: Float64Array,
  from: number,
  index: number,
  to: number,
  pointsPerIndependent: number,
): number {
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
  return tTwoSided(
    difference / Math.sqrt(variance * pointsPerIndependent * (1 / left + 1 / right)),
    Math.max(1, degreesOfFreedom / pointsPerIndependent),
  );
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
