// Whether response times are distributed otherwise, apart from how long they are in the middle: a second mode, a longer tail. Each
// distribution is taken relative to its own median, so that a plain slow-down is not told twice.
//
// Between blocks it is a test by betting: the earlier blocks say where the two distributions lie furthest apart, and in which
// direction; the next block is asked there. Under "nothing changed" the sign of its answer is a fair coin like that of any other metric.
// Sources: Shekhar and Ramdas, Nonparametric two-sample testing by betting, IEEE Trans. Inf. Theory 70 (2024); Kolmogorov and Smirnov's
// distance is what the answers add up to.

import { exp } from "../../config/elementary.ts";
import { createHistogram, type Histogram, recordedValues } from "../latency-histogram.ts";
import { RUNS_A_SIDE } from "./block-differences.ts";

/** Where distributions are looked at: logarithms of value over median, from a seventh of it to 150 times. */
const FROM = -2;
const STEP = 0.04;
const POINTS = 176;
const MIDDLE = Math.round(-FROM / STEP);

/** The share of the values up to each of the points. */
export type Curve = Float64Array;

/** null for an empty histogram. */
export function curveOf(histogram: Histogram): Curve | null {
  if (histogram.totalCount === 0) return null;
  const values = recordedValues(histogram);
  const medianUs = Math.max(1, histogram.getValueAtPercentile(50));
  const curve = new Float64Array(POINTS);
  let next = 0;
  let count = 0;
  for (let point = 0; point < POINTS; point++) {
    const limitUs = medianUs * exp(FROM + point * STEP);
    while (next < values.length && values[next].us <= limitUs) count += values[next++].count;
    curve[point] = count / histogram.totalCount;
  }
  return curve;
}

/**
 * @param base, candidate response times, one histogram a run in the order they ran, two of each a block.
 * @returns one a block: how far the candidate's distribution lies off the base's where it was furthest off in the blocks before, as a
 * share of the requests; above 0 where it is the slower half that has moved away. None for the first block, which was asked nowhere, nor
 * for one without responses: a 0 there would speak for "no worse".
 */
export function shapeDifferences(base: readonly Histogram[], candidate: readonly Histogram[]): readonly number[] {
  const past = new Float64Array(POINTS);
  const differences: number[] = [];
  let blocksBefore = 0;
  for (let first = 0; first < base.length; first += RUNS_A_SIDE) {
    const [a, b] = [base, candidate].map((runs) => curveOf(together(runs.slice(first, first + RUNS_A_SIDE))));
    if (a === null || b === null) continue;
    if (blocksBefore > 0) {
      const { point, sign } = furthest(past);
      const turn = sign * (isSlower(past) ? 1 : -1);
      differences.push(turn * (b[point] - a[point]));
    }
    blocksBefore++;
    for (let i = 0; i < POINTS; i++) past[i] += b[i] - a[i];
  }
  return differences;
}

export function together(histograms: readonly Histogram[]): Histogram {
  const whole = createHistogram();
  for (const histogram of histograms) whole.add(histogram);
  return whole;
}

/** Where a difference of two curves is largest, and which way. */
export function furthest(difference: Curve): { readonly point: number; readonly sign: 1 | -1 } {
  let point = 0;
  for (let i = 1; i < POINTS; i++) if (Math.abs(difference[i]) > Math.abs(difference[point])) point = i;
  return { point, sign: difference[point] < 0 ? -1 : 1 };
}

/** Above the median fewer values lie below any point: the slow ones have become slower. @param difference candidate − base. */
export function isSlower(difference: Curve): boolean {
  let sum = 0;
  for (let i = MIDDLE; i < POINTS; i++) sum += difference[i];
  return sum < 0;
}
