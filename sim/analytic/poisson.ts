// The Poisson law for any mean, without factorials that overflow or sums that cancel. Erlang's formulas are ratios of its terms, and
// the number of customers in a system without a limit follows it.

import { exp, log, log1p } from "../../config/elementary.ts";
import { load, requireAll, shareBelowOne, whole } from "./arguments.ts";
import { leastWhole } from "./search.ts";

/** @returns P(N = n), 0 where it is too small for a double. @throws InputError for n below 0 or a mean outside 0 to 1e12. */
export function poissonPmf(n: number, mean: number): number {
  requireAll("the Poisson law", [whole("n", n), load("mean", mean)]);
  return term(n, mean);
}

/** @returns P(N ≤ n). @throws InputError as poissonPmf. */
export function poissonCdf(n: number, mean: number): number {
  requireAll("the Poisson law", [whole("n", n), load("mean", mean)]);
  return n < mean ? term(n, mean) * (1 + sumBelow(n, mean)) : 1 - term(n, mean) * sumAbove(n, mean);
}

/** @returns the least n with P(N ≤ n) ≥ probability. @throws InputError for a probability not from 0 to below 1. */
export function poissonQuantile(probability: number, mean: number): number {
  requireAll("the Poisson law", [shareBelowOne("probability", probability), load("mean", mean)]);
  return leastWhole(0, (n) => poissonCdf(n, mean) >= probability);
}

/**
 * P(N ≤ n) / P(N = n), which is one over Erlang's B. Terms fall from n downwards where n is below the mean, and from n upwards where
 * it is above; about nine times the root of the mean of them count.
 */
export function poissonShareInverse(n: number, mean: number): number {
  return n <= mean ? 1 + sumBelow(n, mean) : 1 / term(n, mean) - sumAbove(n, mean);
}

/** P(N < n) / P(N = n) = n/a + n(n−1)/a² + … */
function sumBelow(n: number, mean: number): number {
  let sum = 0;
  let part = 1;
  for (let k = n; k > 0 && part > sum * 1e-17; k--) {
    part *= k / mean;
    sum += part;
  }
  return sum;
}

/** P(N > n) / P(N = n) = a/(n+1) + a²/((n+1)(n+2)) + … */
function sumAbove(n: number, mean: number): number {
  let sum = 0;
  let part = 1;
  for (let k = n + 1; part > sum * 1e-17; k++) {
    part *= mean / k;
    sum += part;
  }
  return sum;
}

/** Source: C. Loader, Fast and accurate computation of binomial probabilities, 2000: Stirling's formula, its errors worked out apart. */
function term(n: number, mean: number): number {
  if (mean === 0) return n === 0 ? 1 : 0;
  if (n === 0) return exp(-mean);
  return exp(-stirlingError(n) - deviance(n, mean)) / Math.sqrt(2 * Math.PI * n);
}

/** n ln(n/a) + a − n, without cancellation where the two are near each other. */
function deviance(n: number, mean: number): number {
  const away = (n - mean) / (n + mean);
  if (Math.abs(away) >= 0.1) return n * log(n / mean) + mean - n;
  let sum = (n - mean) * away;
  let part = 2 * n * away;
  for (let j = 3; ; j += 2) {
    part *= away * away;
    const next = sum + part / j;
    if (next === sum) return sum;
    sum = next;
  }
}

/** ln n! − ln(√(2πn) (n/e)ⁿ): the Stirling series where it is exact in a double's digits, the sum itself for small n. */
function stirlingError(n: number): number {
  if (n <= 15) return smallStirlingErrors[n];
  const square = n * n;
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) / n;
}

const smallStirlingErrors = Array.from({ length: 16 }, (_, n) => {
  if (n === 0) return 0;
  // ln(n! eⁿ / nⁿ) as a sum of small parts: each step from k to k + 1 adds 1 − k ln(1 + 1/k).
  let sum = 1;
  for (let k = 1; k < n; k++) sum += 1 - k * log1p(1 / k);
  return sum - log(2 * Math.PI * n) / 2;
});
