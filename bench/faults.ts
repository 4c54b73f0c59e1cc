// What goes wrong in a run, at the moments the scenario says: recycles by schedule, and its faults, one after another.

import type { Fault, Scenario } from "../config/scenario.ts";
import type { Site } from "./host/site.ts";
import type { StoreWatch } from "./store-watch.ts";

/**
 * @param until resolves at a moment of scenario time, or when the run is over.
 * @returns when all have struck, or the run is over.
 */
export async function strikeOnTime(
  scenario: Scenario,
  { site, store }: { readonly site: Site; readonly store: StoreWatch | null },
  until: (scenarioMs: number) => Promise<void>,
  over: AbortSignal,
): Promise<void> {
  for (const fault of faultsInOrder(scenario)) {
    await until(fault.atMs);
    if (over.aborted) return;
    if (fault.kind === "recycle") await site.recycle();
    else if (fault.kind === "kill-worker") await site.crash(fault.downMs, over);
    else await store?.kill(fault.downMs, over);
  }
}

function faultsInOrder({ site, run, faults }: Scenario): Fault[] {
  const all = [...faults];
  if (site.recycleEveryMs !== null) {
    for (let n = 1; n * site.recycleEveryMs <= run.durationMs; n++) {
      all.push({ kind: "recycle", atMs: n * site.recycleEveryMs });
    }
  }
  return all.sort((a, b) => a.atMs - b.atMs);
}
