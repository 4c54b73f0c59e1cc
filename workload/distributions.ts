// The laws of config/scenario.ts as numbers: draw by inversion, mean, distribution function. Inversion spends one uniform number a
// value and is monotone in it, so a longer think time in one configuration is a longer one in every other.

import { assert } from "../config/assert.ts";
import { exp, expm1, log, log1p, power } from "../config/elementary.ts";
import type { CountLaw, Law } from "../config/scenario.ts";
import { negativeLog } from "./exponential.ts";
import { type Bits, uniformOf } from "./random-stream.ts";

/** The value at probability `u` of 0 … 1, exclusive. */
export function lawQuantile(law: Law, u: number): number {
  switch (law.kind) {
    case "constant":
      return law.value;
    case "exponential":
      return atMost(-law.mean * log1p(-u), law.max);
    case "lognormal":
      return atMost(exp(log(law.mean) - (law.sigma * law.sigma) / 2 + law.sigma * normalQuantile(u)), law.max);
    case "pareto":
      return atMost(law.min * power(1 - u, -1 / law.shape), law.max);
    case "empirical": {
      const last = law.quantiles.length - 1;
      const place = u * last;
      const below = Math.min(Math.floor(place), last - 1);
      if (last === 0) return law.quantiles[0];
      return law.quantiles[below] + (place - below) * (law.quantiles[below + 1] - law.quantiles[below]);
    }
  }
}

/** Draws of a law by number of 32 bits, as a random stream gives them; what can be worked out beforehand is. */
export type Sampler = (bits: Bits) => number;

export function lawSampler(law: Law): Sampler {
  switch (law.kind) {
    case "constant":
      return () => law.value;
    case "exponential": {
      const { mean, max = Number.POSITIVE_INFINITY } = law;
      return (bits) => Math.min(mean * negativeLog(~bits >>> 0), max);
    }
    default:
      return (bits) => lawQuantile(law, uniformOf(bits));
  }
}

export function countSampler(law: CountLaw): Sampler {
  switch (law.kind) {
    case "fixed":
      return () => law.value;
    case "geometric": {
      if (law.mean === 1) return () => 1;
      const perStep = -1 / log1p(-1 / law.mean);
      return (bits) => 1 + Math.floor(negativeLog(~bits >>> 0) * perStep);
    }
    default:
      return (bits) => countQuantile(law, uniformOf(bits));
  }
}

/** P(X ≤ x). */
export function lawCdf(law: Law, x: number): number {
  if ("max" in law && law.max !== undefined && x >= law.max) return 1;
  switch (law.kind) {
    case "constant":
      return x >= law.value ? 1 : 0;
    case "exponential":
      return x <= 0 ? 0 : -expm1(-x / law.mean);
    case "lognormal":
      return x <= 0 ? 0 : normalCdf((log(x) - log(law.mean) + (law.sigma * law.sigma) / 2) / law.sigma);
    case "pareto":
      return x <= law.min ? 0 : 1 - power(law.min / x, law.shape);
    case "empirical":
      return empiricalCdf(law.quantiles, x);
  }
}

/** E[X]; Infinity for a Pareto law without a mean. */
export function lawMean(law: Law): number {
  return "max" in law && law.max !== undefined ? lawMeanBelow(law, law.max) : lawMeanUncut(law);
}

/** E[min(X, limit)], the part of a mean that lies below a timeout. */
export function lawMeanBelow(law: Law, limit: number): number {
  const cut = "max" in law && law.max !== undefined ? Math.min(limit, law.max) : limit;
  switch (law.kind) {
    case "constant":
      return Math.min(law.value, cut);
    case "exponential":
      return -law.mean * expm1(-cut / law.mean);
    case "lognormal": {
      if (cut <= 0) return cut;
      const z = (log(cut) - log(law.mean) + (law.sigma * law.sigma) / 2) / law.sigma;
      return law.mean * normalCdf(z - law.sigma) + cut * (1 - normalCdf(z));
    }
    case "pareto":
      if (cut <= law.min) return cut;
      if (law.shape === 1) return law.min * (1 + log(cut / law.min));
      return (law.min * (law.shape - power(law.min / cut, law.shape - 1))) / (law.shape - 1);
    case "empirical":
      return empiricalMeanBelow(law.quantiles, cut);
  }
}

/** A whole number of at least 1. */
export function countQuantile(law: CountLaw, u: number): number {
  switch (law.kind) {
    case "fixed":
      return law.value;
    case "geometric":
      return law.mean === 1 ? 1 : 1 + Math.floor(log1p(-u) / log1p(-1 / law.mean));
    case "empirical": {
      let left = u * law.weights.reduce((sum, weight) => sum + weight, 0);
      for (let i = 0; i < law.values.length; i++) {
        left -= law.weights[i];
        if (left < 0) return law.values[i];
      }
      return law.values[law.values.length - 1];
    }
  }
}

