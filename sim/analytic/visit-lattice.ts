// A visit by its age, as visit-stay.ts has it, for any law of the think time: the renewal equations that visits with a geometric number
// of requests obey, solved step by step on a lattice of ages. Each step of the law keeps its mass and its mean.

import type { Law } from "../../config/scenario.ts";
import { lawCdf, lawMeanBelow } from "../../workload/distributions.ts";

export interface VisitLatticeInput {
  /** Requests of a visit, geometric. */
  readonly requestsMean: number;
  readonly thinkMs: Law;
  readonly timeoutMs: number;
  /** Removal lags behind the expiry by up to this, uniformly. */
  readonly sweepMs: number;
  /** Ages up to this are asked for. */
  readonly untilMs: number;
  /** The work grows with their square. */
  readonly steps: number;
}

export interface VisitLattice {
  /** Time for which sessions of the visit were stored up to an age, ms. */
  readonly storedBelowMs: (ageMs: number) => number;
  /** Requests sent up to an age. */
  readonly requestsByAge: (ageMs: number) => number;
}

/**
 * With P(u) the stored time and R(u) the requests up to age u, and X the first think time:
 * P(u) = E[min(u, L)] − qE[(min(u, L) − X)⁺] + qE[P(u − X)], R(u) = 1 + qE[R(u − X)]; L = T + lag.
 * The error falls with the square of the steps.
 */
export function visitLattice(input: VisitLatticeInput): VisitLattice {
  const { requestsMean, timeoutMs, sweepMs, untilMs, steps } = input;
  const another = 1 - 1 / requestsMean;
  const stepMs = untilMs / steps;
  /** Before the next request: stored until it comes, or for L. */
  const first = (limitMs: number) => (1 - another) * limitMs + another * lawMeanBelow(input.thinkMs, limitMs);
  const ages = Array.from({ length: steps + 1 }, (_, n) => n * stepMs);
  const storedFirst = (ageMs: number) => {
    if (ageMs <= timeoutMs) return first(ageMs);
    const lastMs = Math.min(ageMs, timeoutMs + sweepMs);
    const ahead = sweepMs === 0 ? 0 : 1 - (lastMs - timeoutMs) / sweepMs;
    return ahead * first(ageMs) + (1 - ahead) * meanOver(first, timeoutMs, lastMs);
  };
  const stored = renewal(input, ages.map(storedFirst));
  const requests = renewal(
    input,
    ages.map(() => 1),
  );
  return {
    storedBelowMs: (ageMs) => between(stored, ageMs / stepMs),
    requestsByAge: (ageMs) => between(requests, ageMs / stepMs),
  };
}

/** G(u) = first(u) + qE[G(u − X)] at each step, G(u) = 0 for u below 0. @param first its values at the steps, from 0 on. */
function renewal({ requestsMean, thinkMs, untilMs, steps }: VisitLatticeInput, first: readonly number[]): Float64Array {
  const another = 1 - 1 / requestsMean;
  const stepMs = untilMs / steps;
  // The mass between two steps, parted among them so that its mean stays where it is.
  const nearer = new Float64Array(steps + 1);
  const farther = new Float64Array(steps + 1);
  let below = { share: 0, mean: 0, part: 0 };
  for (let k = 1; k <= steps; k++) {
    const ms = k * stepMs;
    const share = lawCdf(thinkMs, ms);
    const mean = lawMeanBelow(thinkMs, ms);
    // E[X; X ≤ ms].
    const part = mean - ms * (1 - share);
    const mass = share - below.share;
    const far = Math.min(mass, Math.max(0, (part - below.part - mass * (ms - stepMs)) / stepMs));
    farther[k] = far;
    nearer[k] = mass - far;
    below = { share, mean, part };
  }
  const values = new Float64Array(steps + 1);
  const own = 1 / (1 - another * nearer[1]);
  values[0] = first[0];
  for (let n = 1; n <= steps; n++) {
    let sum = farther[n] * values[0];
    for (let k = 1; k < n; k++) sum += (farther[k] + nearer[k + 1]) * values[n - k];
    values[n] = (first[n] + another * sum) * own;
  }
  return values;
}

/** Straight lines between the steps. */
function between(values: Float64Array, place: number): number {
  const step = Math.min(values.length - 2, Math.floor(place));
  return values[step] + (place - step) * (values[step + 1] - values[step]);
}

/** Over a short range, by Gauss's rule of three points. */
function meanOver(f: (x: number) => number, from: number, to: number): number {
  const middle = (from + to) / 2;
  const away = ((to - from) / 2) * Math.sqrt(0.6);
  return (5 * f(middle - away) + 8 * f(middle) + 5 * f(middle + away)) / 18;
}
