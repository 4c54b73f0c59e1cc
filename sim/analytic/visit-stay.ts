// A visit as a customer of M/G/∞: the chance that so long after its first request a session of it is stored. It has a closed form where
// think times are exponential and each request is followed by another with the same chance, because such a visit has no memory.

import { exp, expm1 } from "../../config/elementary.ts";
import type { Stay } from "./stay.ts";

export interface VisitWithoutMemory {
  /** Requests of a visit, geometric. */
  readonly requestsMean: number;
  /** Think times, exponential. */
  readonly thinkMeanMs: number;
}

export interface VisitStayInput extends VisitWithoutMemory {
  readonly timeoutMs: number;
  /** Removal lags behind the expiry by up to this, uniformly; 0 for the live sessions, which their users see. */
  readonly sweepMs: number;
}

/**
 * Requests come as a renewal process H that ends; a session is there at age u if the last request before lies no further back than
 * L = T + lag: ∫ (1 − qF(u − v)) dH(v) over v from u − L to u. That is 1 up to L and qF(L) e^(−(1 − q)μ(u − L)) from there on.
 * The area below it is the stored time of slidingSession.
 */
export function visitStay({ requestsMean, thinkMeanMs, timeoutMs, sweepMs }: VisitStayInput): Stay {
  const another = 1 - 1 / requestsMean;
  // Of the time from any request to the last of its visit, if it is not the last itself.
  const restMeanMs = thinkMeanMs * requestsMean;
  const lastMs = timeoutMs + sweepMs;
  /** qF(L) e^(−(u − L)/rest), averaged over L from the timeout to some limit no later than u: two exponentials in L. */
  const goesOn = (ageMs: number, limitMs: number) =>
    another *
    (meanExp(1 / restMeanMs, ageMs - limitMs, ageMs - timeoutMs) -
      exp(-ageMs / restMeanMs) * meanExp(another / thinkMeanMs, timeoutMs, limitMs));
  const comesBack = (limitMs: number) => another * (1 - meanExp(1 / thinkMeanMs, timeoutMs, limitMs));
  const below = (ageMs: number, limitMs: number) =>
    (timeoutMs + limitMs) / 2 + restMeanMs * (comesBack(limitMs) - goesOn(ageMs, limitMs));
  /** Over the lag: some removals lie ahead of this age, the others behind it. */
  const overLag = (ageMs: number, ahead: number, behind: (ageMs: number, limitMs: number) => number) => {
    if (ageMs <= timeoutMs) return ahead;
    if (ageMs >= lastMs) return behind(ageMs, lastMs);
    const done = (ageMs - timeoutMs) / sweepMs;
    return (1 - done) * ahead + done * behind(ageMs, ageMs);
  };
  return {
    meanMs: (timeoutMs + lastMs) / 2 + restMeanMs * comesBack(lastMs),
    tail: (ageMs) => overLag(ageMs, 1, goesOn),
    meanBelowMs: (ageMs) => overLag(ageMs, ageMs, below),
    breaksMs: [timeoutMs, lastMs],
  };
}

/** The mean of e^(−rate x) over a range. */
function meanExp(rate: number, from: number, to: number): number {
  const length = rate * (to - from);
  return exp(-rate * from) * (length === 0 ? 1 : -expm1(-length) / length);
}

/** @param ageMs at least 0. @returns the requests a visit has sent by that age, on average: 1 + (E[K] − 1)(1 − e^(−(1 − q)μu)). */
export function requestsByAge({ requestsMean, thinkMeanMs }: VisitWithoutMemory, ageMs: number): number {
  return 1 - (requestsMean - 1) * expm1(-ageMs / (thinkMeanMs * requestsMean));
}
