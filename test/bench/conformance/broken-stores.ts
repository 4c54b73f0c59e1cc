// Stores with one thing wrong each: a good store behind a wrapper that breaks it. They prove that the conformance kit notices, and
// notices nothing else.

import { setTimeout as delay, setImmediate } from "node:timers/promises";
import { SessionItems } from "../../../bench/providers/session-items.ts";
import type { GetResult, LockId, SessionItem, SessionStore } from "../../../bench/providers/session-store.ts";

export type Break = (store: SessionStore) => SessionStore;

const missing: GetResult = { item: null, locked: false, lockAgeMs: 0, lockId: null, initialize: false };

export const neverExcludes: Break = (store) => ({
  ...store,
  async getItemExclusive(id) {
    const result = await store.getItemExclusive(id);
    if (!result.locked || result.lockId === null) return result;
    await store.releaseItemExclusive(id, result.lockId);
    return store.getItemExclusive(id);
  },
});

export const readersSeeThroughLocks: Break = (store) => {
  const written = new Map<string, SessionItem>();
  return {
    ...store,
    setAndReleaseItemExclusive(id, item, lockId, newItem) {
      written.set(id, item);
      return store.setAndReleaseItemExclusive(id, item, lockId, newItem);
    },
    async getItem(id) {
      const result = await store.getItem(id);
      const item = written.get(id);
      return result.locked && item !== undefined ? { ...missing, item } : result;
    },
  };
};

export const readersExcludeEachOther: Break = (store) => ({
  ...store,
  async getItem(id) {
    const result = await store.getItemExclusive(id);
    if (result.lockId === null || result.locked) return result;
    await delay(5);
    await store.releaseItemExclusive(id, result.lockId);
    return { ...result, lockId: null };
  },
});

/** Whoever reads a lock id reads one less, and whoever names it is understood. */
export const lockIdsBeginAt1: Break = (store) => {
  const shown = (result: GetResult): GetResult =>
    typeof result.lockId === "number" ? { ...result, lockId: result.lockId - 1 } : result;
  return {
    ...namingLocks(store, (_id, lockId) => (typeof lockId === "number" ? lockId + 1 : lockId)),
    getItem: async (id) => shown(await store.getItem(id)),
    getItemExclusive: async (id) => shown(await store.getItemExclusive(id)),
  };
};

/** The lock is told apart from no lock, but not from the one before. */
export const lockIdsAllTheSame: Break = (store) => {
  const { owner, watched } = watchOwners(store);
  const shown = (result: GetResult): GetResult => (result.lockId === null ? result : { ...result, lockId: 7 });
  return {
    ...namingLocks(watched, (id, lockId) => (lockId === 7 ? (owner(id)?.lockId ?? lockId) : "nobody's")),
    getItem: async (id) => shown(await watched.getItem(id)),
    getItemExclusive: async (id) => shown(await watched.getItemExclusive(id)),
  };
};

/** The same store, where a caller's name of a lock means another. */
function namingLocks(store: SessionStore, nameOf: (id: string, lockId: LockId) => LockId): SessionStore {
  const orNull = (id: string, lockId: LockId | null) => (lockId === null ? null : nameOf(id, lockId));
  return {
    ...store,
    setAndReleaseItemExclusive: (id, item, lockId, newItem) =>
      store.setAndReleaseItemExclusive(id, item, orNull(id, lockId), newItem),
    releaseItemExclusive: (id, lockId) => store.releaseItemExclusive(id, nameOf(id, lockId)),
    removeItem: (id, lockId) => store.removeItem(id, orNull(id, lockId)),
  };
}

/** Whoever does one of these is taken for the owner of the lock that is now held. */
export function anybodyMay(...operations: readonly ("set" | "release" | "remove")[]): Break {
  return (store) => {
    const { owner, watched } = watchOwners(store);
    const asOwner = (id: string, lockId: LockId | null) => owner(id)?.lockId ?? lockId;
    return {
      ...watched,
      setAndReleaseItemExclusive: (id, item, lockId, newItem) =>
        watched.setAndReleaseItemExclusive(
          id,
          item,
          operations.includes("set") ? asOwner(id, lockId) : lockId,
          newItem,
        ),
      releaseItemExclusive: (id, lockId) =>
        watched.releaseItemExclusive(id, operations.includes("release") ? (asOwner(id, lockId) ?? lockId) : lockId),
      removeItem: (id, lockId) => watched.removeItem(id, operations.includes("remove") ? asOwner(id, lockId) : lockId),
    };
  };
}

/** For a store that ignores him. */
export const lateWriterLands: Break = (store) => {
  const { owner, watched } = watchOwners(store);
  return {
    ...watched,
    async setAndReleaseItemExclusive(id, item, lockId, newItem) {
      const last = owner(id);
      if (newItem || last === undefined || last.held || last.lockId !== lockId) {
        return watched.setAndReleaseItemExclusive(id, item, lockId, newItem);
      }
      const { lockId: again } = await watched.getItemExclusive(id);
      return watched.setAndReleaseItemExclusive(id, item, again, false);
    },
  };
};

