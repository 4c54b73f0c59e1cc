// The closed form of a session with sliding expiry, for visitors whose think times X are drawn independently.
// A gap above the timeout T ends one session and the late request opens another; a removal that lags behind the expiry by U,
// uniform over one sweep interval d, holds each gap's session for min(X, T + U).

import { assert } from "../../config/assert.ts";
import type { Law } from "../../config/scenario.ts";
import { lawCdf, lawMeanBelow } from "../../workload/distributions.ts";

export interface SlidingSession {
  /** Sessions a visit opens, on average: 1 + (E[K] − 1) × P(X is too long), less those who come only to log out. */
  readonly sessionsPerVisit: number;
  /** Stored session-time of a visit, ms: (E[K] − 1) × E[min(X, T + U)] + T + d/2. */
  readonly storedMsPerVisit: number;
  /** The same without the lag of the removal: what the users see. */
  readonly liveMsPerVisit: number;
}

export interface SlidingSessionInput {
  readonly requestsMean: number;
  readonly thinkMs: Law;
  readonly timeoutMs: number;
  /** Interval of the sweep or the job; 0 where expired sessions are removed at the moment. */
  readonly sweepMs: number;
  /** An expired session that is still stored comes back to life at an access (SQLServer). */
  readonly revives: boolean;
  /** Share of visits whose last request abandons the session: they do not leave it to expire. */
  readonly logoutShare: number;
  /** Share of visits of one request. */
  readonly singleShare: number;
}

/** Below this a visit meets the cap once, as Erlang B wants it; who comes back late meets it again. */
export const SESSIONS_PER_VISIT_MAX = 1.001;

export function slidingSession(input: SlidingSessionInput): SlidingSession {
  const { requestsMean, thinkMs, timeoutMs, sweepMs, revives, logoutShare, singleShare } = input;
  assert(requestsMean >= 1, "a visit has one request at least");
  const gaps = requestsMean - 1;
  const overLag = (of: (limitMs: number) => number) => averageOver(timeoutMs, timeoutMs + sweepMs, of);
  const tooLong = revives ? overLag((limitMs) => 1 - lawCdf(thinkMs, limitMs)) : 1 - lawCdf(thinkMs, timeoutMs);
  const left = 1 - logoutShare;
  return {
    sessionsPerVisit: 1 + gaps * tooLong - logoutShare * singleShare,
    storedMsPerVisit: gaps * overLag((limitMs) => lawMeanBelow(thinkMs, limitMs)) + left * (timeoutMs + sweepMs / 2),
    liveMsPerVisit: gaps * lawMeanBelow(thinkMs, timeoutMs) + left * timeoutMs,
  };
}

/** Mean of a function over an interval, by Simpson's rule with 200 pieces. */
function averageOver(from: number, to: number, of: (x: number) => number): number {
  if (to === from) return of(from);
  const pieces = 200;
  let sum = of(from) + of(to);
  for (let i = 1; i < pieces; i++) sum += (i % 2 === 1 ? 4 : 2) * of(from + ((to - from) * i) / pieces);
  return sum / (3 * pieces);
}
