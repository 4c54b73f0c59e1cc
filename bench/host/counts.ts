// What one worker process counts, from its start. The sums that must hold (ARCHITECTURE.md, Words) are made of these.

import type { StoreOperation } from "../../config/scenario.ts";
import { zeroStoreCalls } from "../../metrics/run-record.ts";
import type { SessionStore } from "../providers/session-store.ts";

export interface HostCounts {
  /** Times a new session was wanted and the outcome is known. */
  arrivals: number;
  started: number;
  refused: number;
  expired: number;
  abandoned: number;
  /** Sum, over the sessions that ended, of their real time from start to removal. In process only: elsewhere the host cannot know. */
  lifetimesMs: number;
  /** Sessions stored × real time, added up: its growth over a while is their mean number in it. In process only. */
  storedSessionMs: number;
  storeCalls: Record<StoreOperation, number>;
  /** Requests that found their session locked at least once. */
  lockWaits: number;
  lockPolls: number;
  lockBreaks: number;
  /** Writes that wiped out what another request had written since this one read. Only where the store has no locks. */
  lostUpdates: number;
}

export function zeroHostCounts(): HostCounts {
  return {
    arrivals: 0,
    started: 0,
    refused: 0,
    expired: 0,
    abandoned: 0,
    lifetimesMs: 0,
    storedSessionMs: 0,
    storeCalls: zeroStoreCalls(),
    lockWaits: 0,
    lockPolls: 0,
    lockBreaks: 0,
    lostUpdates: 0,
  };
}

/** The same store, each call to it counted. */
export function countCalls(store: SessionStore, calls: Record<StoreOperation, number>): SessionStore {
  return {
    capabilities: store.capabilities,
    getItem(id) {
      calls.getItem++;
      return store.getItem(id);
    },
    getItemExclusive(id) {
      calls.getItemExclusive++;
      return store.getItemExclusive(id);
    },
    setAndReleaseItemExclusive(id, item, lockId, newItem) {
      calls.setAndReleaseItemExclusive++;
      return store.setAndReleaseItemExclusive(id, item, lockId, newItem);
    },
    releaseItemExclusive(id, lockId) {
      calls.releaseItemExclusive++;
      return store.releaseItemExclusive(id, lockId);
    },
    removeItem(id, lockId) {
      calls.removeItem++;
      return store.removeItem(id, lockId);
    },
    resetItemTimeout(id) {
      calls.resetItemTimeout++;
      return store.resetItemTimeout(id);
    },
    createUninitializedItem(id, timeoutMs) {
      calls.createUninitializedItem++;
      return store.createUninitializedItem(id, timeoutMs);
    },
  };
}