/** For a store where his write lands. */
export const lateWriterIgnored: Break = (store) => {
  const { owner, watched } = watchOwners(store);
  return {
    ...watched,
    async setAndReleaseItemExclusive(id, item, lockId, newItem) {
      if (!newItem && owner(id)?.held !== true) return undefined;
      return watched.setAndReleaseItemExclusive(id, item, lockId, newItem);
    },
  };
};

export function lockAgesAre(change: (lockAgeMs: number) => number): Break {
  return (store) => {
    const aged = (result: GetResult) => ({ ...result, lockAgeMs: change(result.lockAgeMs) });
    return {
      ...store,
      getItem: async (id) => aged(await store.getItem(id)),
      getItemExclusive: async (id) => aged(await store.getItemExclusive(id)),
    };
  };
}

export function locksEndAfter(lengthMs: number): Break {
  return (store) => ({
    ...store,
    async getItemExclusive(id) {
      const result = await store.getItemExclusive(id);
      const { item, lockId } = result;
      if (item !== null && lockId !== null) {
        setTimeout(() => void store.releaseItemExclusive(id, lockId), lengthMs).unref();
      }
      return result;
    },
  });
}

/** Between looking and taking somebody else may come. */
export const locksInTwoSteps: Break = (store) => {
  const { owner, watched } = watchOwners(store);
  return {
    ...watched,
    async getItemExclusive(id) {
      const wasHeld = owner(id)?.held === true;
      await setImmediate();
      const result = await watched.getItemExclusive(id);
      if (wasHeld || !result.locked || result.lockId === null) return result;
      await watched.releaseItemExclusive(id, result.lockId);
      return { ...(await watched.getItemExclusive(id)), initialize: result.initialize };
    },
  };
};

export const createOverwrites: Break = (store) => ({
  ...store,
  async createUninitializedItem(id, timeoutMs) {
    const { item, locked } = await store.getItem(id);
    if (item !== null || locked) await drop(store, id);
    await store.createUninitializedItem(id, timeoutMs);
  },
});

export const newItemsNeverReplace: Break = (store) => ({
  ...store,
  async setAndReleaseItemExclusive(id, item, lockId, newItem) {
    if (newItem) {
      const { item: there, locked } = await store.getItem(id);
      if (there !== null || locked) return undefined;
    }
    return store.setAndReleaseItemExclusive(id, item, lockId, newItem);
  },
});

/** @param initialize what a get tells: told is whether the store would, gets how often it was asked before. */
export function marks(
  initialize: (told: boolean, gets: number, created: boolean, exclusive: boolean) => boolean,
): Break {
  return (store) => {
    const created = new Map<string, number>();
    const get = async (id: string, exclusive: boolean) => {
      const result = await (exclusive ? store.getItemExclusive(id) : store.getItem(id));
      const gets = created.get(id);
      if (gets !== undefined) created.set(id, gets + 1);
      return { ...result, initialize: initialize(result.initialize, gets ?? 0, gets !== undefined, exclusive) };
    };
    return {
      ...store,
      getItem: (id) => get(id, false),
      getItemExclusive: (id) => get(id, true),
      async createUninitializedItem(id, timeoutMs) {
        const { item, locked } = await store.getItem(id);
        if (item === null && !locked) created.set(id, created.get(id) ?? 0);
        await store.createUninitializedItem(id, timeoutMs);
      },
    };
  };
}

export type Touch = "read" | "exclusive" | "locked read" | "locked exclusive" | "reset" | "release" | "set";

