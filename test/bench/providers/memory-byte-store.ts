// The plainest store of bytes, for tests of what stands before one: it keeps what it is given and writes down how it was called.

import {
  type ByteGetResult,
  type ByteStore,
  lockingOutOfProcess,
  type StoredBytes,
} from "../../../bench/providers/byte-store.ts";

export interface MemoryByteStore extends ByteStore {
  readonly kept: Map<string, StoredBytes>;
  readonly calls: string[];
}

export function createMemoryByteStore(): MemoryByteStore {
  const kept = new Map<string, StoredBytes>();
  const calls: string[] = [];
  const get = async (id: string, lockId: number | null): Promise<ByteGetResult> => {
    return { item: kept.get(id) ?? null, locked: false, lockAgeMs: 0, lockId, initialize: false };
  };
  return {
    kept,
    calls,
    capabilities: lockingOutOfProcess,
    engine: "memory",
    getItem: (id) => get(id, null),
    getItemExclusive: (id) => get(id, 2),
    async setAndReleaseItemExclusive(id, item, lockId, newItem) {
      calls.push(`set ${id} ${lockId} ${newItem}`);
      kept.set(id, item);
    },
    async releaseItemExclusive(id, lockId) {
      calls.push(`release ${id} ${lockId}`);
    },
    async removeItem(id) {
      return kept.delete(id);
    },
    async resetItemTimeout(id) {
      calls.push(`reset ${id}`);
    },
    async createUninitializedItem(id, empty) {
      if (!kept.has(id)) kept.set(id, empty);
    },
    async census() {
      return { stored: kept.size, live: kept.size, bytes: null };
    },
    async close() {
      calls.push("close");
    },
  };
}
