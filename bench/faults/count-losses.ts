// How many sessions a fault cost: by the worker's own count where workers keep them, by what is gone from the store where it does.
// A session that is gone may have expired meanwhile; where that cannot be told apart, no number is given.

import type { Fault } from "../../config/scenario.ts";
import { machineClock } from "../clock.ts";
import type { WorkerRecord } from "../host/process/site.ts";
import { tally } from "../ledger.ts";
import { type Load, tallyNow } from "../load.ts";
import { scenarioMoment } from "../scenario-time.ts";
import type { StoreState, StoreWatch } from "../store-watch.ts";

/** More than enough at a hundred sessions a second. */
const MOMENT_TRIES_MAX = 10;

/** @returns null where the store cannot be counted, or those gone may just as well have expired. */
export async function countLosses(load: Load, fault: Fault, strike: () => Promise<void>): Promise<number | null> {
  const { store } = load;
  if (store === null || store.state().ofEachWorker) {
    const lostBefore = tallyNow(load).counters.lost;
    await strike();
    return tallyNow(load).counters.lost - lostBefore;
  }
  const lostBefore = store.state().lost;
  await strike();
  const workers = await countBoth(load, store);
  const { stored, silent } = store.state();
  if (stored === null || silent) return null;
  const gone = goneUnexplained(load, workers, store.state());
  store.lose(gone ?? 0);
  // A store that was killed has counted itself before and after; what is gone unexplained it lost in the moment between.
  return fault.kind === "kill-store" ? store.state().lost - lostBefore : gone;
}

/**
 * Worker and store as of one moment, so that no session has started between their counts. Where too many come for that, the store is
 * counted last: a session that has just started is never taken for gone.
 * @returns the workers as they were before that count; others who sample them meanwhile know of sessions that it has not met.
 */
async function countBoth({ site }: Load, store: StoreWatch): Promise<readonly WorkerRecord[]> {
  const workersNow = async () => {
    const started = (await site.sample(false))?.counts.started;
    return { started, records: site.workers.map((record) => ({ ...record })) };
  };
  let before = await workersNow();
  for (let tries = 0; tries < MOMENT_TRIES_MAX; tries++) {
    await store.count();
    const after = await workersNow();
    if (after.started === before.started) return before.records;
    before = after;
  }
  await store.count();
  return before.records;
}

/** Sessions neither stored nor abandoned nor lost so far, though they cannot have expired; null where they may have. */
function goneUnexplained(load: Load, workers: readonly WorkerRecord[], store: StoreState): number | null {
  const { timeoutMs } = load.scenario.site;
  const { expired } = tally(load.driver.counts, workers, store).counters;
  if (store.deleted !== null) return Math.max(0, expired - store.deleted);
  return timeoutMs === null || scenarioMoment(load, machineClock()) < timeoutMs ? expired : null;
}
