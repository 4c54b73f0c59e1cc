// A visit as a customer of M/G/∞: the chance that so long after its first request a session of it is stored. It has a closed form where
// think times are exponential and each request is followed by another with the same chance, because such a visit has no memory.

import { exp, expm1 } from "../../config/elementary.ts";
import { averageOver } from "./sliding-session.ts";
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
  const back = (limitMs: number) => -another * expm1(-limitMs / thinkMeanMs);
  const tail = (ageMs: number, limitMs: number) => back(limitMs) * exp(-(ageMs - limitMs) / restMeanMs);
  const below = (ageMs: number, limitMs: number) =>
    limitMs - back(limitMs) * restMeanMs * expm1(-(ageMs - limitMs) / restMeanMs);
  const lastMs = timeoutMs + sweepMs;
  /** Over the lag: some removals lie ahead of this age, the others behind it. */
  const overLag = (ageMs: number, ahead: number, behind: (limitMs: number) => number) => {
    if (ageMs <= timeoutMs) return ahead;
    if (ageMs >= lastMs) return averageOver(timeoutMs, lastMs, behind);
    const done = (ageMs - timeoutMs) / sweepMs;
    return (1 - done) * ahead + done * averageOver(timeoutMs, ageMs, behind);
  };
  return {
    meanMs: averageOver(timeoutMs, lastMs, (limitMs) => limitMs + back(limitMs) * restMeanMs),
    tail: (ageMs) => overLag(ageMs, 1, (limitMs) => tail(ageMs, limitMs)),
    meanBelowMs: (ageMs) => overLag(ageMs, ageMs, (limitMs) => below(ageMs, limitMs)),
    breaksMs: [timeoutMs, lastMs],
  };
}

/** @param ageMs at least 0. @returns the requests a visit has sent by that age, on average: 1 + (E[K] − 1)(1 − e^(−(1 − q)μu)). */
export function requestsByAge({ requestsMean, thinkMeanMs }: VisitWithoutMemory, ageMs: number): number {
  return 1 - (requestsMean - 1) * expm1(-ageMs / (thinkMeanMs * requestsMean));
}
