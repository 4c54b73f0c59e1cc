// How a SQL provider rides out a fail-over of its database: sqlConnectionRetryInterval. The rule is ASP.NET's with its trap: what is
// looked at is the seconds component of the interval, so that 60 or 120 seconds, written in good faith, mean no retry at all.
// Source: .NET reference source, sqlstateclientmanager.cs (CanRetry, IsFatalSqlException).

import type { Clock } from "../../clock.ts";

const FIRST_SLEEP_MS = 5_000;
const SLEEP_MS = 1_000;

export interface RetryOptions {
  /** sqlConnectionRetryInterval as written, in milliseconds; 0: no retry, null: Infinite. */
  readonly connectionRetryMs: number | null;
  /** Length of a minute of the scenario; the interval and the sleeps are shortened with it. */
  readonly minuteMs: number;
  /** The trap; false: every interval above 0 counts. */
  readonly secondsComponentOnly?: boolean;
  /** Whether the trouble may pass: the connection broke, the database cannot be opened just now, the command timed out. */
  readonly isRetriable: (error: unknown) => boolean;
  /** Drops pooled connections, which may all be dead. Called once for any number of callers in trouble at the same time. */
  readonly clearPool: () => Promise<void>;
  readonly clock: Clock;
  readonly delay: (ms: number) => Promise<unknown>;
}

/** Makes the call, and makes it again as long as the rule allows. @throws what the last try threw. */
export type Retry = <T>(call: () => Promise<T>) => Promise<T>;

/**
 * A call that fails with a retriable error sleeps 5 s and is made again, then every second until the interval, counted from the end
 * of the first sleep, is over. ASP.NET fails on adding Infinite to the time of day; here it means to try for ever.
 */
export function createRetry(options: RetryOptions): Retry {
  const { connectionRetryMs, minuteMs, secondsComponentOnly = true, isRetriable, clearPool, clock, delay } = options;
  if (!isRetryOn(connectionRetryMs, secondsComponentOnly)) return (call) => call();
  const scale = minuteMs / 60_000;
  const intervalMs = (connectionRetryMs ?? Number.POSITIVE_INFINITY) * scale;
  let poolCleared = false;

  return async (call) => {
    let endsAtMs: number | undefined;
    for (;;) {
      try {
        const result = await call();
        if (endsAtMs !== undefined) poolCleared = false;
        return result;
      } catch (error) {
        const isOver = endsAtMs !== undefined && clock() > endsAtMs;
        if (isOver || !isRetriable(error)) {
          if (endsAtMs !== undefined) poolCleared = false;
          throw error;
        }
      }
      if (endsAtMs === undefined) {
        if (!poolCleared) {
          poolCleared = true;
          // The pool is only in the way; if it cannot even be cleared, the next try tells.
          await clearPool().catch(() => undefined);
        }
        await delay(FIRST_SLEEP_MS * scale);
        endsAtMs = clock() + intervalMs;
      } else {
        await delay(SLEEP_MS * scale);
      }
    }
  };
}

function isRetryOn(connectionRetryMs: number | null, secondsComponentOnly: boolean): boolean {
  if (connectionRetryMs === null) return true;
  return (secondsComponentOnly ? Math.floor(connectionRetryMs / 1_000) % 60 : connectionRetryMs) > 0;
}
