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

/**
 * @returns what a visit means for a store, on average; the mean over the lag by Simpson's rule.
 * Source: the renewal argument; each of the E[K] − 1 gaps holds its session for min(X, T + U), the last request for T + U.
 */
export function slidingSession(input: SlidingSessionInput): SlidingSession {
  const { requestsMean, thinkMs, timeoutMs, sweepMs, logoutShare, singleShare } = input;
  assert(requestsMean >= 1, "a visit has one request at least");
  const gaps = requestsMean - 1;
  const limitsMs = lagOf(timeoutMs, sweepMs);
  const tooLong = tooLongShare(input);
  const heldMs = simpson(limitsMs.map((limitMs) => lawMeanBelow(thinkMs, limitMs)));
  const left = 1 - logoutShare;
  return {
    sessionsPerVisit: 1 + gaps * tooLong - logoutShare * singleShare,
    storedMsPerVisit: gaps * heldMs + left * (timeoutMs + sweepMs / 2),
    liveMsPerVisit: gaps * lawMeanBelow(thinkMs, timeoutMs) + left * timeoutMs,
  };
}

/** Share of the gaps between two requests of a visit that are so long that the second finds no session. */
export function tooLongShare({
  thinkMs,
  timeoutMs,
  sweepMs,
  revives,
}: Pick<SlidingSessionInput, "thinkMs" | "timeoutMs" | "sweepMs" | "revives">): number {
  if (!revives) return 1 - lawCdf(thinkMs, timeoutMs);
  return simpson(lagOf(timeoutMs, sweepMs).map((limitMs) => 1 - lawCdf(thinkMs, limitMs)));
}

const PIECES = 200;

/** Moments from the timeout to the latest removal, at equal distances; one where nothing lags. */
function lagOf(timeoutMs: number, sweepMs: number): number[] {
  if (sweepMs === 0) return [timeoutMs];
  const lastMs = timeoutMs + sweepMs;
  return Array.from({ length: PIECES + 1 }, (_, i) => timeoutMs + ((lastMs - timeoutMs) * i) / PIECES);
}

/** The mean of a function by its values at equal distances, by Simpson's rule. */
function simpson(values: readonly number[]): number {
  if (values.length === 1) return values[0];
  const last = values.length - 1;
  let sum = values[0] + values[last];
  for (let i = 1; i < last; i++) sum += (i % 2 === 1 ? 4 : 2) * values[i];
  return sum / (3 * last);
}
