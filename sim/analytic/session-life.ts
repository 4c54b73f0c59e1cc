// What becomes of one session with sliding expiry, taken from among all that visitors open: how many requests it serves, how long it is
// live and how much that varies, and whether it ended while its visitor was still thinking.

import { assert } from "../../config/assert.ts";
import type { CountLaw, Law } from "../../config/scenario.ts";
import { countMean, lawCdf, lawMeanBelow } from "../../workload/distributions.ts";
import { positive, requireAll } from "./arguments.ts";
import { lawSquareBelow } from "./second-moment.ts";

export interface SessionLifeInput {
  readonly requestsPerVisit: CountLaw;
  /** From one request to the next. */
  readonly thinkMs: Law;
  readonly timeoutMs: number;
}

export interface SessionLife {
  /** Sessions a visit opens: 1 + (E[K] − 1)(1 − F(T)). */
  readonly sessionsPerVisit: number;
  /** Requests a session serves: 1 + E[M]. With a geometric K this is 1/(1 − s), s = qF(T). */
  readonly requestsMean: number;
  readonly requestsVariance: number;
  /** From the first request to the expiry: T + E[M] E[Y]. With a geometric K this is T + qm/(1 − s), m = E[X; X < T]. */
  readonly lifetimeMeanMs: number;
  /** ms²: E[M] Var(Y) + Var(M) E[Y]². */
  readonly lifetimeVarianceMs2: number;
  /** Share of sessions that expire while their visitor is still to come back. With a geometric K this is q(1 − F)/(1 − qF). */
  readonly endedInGapShare: number;
}

/**
 * Think times are independent, and a late request opens another session. A session goes on for M think times Y that are not above
 * the timeout T, then waits for one in vain. Where expired sessions are found by a scan every d, they are stored for d/2 longer on average.
 * @throws InputError for a timeout not above 0.
 * Source: the renewal argument; for the moments of M, the run of short gaps at the end of a visit, step by step.
 */
export function sessionLife({ requestsPerVisit, thinkMs, timeoutMs }: SessionLifeInput): SessionLife {
  requireAll("a sliding session", [positive("timeoutMs", timeoutMs)]);
  const gapsMean = countMean(requestsPerVisit) - 1;
  assert(gapsMean >= 0, "a visit has one request at least");
  const short = lawCdf(thinkMs, timeoutMs);
  const long = 1 - short;
  const sessionsPerVisit = 1 + gapsMean * long;
  const meanM = (gapsMean * short) / sessionsPerVisit;
  const squareM = squaresPerVisit(requestsPerVisit, short) / sessionsPerVisit;
  const varianceM = Math.max(0, squareM - meanM * meanM);
  const meanY = short === 0 ? 0 : (lawMeanBelow(thinkMs, timeoutMs) - timeoutMs * long) / short;
  const squareY = short === 0 ? 0 : (lawSquareBelow(thinkMs, timeoutMs) - timeoutMs * timeoutMs * long) / short;
  const varianceY = Math.max(0, squareY - meanY * meanY);
  return {
    sessionsPerVisit,
    requestsMean: 1 + meanM,
    requestsVariance: varianceM,
    lifetimeMeanMs: timeoutMs + meanM * meanY,
    lifetimeVarianceMs2: meanM * varianceY + varianceM * meanY * meanY,
    endedInGapShare: (gapsMean * long) / sessionsPerVisit,
  };
}

/** E[ΣM²] over the sessions of a visit. */
function squaresPerVisit(law: CountLaw, short: number): number {
  if (law.kind === "fixed") return squaresOf(law.value - 1, short);
  if (law.kind === "geometric") {
    // Every session, wherever in a visit, is as long as any other: M is geometric with s, and E[M²] = s(1 + s)/(1 − s)².
    const another = 1 - 1 / law.mean;
    const s = another * short;
    return ((1 + (law.mean - 1) * (1 - short)) * s * (1 + s)) / ((1 - s) * (1 - s));
  }
  const total = law.weights.reduce((sum, weight) => sum + weight, 0);
  return law.values.reduce((sum, value, i) => sum + (law.weights[i] / total) * squaresOf(value - 1, short), 0);
}

/** Each short gap makes a run of j into one of j + 1, which adds 2j + 1 to the squares; a long one begins at 0 again. */
function squaresOf(gaps: number, short: number): number {
  let squares = 0;
  let runMean = 0;
  for (let gap = 0; gap < gaps; gap++) {
    squares += short * (2 * runMean + 1);
    runMean = short * (runMean + 1);
  }
  return squares;
}
