// How many sessions a fault cost: by the worker's own count where workers keep them, by counting the store before and after where it
// does. A session that is gone may have expired meanwhile; where that cannot be told apart, no number is given.

import type { Fault } from "../../config/scenario.ts";
import { machineClock } from "../clock.ts";
import { type Load, scenarioMoment, tallyNow } from "../load.ts";

/** @returns null where the store cannot be counted, or those gone may just as well have expired. */
export async function countLosses(load: Load, fault: Fault, strike: () => Promise<void>): Promise<number | null> {
  const { store } = load;
  if (store === null || store.state().ofEachWorker) {
    const lostBefore = tallyNow(load).counters.lost;
    await strike();
    return tallyNow(load).counters.lost - lostBefore;
  }
  if (fault.kind === "kill-store") {
    const lostBefore = store.state().lost;
    await strike();
    return store.state().stored === null ? null : store.state().lost - lostBefore;
  }
  // Store first, worker then, and the other way round afterwards: who comes in between is never taken for lost.
  await store.count();
  await load.site.sample(false);
  const before = goneOnTheirOwn(load);
  await strike();
  await load.site.sample(false);
  await store.count();
  const after = goneOnTheirOwn(load);
  if (before === null || after === null) return null;
  const gone = Math.max(0, after.ended - before.ended - (after.deleted - before.deleted));
  return gone === 0 || after.allKnown ? gone : null;
}

/** Sessions neither stored nor abandoned nor lost so far, and those of them of which the job has told that it deleted them. */
function goneOnTheirOwn(load: Load) {
  const state = load.store?.state();
  if (state === undefined || state.stored === null || state.silent) return null;
  const { timeoutMs } = load.scenario.site;
  const nobodyExpiresYet = timeoutMs === null || scenarioMoment(load, machineClock()) < timeoutMs;
  return {
    ended: tallyNow(load).counters.expired,
    deleted: state.deleted ?? 0,
    allKnown: state.deleted !== null || nobodyExpiresYet,
  };
}
