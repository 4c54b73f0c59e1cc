// Intervals: what a mean over independent repeats says about the truth.

import { assert } from "../config/assert.ts";
import { exp, log, log1p } from "../config/elementary.ts";
import type { Interval } from "./run-result.ts";

/** A confidence interval for the mean of independent values, from Student's t; null for fewer than two values. */
export function meanInterval(values: readonly number[], level: number, method: string): Interval | null {
  if (values.length < 2) return null;
  const mean = meanOf(values);
  const halfWidth = tQuantile(1 - (1 - level) / 2, values.length - 1) * Math.sqrt(varianceOf(values) / values.length);
  return { low: mean - halfWidth, high: mean + halfWidth, method };
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The middle value, or the mean of the two in the middle. @param values at least one, in any order. */
export function medianOf(values: readonly number[]): number {
  assert(values.length > 0, "there is a value to be the middle one");
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The sample variance, n − 1 below. */
export function varianceOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return values.reduce((sum, value) => sum + square(value - mean), 0) / (values.length - 1);
}

const square = (value: number) => value * value;

/** Student's t: the value that a variable with so many degrees of freedom stays under with chance `probability`. */
export function tQuantile(probability: number, degreesOfFreedom: number): number {
  assert(probability > 0 && probability < 1, "a probability lies between 0 and 1");
  assert(degreesOfFreedom >= 1, "there is at least one degree of freedom");
  if (probability < 0.5) return -tQuantile(1 - probability, degreesOfFreedom);
  let low = 0;
  let high = 1;
  while (tCdf(high, degreesOfFreedom) < probability) high *= 2;
  for (let step = 0; step < 200 && high - low > 1e-13 * high; step++) {
    const middle = (low + high) / 2;
    if (tCdf(middle, degreesOfFreedom) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Student's t: the chance of a value as far from 0 as t or farther, exact in its digits for small chances too. */
export function tTwoSided(t: number, degreesOfFreedom: number): number {
  assert(degreesOfFreedom >= 1, "there is at least one degree of freedom");
  return incompleteBeta(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 0.5);
}

function tCdf(t: number, degreesOfFreedom: number): number {
  const tail = incompleteBeta(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 0.5) / 2;
  return t >= 0 ? 1 - tail : tail;
}

/** The regularised incomplete beta function, by Lentz's continued fraction (Numerical Recipes, 6.4). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log1p(-x));
  if (x > (a + 1) / (a + b + 2)) return 1 - (front * betaFraction(1 - x, b, a)) / b;
  return (front * betaFraction(x, a, b)) / a;
}

function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const keep = (value: number) => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / keep(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / keep(1 + even * d);
    c = keep(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / keep(1 + odd * d);
    c = keep(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return fraction;
}

/** ln Γ(x) for x of one half and more, Lanczos with g = 7. */
export function logGamma(x: number): number {
  assert(x >= 0.5, "the series is for one half and more");
  let series = 0.9999999999998099;
  for (let i = 0; i < lanczos.length; i++) series += lanczos[i] / (x + i);
  const t = x + lanczos.length - 1.5;
  return 0.5 * log(2 * Math.PI) + (x - 0.5) * log(t) - t + log(series);
}

const lanczos = [
  676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
  -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
];