export function countMean(law: CountLaw): number {
  if (law.kind === "fixed") return law.value;
  if (law.kind === "geometric") return law.mean;
  const total = law.weights.reduce((sum, weight) => sum + weight, 0);
  return law.values.reduce((sum, value, i) => sum + value * law.weights[i], 0) / total;
}

function atMost(value: number, max: number | undefined): number {
  return max === undefined ? value : Math.min(value, max);
}

function lawMeanUncut(law: Law): number {
  switch (law.kind) {
    case "constant":
      return law.value;
    case "pareto":
      return law.shape <= 1 ? Number.POSITIVE_INFINITY : (law.min * law.shape) / (law.shape - 1);
    case "empirical":
      return empiricalMeanBelow(law.quantiles, Number.POSITIVE_INFINITY);
    default:
      return law.mean;
  }
}

function empiricalCdf(quantiles: readonly number[], x: number): number {
  const last = quantiles.length - 1;
  if (x < quantiles[0]) return 0;
  if (x >= quantiles[last]) return 1;
  let above = 1;
  while (quantiles[above] <= x) above++;
  const low = quantiles[above - 1];
  return (above - 1 + (x - low) / (quantiles[above] - low)) / last;
}

/** Each piece between two quantiles is uniform, so its mean below the limit is a sum of a trapezium and a strip. */
function empiricalMeanBelow(quantiles: readonly number[], limit: number): number {
  if (quantiles.length === 1) return Math.min(quantiles[0], limit);
  let sum = 0;
  for (let i = 1; i < quantiles.length; i++) {
    const low = quantiles[i - 1];
    const high = quantiles[i];
    if (high <= limit) sum += (low + high) / 2;
    else if (low >= limit) sum += limit;
    else sum += ((limit - low) / (high - low)) * ((low + limit) / 2) + ((high - limit) / (high - low)) * limit;
  }
  return sum / (quantiles.length - 1);
}

/** Φ(z), by the complementary error function of Numerical Recipes (erfccheb), relative error below 1.2e-7. */
export function normalCdf(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 2 / (2 + x);
  const ty = 4 * t - 2;
  let d = 0;
  let dd = 0;
  for (let j = erfcCoefficients.length - 1; j > 0; j--) {
    const previous = d;
    d = ty * d - dd + erfcCoefficients[j];
    dd = previous;
  }
  const upper = (t * exp(-x * x + 0.5 * (erfcCoefficients[0] + ty * d) - dd)) / 2;
  return z > 0 ? 1 - upper : upper;
}

// Chebyshev coefficients of erfc, from Numerical Recipes, 3rd edition, section 6.2.2: close to double precision.
const erfcCoefficients = [
  -1.3026537197817094, 0.6419697923564902, 1.9476473204185836e-2, -9.561514786808631e-3, -9.46595344482036e-4,
  3.66839497852761e-4, 4.2523324806907e-5, -2.0278578112534e-5, -1.624290004647e-6, 1.30365583558e-6, 1.5626441722e-8,
  -8.5238095915e-8, 6.529054439e-9, 5.059343495e-9, -9.91364156e-10, -2.27365122e-10, 9.6467911e-11, 2.394038e-12,
  -6.886027e-12, 8.94487e-13, 3.13092e-13, -1.12708e-13, 3.81e-16, 7.106e-15, -1.523e-15, -9.4e-17, 1.21e-16, -2.8e-17,
];

/** Φ⁻¹(u): Acklam's rational approximation, then one step of Halley's method with Φ. */
export function normalQuantile(u: number): number {
  assert(u > 0 && u < 1, "a probability lies between 0 and 1");
  const z = acklam(u);
  const error = (normalCdf(z) - u) * Math.sqrt(2 * Math.PI) * exp((z * z) / 2);
  return z - error / (1 + (z * error) / 2);
}

function acklam(u: number): number {
  const tail = 0.02425;
  if (u > 1 - tail) return -acklam(1 - u);
  if (u < tail) {
    const q = Math.sqrt(-2 * log(u));
    return (
      (((((-7.784894002430293e-3 * q - 3.223964580411365e-1) * q - 2.400758277161838) * q - 2.549732539343734) * q +
        4.374664141464968) *
        q +
        2.938163982698783) /
      ((((7.784695709041462e-3 * q + 3.224671290700398e-1) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1)
    );
  }
  const q = u - 0.5;
  const r = q * q;
  return (
    ((((((-3.969683028665376e1 * r + 2.209460984245205e2) * r - 2.759285104469687e2) * r + 1.38357751867269e2) * r -
      3.066479806614716e1) *
      r +
      2.506628277459239) *
      q) /
    (((((-5.447609879822406e1 * r + 1.615858368580409e2) * r - 1.556989798598866e2) * r + 6.680131188771972e1) * r -
      1.328068155288572e1) *
      r +
      1)
  );
}
