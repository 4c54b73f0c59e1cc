// A time that is made of independent pieces, each drawn from a law of the scenario: its moments. Cumulants of sums add up, which moments
// do not, so pieces are turned into those and the whole back again.

import { exp } from "../../config/elementary.ts";
import type { Law } from "../../config/scenario.ts";
import { lawMean, lawQuantile } from "../../workload/distributions.ts";

/** A law, so many times over. */
export interface Piece {
  readonly law: Law;
  readonly times: number;
}

/** E[X], E[X²], E[X³]; Infinity where the law has none. */
export interface Moments {
  readonly mean: number;
  readonly square: number;
  readonly cube: number;
}

/** Milliseconds and their powers. @param pieces independent of each other; none is a time of 0. */
export function momentsOfSum(pieces: readonly Piece[]): Moments {
  let mean = 0;
  let variance = 0;
  let third = 0;
  for (const { law, times } of pieces) {
    const one = lawMoments(law);
    mean += times * one.mean;
    variance += times * times * Math.max(0, one.square - one.mean * one.mean);
    third += times * times * times * (one.cube - 3 * one.mean * one.square + 2 * one.mean * one.mean * one.mean);
  }
  if (!Number.isFinite(variance)) return { mean, square: variance, cube: Number.POSITIVE_INFINITY };
  return {
    mean,
    square: variance + mean * mean,
    cube: Number.isFinite(third) ? third + 3 * mean * variance + mean * mean * mean : Number.POSITIVE_INFINITY,
  };
}

/** Of one time or another, each with its share. */
export function momentsOfMixture(parts: readonly { readonly share: number; readonly moments: Moments }[]): Moments {
  const mixed = (of: (moments: Moments) => number) =>
    parts.reduce((sum, { share, moments }) => (share === 0 ? sum : sum + share * of(moments)), 0);
  return { mean: mixed((one) => one.mean), square: mixed((one) => one.square), cube: mixed((one) => one.cube) };
}

/** Steps of the quantiles where a law has no simple formula: cut ones. */
const STEPS = 4000;

/** Source: for the log-normal E[X^k] = E[X]^k e^(k(k − 1)σ²/2), for Pareto's a m^k/(a − k). */
export function lawMoments(law: Law): Moments {
  if ("max" in law && law.max !== undefined) return bySteps(law);
  switch (law.kind) {
    case "constant":
      return { mean: law.value, square: square(law.value), cube: cube(law.value) };
    case "exponential":
      return { mean: law.mean, square: 2 * square(law.mean), cube: 6 * cube(law.mean) };
    case "lognormal": {
      const spread = exp(law.sigma * law.sigma);
      return { mean: law.mean, square: square(law.mean) * spread, cube: cube(law.mean * spread) };
    }
    case "pareto": {
      const { min, shape } = law;
      const moment = (k: number, ofMin: number) =>
        shape <= k ? Number.POSITIVE_INFINITY : (shape * ofMin) / (shape - k);
      return { mean: lawMean(law), square: moment(2, square(min)), cube: moment(3, cube(min)) };
    }
    case "empirical":
      return ofStraightLines(law.quantiles);
  }
}

const square = (x: number) => x * x;
const cube = (x: number) => x * x * x;

function bySteps(law: Law): Moments {
  let squares = 0;
  let cubes = 0;
  for (let i = 0; i < STEPS; i++) {
    const value = lawQuantile(law, (i + 0.5) / STEPS);
    squares += square(value) / STEPS;
    cubes += cube(value) / STEPS;
  }
  return { mean: lawMean(law), square: squares, cube: cubes };
}

/** Each piece between two quantiles is uniform: E[X²] = (a² + ab + b²)/3, E[X³] = (a + b)(a² + b²)/4. */
function ofStraightLines(quantiles: readonly number[]): Moments {
  const ends = quantiles.length === 1 ? [quantiles[0], quantiles[0]] : quantiles;
  const pieces = ends.length - 1;
  let mean = 0;
  let squares = 0;
  let cubes = 0;
  for (let i = 0; i < pieces; i++) {
    const [a, b] = [ends[i], ends[i + 1]];
    mean += (a + b) / 2 / pieces;
    squares += (a * a + a * b + b * b) / 3 / pieces;
    cubes += ((a + b) * (a * a + b * b)) / 4 / pieces;
  }
  return { mean, square: squares, cube: cubes };
}
