// How well a law agrees with what was counted. Each test answers with its statistic and the chance of one as large if the law held.

import { exp, log } from "../../config/elementary.ts";

export interface ChiSquareTest {
  readonly statistic: number;
  readonly degreesOfFreedom: number;
  /** The chance of a statistic at least as large, by the chi-square law. */
  readonly pValue: number;
}

/** Bins with fewer expected values are joined: below five, the chi-square law no longer describes the statistic. */
const EXPECTED_MIN = 5;
const BINS_MAX = 40;

/**
 * Pearson's test of counts in neighbouring bins against expected counts, for a law with parameters estimated from the same counts.
 * @returns null when too few bins are left to test anything.
 */
export function chiSquareTest(
  observed: readonly number[],
  expected: readonly number[],
  parameters: number,
): ChiSquareTest | null {
  const total = observed.reduce((sum, count) => sum + count, 0);
  const enough = Math.max(EXPECTED_MIN, total / BINS_MAX);
  const bins: { seen: number; due: number }[] = [];
  let seen = 0;
  let due = 0;
  for (let i = 0; i < observed.length; i++) {
    seen += observed[i];
    due += expected[i];
    if (due < enough) continue;
    bins.push({ seen, due });
    seen = 0;
    due = 0;
  }
  const last = bins.at(-1);
  if (last === undefined) return null;
  last.seen += seen;
  last.due += due;
  const degreesOfFreedom = bins.length - 1 - parameters;
  if (degreesOfFreedom < 1) return null;
  const statistic = bins.reduce((sum, bin) => sum + (bin.seen - bin.due) ** 2 / bin.due, 0);
  return { statistic, degreesOfFreedom, pValue: chiSquareUpper(statistic, degreesOfFreedom) };
}

export interface DispersionTest {
  /** Variance over mean of the counts: 1 for independent arrivals at a steady rate, above it when they come in clusters. */
  readonly index: number;
  readonly bins: number;
  /** Two-sided: the chance of an index as far from 1, either way. */
  readonly pValue: number;
}

/**
 * Are counts as irregular as a Poisson process of the expected rates makes them?
 * @param parameters how many rates were estimated from these counts.
 * @returns null when there are too few bins.
 */
export function dispersionTest(
  counts: readonly number[],
  expected: readonly number[],
  parameters: number,
): DispersionTest | null {
  const degreesOfFreedom = counts.length - parameters;
  if (degreesOfFreedom < 5) return null;
  let statistic = 0;
  for (let i = 0; i < counts.length; i++)
    if (expected[i] > 0) statistic += (counts[i] - expected[i]) ** 2 / expected[i];
  const upper = chiSquareUpper(statistic, degreesOfFreedom);
  return {
    index: statistic / degreesOfFreedom,
    bins: counts.length,
    pValue: Math.min(1, 2 * Math.min(upper, 1 - upper)),
  };
}

/** P(X ≥ x) for X chi-square with so many degrees of freedom. */
export function chiSquareUpper(x: number, degreesOfFreedom: number): number {
  return x <= 0 ? 1 : gammaUpper(degreesOfFreedom / 2, x / 2);
}

/** The regularised upper incomplete gamma function Q(a, x). Source: Numerical Recipes, 3rd edition, section 6.2. */
function gammaUpper(a: number, x: number): number {
  const scale = exp(a * log(x) - x - logGamma(a));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = a + 1; term > sum * 1e-15; n++) {
      term *= x / n;
      sum += term;
    }
    return Math.max(0, 1 - sum * scale);
  }
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let fraction = d;
  for (let i = 1; i < 100_000; i++) {
    const factor = -i * (i - a);
    b += 2;
    d = 1 / nonZero(factor * d + b, tiny);
    c = nonZero(b + factor / c, tiny);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return fraction * scale;
}

function nonZero(value: number, tiny: number): number {
  return Math.abs(value) < tiny ? tiny : value;
}

/** ln Γ(x) for x > 0, by Stirling's series after moving x up to at least 8. */
function logGamma(x: number): number {
  let shift = 0;
  let z = x;
  for (; z < 8; z++) shift += log(z);
  const inverse = 1 / (z * z);
  const series = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse / 1680))) / z;
  return (z - 0.5) * log(z) - z + 0.5 * log(2 * Math.PI) + series - shift;
}
