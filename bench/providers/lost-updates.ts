// Counts lost updates: writes that overwrite a version of the session which their writer has not read. Without locks they happen
// whenever two requests of one session overlap; with locks they must not, and the same count shows it.

import type { SessionItems } from "./session-items.ts";
import type { GetResult, LockId, SessionStore } from "./session-store.ts";

/** The last write of so many sessions is remembered, then that of the session not written longest is forgotten. */
const SESSIONS_MAX = 16_384;

/** What one request has read. */
interface Reading {
  /** Number of the last write, of any session, that this reading can have seen. */
  readonly seenWrite: number;
  readonly lockId: LockId | null;
}

interface LastWrite {
  readonly number: number;
  underWay: boolean;
}

/**
 * The same store; `count` is called once for every lost update, after the write that did it has succeeded.
 * Reader and writer are told together by the items: those that a get answered and a write hands back, else by the lock id.
 * With locks, a reading has seen every write that began before its answer, and who holds no lock writes nothing. Without, it has
 * seen those that began before it was asked: exact for stores in this process and on one connection, nearly so over a pool.
 * Memory is bounded: a reading goes with its items or the end of its request, and of writes the last 16,384 sessions' are kept
 * (those removed or found missing are forgotten at once), so that an update is missed only when so many other sessions were
 * written between one request's read and its write. Not seen: writers in other processes, and what a store writes by itself.
 * A lock that ends by itself in the store, rather than by a call, makes a late writer look like one that wrote.
 */
export function countLostUpdates(store: SessionStore, count: () => void): SessionStore {
  const { exclusiveLocks } = store.capabilities;
  const readings = new WeakMap<SessionItems, Reading>();
  const held = new Map<string, Set<Reading>>();
  const lastWrites = new Map<string, LastWrite>();
  let writes = 0;

  async function get(id: string, exclusive: boolean): Promise<GetResult> {
    const seenBefore = writes;
    const got = await (exclusive ? store.getItemExclusive(id) : store.getItem(id));
    if (got.item !== null) {
      const reading: Reading = { seenWrite: exclusiveLocks ? writes : seenBefore, lockId: got.lockId };
      readings.set(got.item.items, reading);
      if (exclusive) held.set(id, (held.get(id) ?? new Set()).add(reading));
    } else if (!got.locked && lastWrites.get(id)?.underWay !== true) {
      lastWrites.delete(id);
    }
    return got;
  }

  function heldWith(id: string, lockId: LockId | null): Reading | undefined {
    return [...(held.get(id) ?? [])].find((reading) => reading.lockId === lockId);
  }

  /** @returns whether it was held until now. */
  function letGo(id: string, reading: Reading | undefined): boolean {
    const ofSession = held.get(id);
    if (reading === undefined || !ofSession?.delete(reading)) return false;
    if (ofSession.size === 0) held.delete(id);
    return true;
  }

  function begin(id: string): LastWrite {
    const write = { number: ++writes, underWay: true };
    lastWrites.delete(id);
    lastWrites.set(id, write);
    if (lastWrites.size > SESSIONS_MAX) lastWrites.delete(lastWrites.keys().next().value!);
    return write;
  }

  /** A write that failed has written nothing, as far as anybody knows. */
  function takeBack(id: string, write: LastWrite, before: LastWrite | undefined): void {
    if (lastWrites.get(id) !== write) return;
    if (before === undefined) lastWrites.delete(id);
    else lastWrites.set(id, before);
  }

  const { census, close } = store;
  return {
    capabilities: store.capabilities,
    getItem: (id) => get(id, false),
    getItemExclusive: (id) => get(id, true),
    async setAndReleaseItemExclusive(id, item, lockId, newItem) {
      const reading = readings.get(item.items) ?? heldWith(id, lockId);
      const owned = letGo(id, reading);
      if (exclusiveLocks && !owned && !newItem) return store.setAndReleaseItemExclusive(id, item, lockId, newItem);
      const before = lastWrites.get(id);
      const lost = before !== undefined && before.number > (reading?.seenWrite ?? 0);
      const write = begin(id);
      // Whoever writes the same items again has its own write before its eyes.
      readings.set(item.items, { seenWrite: write.number, lockId: null });
      try {
        const newId = await store.setAndReleaseItemExclusive(id, item, lockId, newItem);
        if (lost) count();
        return newId;
      } catch (error) {
        takeBack(id, write, before);
        throw error;
      } finally {
        write.underWay = false;
      }
    },
    async releaseItemExclusive(id, lockId) {
      letGo(id, heldWith(id, lockId));
      return store.releaseItemExclusive(id, lockId);
    },
    async removeItem(id, lockId) {
      letGo(id, heldWith(id, lockId));
      const removed = await store.removeItem(id, lockId);
      if (removed) lastWrites.delete(id);
      return removed;
    },
    resetItemTimeout: (id) => store.resetItemTimeout(id),
    createUninitializedItem: (id, timeoutMs) => store.createUninitializedItem(id, timeoutMs),
    ...(census === undefined ? {} : { census: () => census.call(store) }),
    ...(close === undefined ? {} : { close: () => close.call(store) }),
  };
}
