// What goes wrong in a run, at the moments the scenario says: recycles by schedule, and its faults. What strikes the workers and what
// strikes the store wait for their own kind alone: a database that takes its time to come back holds up no recycle.

import type { Fault, Scenario } from "../config/scenario.ts";
import type { Site } from "./host/process/site.ts";
import type { StoreWatch } from "./store-watch.ts";

/**
 * @param until resolves at a moment of scenario time, or when the run is over.
 * @returns the faults that never struck, once all others have, or the run is over.
 */
export async function strikeOnTime(
  scenario: Scenario,
  { site, store }: { readonly site: Site; readonly store: StoreWatch | null },
  until: (scenarioMs: number) => Promise<void>,
  over: AbortSignal,
): Promise<Fault[]> {
  const faults = faultsInOrder(scenario);
  async function strikeEach(ofOneKind: readonly Fault[]): Promise<readonly Fault[]> {
    for (const [index, fault] of ofOneKind.entries()) {
      await until(fault.atMs);
      if (over.aborted) return ofOneKind.slice(index);
      if (fault.kind === "recycle") await site.recycle();
      else if (fault.kind === "kill-worker") await site.crash(fault.downMs, over);
      else await store?.kill(fault.downMs, over);
    }
    return [];
  }
  const strikesStore = (fault: Fault) => fault.kind === "kill-store";
  const missed = await Promise.all([
    strikeEach(faults.filter(strikesStore)),
    strikeEach(faults.filter((fault) => !strikesStore(fault))),
  ]);
  return missed.flat();
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
