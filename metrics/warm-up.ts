// When a run that began empty has forgotten it. Two views of one series: MSER-5 names a moment, Welch's curve lets the eye judge.
// Sources: White, Simulation 69 (1997): MSER; White, Cobb and Spratt, WSC 2000: batches of 5. Welch, The statistical analysis of
// simulation results, in Computer Performance Modeling Handbook (1983); Law, Simulation Modeling and Analysis, 5th ed., 9.5.1.

import { meanOf } from "./confidence.ts";

/** MSER-5 speaks of means of so many consecutive values. */
const BATCH = 5;
const BATCHES_MIN = 10;

/**
 * MSER-5: the number of values to leave out at the start so that the mean of the rest has the smallest standard error.
 * @param values evenly spaced in time.
 * @returns a multiple of 5; null where it would leave out half of them or more, which means that the series has not settled, and
 *   for fewer than 50 values.
 */
export function mser5(values: readonly number[]): number | null {
  const count = Math.floor(values.length / BATCH);
  if (count < BATCHES_MIN) return null;
  const means = Array.from({ length: count }, (_, i) => meanOf(values.slice(i * BATCH, (i + 1) * BATCH)));
  // From the end backwards, mean and sum of squares grow by one value a step (Welford).
  let best = Number.POSITIVE_INFINITY;
  let cut = 0;
  let mean = 0;
  let squares = 0;
  for (let first = count - 1; first >= 0; first--) {
    const kept = count - first;
    const distance = means[first] - mean;
    mean += distance / kept;
    squares += distance * (means[first] - mean);
    // The last few are alike by chance.
    if (kept < BATCH) continue;
    const error = squares / (kept * kept);
    if (error <= best) {
      best = error;
      cut = first;
    }
  }
  return cut * 2 >= count ? null : cut * BATCH;
}

/**
 * Welch's curve: each value is the mean of itself and up to `window` neighbours on either side, near the start of as many as there
 * are; the last `window` places have no value.
 * @param values means over replications, evenly spaced in time.
 */
export function welchCurve(values: readonly number[], window: number): number[] {
  return Array.from({ length: Math.max(0, values.length - window) }, (_, i) => {
    const reach = Math.min(i, window);
    return meanOf(values.slice(i - reach, i + reach + 1));
  });
}
