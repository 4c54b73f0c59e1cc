// Where the middle of some differences lies, and how sure that is: the mean of their middle half, which a few outliers do not move, and
// the percentile bootstrap over whole blocks or runs, since what was measured within one leans on each other.
// Source: Wilcox, Introduction to Robust Estimation and Hypothesis Testing, 4th ed., 4.4.

import { meanInterval } from "../confidence.ts";
import type { Interval } from "../estimate.ts";
import type { Random } from "../random-numbers.ts";

const RESAMPLES = 1_999;
const LEVEL = 0.95;
/** With fewer values, drawing from them again says nothing of the truth. */
export const RESAMPLED_MIN = 4;

/** The mean of the values between the quartiles. @param values at least one. */
export function middleOf(values: readonly number[]): number {
  return trimmedMean(Float64Array.from(values).sort());
}

function trimmedMean(sorted: Float64Array): number {
  const cut = Math.floor(sorted.length / 4);
  let sum = 0;
  for (let i = cut; i < sorted.length - cut; i++) sum += sorted[i];
  return sum / (sorted.length - 2 * cut);
}

/** With fewer values of one sample, a bootstrap's interval of 95 % held the truth in 86 to 92 of 100 trials; Student's t in 95. */
const ONE_SAMPLE_MIN = 8;

/** Of the middle of one sample; null for fewer than four values. @param what they are, in words: "13 blocks". */
export function middleInterval(values: readonly number[], random: Random, what: string): Interval | null {
  if (values.length < RESAMPLED_MIN) return null;
  if (values.length < ONE_SAMPLE_MIN) return meanInterval(values, LEVEL, `95 %, Student's t over ${what}`);
  return percentileInterval(() => middleOfResample(values, random), what);
}

/** Of middleOf(b) − middleOf(a), two samples that have nothing to do with each other; null where one has fewer than four. */
export function differenceInterval(
  a: readonly number[],
  b: readonly number[],
  random: Random,
  what: string,
): Interval | null {
  if (Math.min(a.length, b.length) < RESAMPLED_MIN) return null;
  return percentileInterval(() => middleOfResample(b, random) - middleOfResample(a, random), what);
}

/** @param draw one resample's answer. */
export function percentileInterval(draw: () => number, what: string, resamples = RESAMPLES): Interval {
  const answers = Float64Array.from({ length: resamples }, draw).sort();
  const tail = (1 - LEVEL) / 2;
  return {
    low: answers[Math.floor(tail * resamples)],
    high: answers[Math.ceil((1 - tail) * resamples) - 1],
    method: `95 %, bootstrap over ${what}`,
  };
}

function middleOfResample(values: readonly number[], random: Random): number {
  const drawn = new Float64Array(values.length);
  for (let i = 0; i < drawn.length; i++) drawn[i] = values[random.below(values.length)];
  return trimmedMean(drawn.sort());
}
