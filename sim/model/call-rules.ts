// How long a worker waits for its session store and when it tries again, as each provider's client does: ASP.NET's state client bounds a
// request whole and never repeats it; its SQL client bounds a command and rides out a fail-over only where sqlConnectionRetryInterval
// says so; the Redis provider tries again for five seconds.
// Source: .NET reference source, OutOfProcStateClientManager.cs, sqlstateclientmanager.cs (CanRetry: the seconds component alone is
// looked at, so that 60 or 120 seconds mean no retry); aspnet-redis-providers, StackExchangeClientConnection.cs.

import type { Scenario } from "../../config/scenario.ts";

/** Times are real. */
export interface CallRules {
  /** Without an answer for so long, a call has failed; Infinity for never. */
  readonly timeoutMs: number;
  /** The timeout is that of each try; else of all tries together. */
  readonly timeoutOfEachTry: boolean;
  readonly firstRetryMs: number;
  readonly nextRetryMs: number;
  /** 0 for no second try. */
  readonly retryForMs: number;
  /** From the first retry on; else from the call. */
  readonly retryFromFirst: boolean;
}

const REDIS_RETRY_FOR_MS = 5_000;
const REDIS_FIRST_RETRY_MS = 20;
const SQL_FIRST_RETRY_MS = 5_000;
const NEXT_RETRY_MS = 1_000;

export function callRules({ site, store, run }: Pick<Scenario, "site" | "store" | "run">): CallRules {
  const networkTimeoutMs = store.networkTimeoutMs ?? Number.POSITIVE_INFINITY;
  const once = {
    timeoutMs: networkTimeoutMs,
    timeoutOfEachTry: false,
    firstRetryMs: 0,
    nextRetryMs: 0,
    retryForMs: 0,
    retryFromFirst: false,
  };
  if (site.mode === "SQLServer") {
    return {
      timeoutMs: store.commandTimeoutMs ?? Number.POSITIVE_INFINITY,
      timeoutOfEachTry: true,
      // A setting of the scenario, and compressed like its timeouts.
      firstRetryMs: SQL_FIRST_RETRY_MS / run.timeScale,
      nextRetryMs: NEXT_RETRY_MS / run.timeScale,
      retryForMs: sqlRetryMs(store.connectionRetryMs) / run.timeScale,
      retryFromFirst: true,
    };
  }
  if (site.mode !== "Custom" || store.provider !== "redis") return once;
  return {
    ...once,
    firstRetryMs: REDIS_FIRST_RETRY_MS,
    nextRetryMs: NEXT_RETRY_MS,
    retryForMs: Math.min(REDIS_RETRY_FOR_MS, networkTimeoutMs),
  };
}

function sqlRetryMs(connectionRetryMs: number | null): number {
  if (connectionRetryMs === null) return Number.POSITIVE_INFINITY;
  return Math.floor(connectionRetryMs / 1_000) % 60 > 0 ? connectionRetryMs : 0;
}
