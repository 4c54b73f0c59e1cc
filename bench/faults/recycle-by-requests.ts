// A worker that has taken so many requests is replaced, as IIS does by periodicRestart's requests. Who sends the requests knows how many
// there are, and there is one worker: nobody needs to ask it.

import { setTimeout as delay } from "node:timers/promises";
import type { Load } from "../load.ts";

/** How often it is looked: a worker may take what comes in such a while too many. */
const LOOK_EVERY_MS = 25;

/** @param recycle resolves once the new worker has taken over. @returns when the run is over. */
export async function recycleByRequests(
  { scenario, driver, site }: Pick<Load, "scenario" | "driver" | "site">,
  recycle: () => Promise<unknown>,
  over: AbortSignal,
): Promise<void> {
  const { recycleAfterRequests } = scenario.site;
  if (recycleAfterRequests === undefined) return;
  let workers = site.workers.length;
  let before = driver.counts.requests;
  while (!over.aborted) {
    await delay(LOOK_EVERY_MS, undefined, { signal: over }).catch(() => undefined);
    if (over.aborted) return;
    // One that was replaced for another reason begins to count anew.
    if (site.workers.length === workers && driver.counts.requests - before >= recycleAfterRequests) await recycle();
    if (site.workers.length === workers) continue;
    workers = site.workers.length;
    before = driver.counts.requests;
  }
}
