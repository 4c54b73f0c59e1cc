// Sessions that come and go in a store out of process, as far as the worker that calls it can tell: it sees a session start when it
// stores a new one or is the first to read an uninitialised one, and sees it go only when it removes it itself.

import type { GetResult, SessionStore } from "../../providers/session-store.ts";
import type { HostCounts } from "../counts.ts";
import type { Admission } from "./admission.ts";

/** The same store; what each call says of sessions starting and ending is counted. */
export function countSessions(
  store: SessionStore,
  counts: Pick<HostCounts, "started" | "abandoned">,
  admission: Admission,
): SessionStore {
  function start(id: string): void {
    counts.started++;
    // The one who reads it first need not be the one who was let in to make it; that may have been another worker.
    admission.admit(id);
    admission.started(id);
    admission.settle(id);
  }

  function read(id: string, got: GetResult): GetResult {
    if (got.initialize) start(id);
    return got;
  }

  return {
    capabilities: store.capabilities,
    getItem: async (id) => read(id, await store.getItem(id)),
    getItemExclusive: async (id) => read(id, await store.getItemExclusive(id)),
    async setAndReleaseItemExclusive(id, item, lockId, newItem) {
      const newId = await store.setAndReleaseItemExclusive(id, item, lockId, newItem);
      if (newItem) start(id);
      return newId;
    },
    async removeItem(id, lockId) {
      const removed = await store.removeItem(id, lockId);
      if (removed) counts.abandoned++;
      return removed;
    },
    releaseItemExclusive: (id, lockId) => store.releaseItemExclusive(id, lockId),
    resetItemTimeout: (id) => store.resetItemTimeout(id),
    createUninitializedItem: (id, timeoutMs) => store.createUninitializedItem(id, timeoutMs),
  };
}
