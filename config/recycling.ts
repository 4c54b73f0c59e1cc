// Whether worker processes are replaced while the site runs. Source: IIS, system.applicationHost/applicationPools, periodicRestart
// (time, requests, privateMemory).

import type { Site } from "./scenario.ts";

/** By the clock, by the requests they took, or by the memory they took. */
export function isRecycled({ recycleEveryMs, recycleAfterRequests, recycleAtMemoryBytes }: Site): boolean {
  return recycleEveryMs !== null || recycleAfterRequests !== undefined || recycleAtMemoryBytes !== undefined;
}

/** The same site, its workers left alone. */
export function withoutRecycles({ recycleAfterRequests: _, recycleAtMemoryBytes: __, ...site }: Site): Site {
  return { ...site, recycleEveryMs: null };
}
