// Whether response times are distributed otherwise, apart from how long they are in the middle: a second mode, a longer tail. Each
// distribution is taken relative to its own median, so that a plain slow-down is not told twice.
//
// Between blocks it is a test by betting: the earlier blocks say at which point of the distribution the candidate is slowest against the
// base; the next block is asked there. Under "nothing changed" the sign of its answer is a fair coin like that of any other metric.
// Sources: Shekhar and Ramdas, Nonparametric two-sample testing by betting, IEEE Trans. Inf. Theory 70 (2024); the one-sided distance of
// Kolmogorov and Smirnov is what the answers tend to.

import { exp } from "../../config/elementary.ts";
import { createHistogram, type Histogram, recordedValues } from "../latency-histogram.ts";
import { RUNS_A_SIDE } from "./block-differences.ts";
import { evidenceAbove } from "./evidence.ts";

/** Where distributions are looked at: logarithms of value over median, from a seventh of it to 150 times. */
const FROM = -2;
const STEP = 0.04;
const POINTS = 176;

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

/** What the blocks of an interleaved comparison say of the shape. */
export interface ShapeOfBlocks {
  /**
   * One a block: the share of the requests by which the candidate is slower at the point where it was slowest, against the base, in the
   * blocks before. None for the first block, which was asked nowhere.
   */
  readonly differences: readonly number[];
  /** One a block, that share at every point. */
  readonly slower: readonly Curve[];
}

/**
 * @param base, candidate response times, one histogram a run in the order they ran, two of each a block. A block without responses is
 * left out.
 */
export function shapeOfBlocks(base: readonly Histogram[], candidate: readonly Histogram[]): ShapeOfBlocks {
  const past = new Float64Array(POINTS);
  const differences: number[] = [];
  const slower: Curve[] = [];
  for (let first = 0; first < base.length; first += RUNS_A_SIDE) {
    const [a, b] = [base, candidate].map((runs) => curveOf(together(runs.slice(first, first + RUNS_A_SIDE))));
    if (a === null || b === null) continue;
    // Where fewer of the candidate's requests are done, they are slower.
    const block = a.map((share, point) => share - b[point]);
    if (slower.length > 0) differences.push(block[slowest(past)]);
    slower.push(block);
    for (let point = 0; point < POINTS; point++) past[point] += block[point];
  }
  return { differences, slower };
}

function together(histograms: readonly Histogram[]): Histogram {
  const whole = createHistogram();
  for (const histogram of histograms) whole.add(histogram);
  return whole;
}

/** @param slower of which the largest is looked for. @returns its place. */
export function slowest(slower: Curve): number {
  let point = 0;
  for (let i = 1; i < POINTS; i++) if (slower[i] > slower[point]) point = i;
  return point;
}

/**
 * Evidence that the candidate is slower by `minimum` at no point. Were it so at some, then the bettor who bets against that at this
 * very point would be fair; so the poorest of them all is not richer than by chance.
 */
export function evidenceOfNoSlower(slower: readonly Curve[], minimum: number, enough: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let point = 0; point < POINTS && least >= 1; point++) {
    const capital = evidenceAbove(
      slower.map((block) => minimum - block[point]),
      enough,
    );
    least = Math.min(least, capital);
  }
  return least;
}
