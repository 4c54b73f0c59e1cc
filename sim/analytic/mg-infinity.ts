// M/G/∞ and M_t/G/∞: room for all, so nobody waits and each stays as long as he likes. How many are there at a moment follows the
// Poisson law (poisson.ts), whatever the law of the stay and however the rate of arrivals varies; only its mean has to be worked out.

import { InputError, type Problem } from "../../config/problem.ts";
import type { Arrivals } from "../../config/scenario.ts";
import { notNegative, positive, requireAll } from "./arguments.ts";
import { moments, type RatePiece, rateIn, ratePieces } from "./arrival-rate.ts";
import { type Integral, type IntegrateOptions, integrate } from "./quadrature.ts";
import type { Stay } from "./stay.ts";

/**
 * How many are there on average, when the first came at 0 at a steady rate.
 * @param atMs Infinity, or left out: in balance.
 * @throws InputError for a rate or a moment below 0.
 * Source: L. Takács, Introduction to the Theory of Queues, 1962, section 3.2: m(t) = λ ∫ P(S > u) du from 0 to t.
 */
export function mgInfinityMean(arrivalsPerSecond: number, stay: Stay, atMs = Number.POSITIVE_INFINITY): number {
  requireAll("M/G/∞", [
    notNegative("arrivalsPerSecond", arrivalsPerSecond),
    notNegative("atMs", atMs === Number.POSITIVE_INFINITY ? 0 : atMs),
  ]);
  const perMs = arrivalsPerSecond / 1000;
  return perMs * (atMs === Number.POSITIVE_INFINITY ? stay.meanMs : stay.meanBelowMs(atMs));
}

/**
 * How many are there on average at a moment, for any rate, nobody before 0.
 * @param perSecondAt arrivals a second at a moment in ms. @param options breaks: moments at which the rate jumps or bends.
 * @returns the mean, and how far off the quadrature may be.
 * @throws InputError for a moment below 0.
 * Source: S. G. Eick, W. A. Massey, W. Whitt, The physics of the M_t/G/∞ queue, Operations Research 41, 1993:
 * m(t) = ∫ λ(t − u) P(S > u) du from 0 to t.
 */
export function mtgInfinityMean(
  perSecondAt: (ms: number) => number,
  stay: Stay,
  atMs: number,
  { breaks = [], tolerance }: IntegrateOptions = {},
): Integral {
  requireAll("M_t/G/∞", [notNegative("atMs", atMs)]);
  const there = (ageMs: number) => (perSecondAt(atMs - ageMs) / 1000) * stay.tail(ageMs);
  const ages = [...breaks.map((ms) => atMs - ms), ...stay.breaksMs];
  return integrate(there, 0, atMs, { breaks: ages, tolerance });
}

/**
 * The same for the arrivals of a scenario. Of regular and traced arrivals the moments themselves count, and how many are there is
 * no longer Poisson, though its mean is right.
 * @throws InputError for a moment below 0, more than 1e7 regular arrivals before it, or more than 10,000 changes of the rate.
 */
export function meanOfArrivals(arrivals: Arrivals, stay: Stay, atMs: number): number {
  requireAll("M_t/G/∞", [notNegative("atMs", atMs)]);
  const known = moments(arrivals, atMs);
  if (known !== null) return known.reduce((sum, ms) => sum + (ms <= atMs ? stay.tail(atMs - ms) : 0), 0);
  const pieces = ratePieces(arrivals, atMs);
  if (pieces === null) throw new InputError("Cannot work out M_t/G/∞", [tooManyChanges]);
  return pieces.reduce((sum, piece) => sum + there(piece, stay, atMs), 0);
}

const tooManyChanges: Problem = {
  at: "the rate of arrivals",
  given: "changed more than 10000 times",
  expected: "fewer changes",
  mend: "ask for an earlier moment",
};

/** The mean of meanOfArrivals over a window of time; null as for windowSumOfArrivals. */
export function windowMeanOfArrivals(arrivals: Arrivals, stay: Stay, fromMs: number, toMs: number): number | null {
  const sum = windowSumOfArrivals(arrivals, stay.meanBelowMs, stay.breaksMs, fromMs, toMs);
  return sum === null ? null : sum / (toMs - fromMs);
}

/**
 * What all who come bring about in a window, on average.
 * @param byAge what one has brought about so long after he came; not asked below age 0, where it is nothing.
 * @param breaksMs ages at which that bends. @param tolerance of the quadrature, relative.
 * @returns null for regular and traced arrivals, and for a rate that changes more than 10,000 times.
 * @throws InputError for a window that does not lie after the start.
 */
export function windowSumOfArrivals(
  arrivals: Arrivals,
  byAge: (ageMs: number) => number,
  breaksMs: readonly number[],
  fromMs: number,
  toMs: number,
  tolerance?: number,
): number | null {
  if (moments(arrivals, 0) !== null) return null;
  requireAll("M_t/G/∞", [notNegative("fromMs", fromMs), positive("toMs − fromMs", toMs - fromMs)]);
  const breaks = [fromMs, ...breaksMs.flatMap((ageMs) => [fromMs - ageMs, toMs - ageMs])];
  const inside = (ms: number) => byAge(toMs - ms) - (ms < fromMs ? byAge(fromMs - ms) : 0);
  const pieces = ratePieces(arrivals, toMs);
  if (pieces === null) return null;
  return pieces.reduce((sum, piece) => {
    const f = (ms: number) => (rateIn(piece, ms) / 1000) * inside(ms);
    return sum + integrate(f, piece.fromMs, piece.toMs, { breaks, tolerance }).value;
  }, 0);
}

/** Those of one piece who are there: by parts, so that no more than the mean below an age is asked of the stay. */
function there(piece: RatePiece, stay: Stay, atMs: number): number {
  const { fromMs, toMs, fromPerSecond, toPerSecond } = piece;
  const ends = fromPerSecond * stay.meanBelowMs(atMs - fromMs) - toPerSecond * stay.meanBelowMs(atMs - toMs);
  if (fromPerSecond === toPerSecond) return ends / 1000;
  const slope = (toPerSecond - fromPerSecond) / (toMs - fromMs);
  const breaks = stay.breaksMs.map((ageMs) => atMs - ageMs);
  const rising = integrate((ms) => stay.meanBelowMs(atMs - ms), fromMs, toMs, { breaks }).value;
  return (ends + slope * rising) / 1000;
}