/** Keeps the times itself, wrongly. `lengthens` multiplies each timeout; `ignores` is what does not put the end off. */
export function expiry({ lengthens = 1, ignores }: { lengthens?: number; ignores?: Touch }): Break {
  return (store) => {
    const times = new Map<string, { timeoutMs: number; endsAtMs: number }>();
    const slide = (id: string, touch: Touch) => {
      const time = times.get(id);
      if (time !== undefined && touch !== ignores) time.endsAtMs = performance.now() + time.timeoutMs * lengthens;
    };
    const isOver = async (id: string) => {
      if (performance.now() <= (times.get(id)?.endsAtMs ?? Number.POSITIVE_INFINITY)) return false;
      times.delete(id);
      await drop(store, id);
      return true;
    };
    const get = async (id: string, exclusive: boolean) => {
      if (await isOver(id)) return missing;
      const result = await (exclusive ? store.getItemExclusive(id) : store.getItem(id));
      slide(id, `${result.locked ? "locked " : ""}${exclusive ? "exclusive" : "read"}`);
      const { item } = result;
      return item === null
        ? result
        : { ...result, item: { items: item.items, timeoutMs: times.get(id)?.timeoutMs ?? null } };
    };
    const begin = (id: string, timeoutMs: number | null) => {
      if (timeoutMs === null) return;
      times.set(id, { timeoutMs, endsAtMs: performance.now() + timeoutMs * lengthens });
    };
    return {
      ...store,
      getItem: (id) => get(id, false),
      getItemExclusive: (id) => get(id, true),
      async setAndReleaseItemExclusive(id, item, lockId, newItem) {
        const time = times.get(id);
        if (newItem) begin(id, item.timeoutMs);
        else if (time !== undefined) {
          time.timeoutMs = item.timeoutMs ?? time.timeoutMs;
          slide(id, "set");
        }
        return store.setAndReleaseItemExclusive(id, { items: item.items, timeoutMs: null }, lockId, newItem);
      },
      releaseItemExclusive(id, lockId) {
        slide(id, "release");
        return store.releaseItemExclusive(id, lockId);
      },
      resetItemTimeout(id) {
        slide(id, "reset");
        return undefined;
      },
      async createUninitializedItem(id, timeoutMs) {
        await isOver(id);
        if (!times.has(id)) begin(id, timeoutMs);
        await store.createUninitializedItem(id, null);
      },
      async removeItem(id, lockId) {
        const removed = await store.removeItem(id, lockId);
        if (removed) times.delete(id);
        return removed;
      },
    };
  };
}

/** @param change what is stored in place of what was written. */
export function stores(
  change: (item: SessionItem, before: SessionItem | null, newItem: boolean) => SessionItem,
): Break {
  return (store) => {
    const written = new Map<string, SessionItem>();
    return {
      ...store,
      setAndReleaseItemExclusive(id, item, lockId, newItem) {
        const changed = change(item, written.get(id) ?? null, newItem);
        written.set(id, changed);
        return store.setAndReleaseItemExclusive(id, changed, lockId, newItem);
      },
    };
  };
}

export function storesValues(change: (value: unknown, name: string) => unknown): Break {
  return stores(({ items, timeoutMs }) => {
    const changed = new SessionItems();
    for (const [name, value] of items) changed.set(name, change(value, name));
    return { items: changed, timeoutMs };
  });
}

export function emptyIsMissing(store: SessionStore): SessionStore {
  const seen = (result: GetResult) => (result.item?.items.size === 0 ? missing : result);
  return {
    ...store,
    getItem: async (id) => seen(await store.getItem(id)),
    getItemExclusive: async (id) => seen(await store.getItemExclusive(id)),
  };
}

export function idsBecome(change: (id: string) => string): Break {
  return (store) => ({
    ...store,
    getItem: async (id) => store.getItem(change(id)),
    getItemExclusive: async (id) => store.getItemExclusive(change(id)),
    setAndReleaseItemExclusive: async (id, item, lockId, newItem) =>
      store.setAndReleaseItemExclusive(change(id), item, lockId, newItem),
    releaseItemExclusive: async (id, lockId) => store.releaseItemExclusive(change(id), lockId),
    removeItem: async (id, lockId) => store.removeItem(change(id), lockId),
    resetItemTimeout: async (id) => store.resetItemTimeout(change(id)),
    createUninitializedItem: async (id, timeoutMs) => store.createUninitializedItem(change(id), timeoutMs),
  });
}

/** Who holds which lock, or held the last one. */
function watchOwners(store: SessionStore) {
  const owners = new Map<string, { lockId: LockId; held: boolean }>();
  const owner = (id: string) => owners.get(id);
  const ended = (id: string, lockId: LockId | null) => {
    const last = owners.get(id);
    if (last !== undefined && last.lockId === lockId) last.held = false;
  };
  const watched: SessionStore = {
    ...store,
    async getItemExclusive(id) {
      const result = await store.getItemExclusive(id);
      if (result.item !== null && result.lockId !== null) owners.set(id, { lockId: result.lockId, held: true });
      return result;
    },
    setAndReleaseItemExclusive(id, item, lockId, newItem) {
      if (newItem) owners.delete(id);
      else ended(id, lockId);
      return store.setAndReleaseItemExclusive(id, item, lockId, newItem);
    },
    releaseItemExclusive(id, lockId) {
      ended(id, lockId);
      return store.releaseItemExclusive(id, lockId);
    },
    removeItem(id, lockId) {
      ended(id, lockId);
      return store.removeItem(id, lockId);
    },
  };
  return { owner, watched };
}

async function drop(store: SessionStore, id: string): Promise<void> {
  const held = await store.getItemExclusive(id);
  if (held.locked && held.lockId !== null) {
    await store.releaseItemExclusive(id, held.lockId);
    await store.removeItem(id, (await store.getItemExclusive(id)).lockId);
  } else if (held.item !== null) await store.removeItem(id, held.lockId);
}
