// The InProc provider: sessions are live objects in a table of this very process. The rules, down to the silent ignoring of a
// writer whose lock is gone, are those of ASP.NET's in-process provider on its internal cache.
// Source: .NET reference source, InProcStateClientManager.cs (locks, flags), cacheexpires.cspp (expiry).

import type { Clock } from "../clock.ts";
import { SessionItems } from "./session-items.ts";
import type { GetResult, LockId, SessionEnd, SessionEvents, SessionItem, SessionStore } from "./session-store.ts";

export interface InProcOptions {
  readonly clock: Clock;
  /** A slide of the expiry by less than this is not recorded, so that a session may expire that much early. */
  readonly expirySlideMinMs: number;
  readonly events: SessionEvents;
}

export interface InProcStore extends SessionStore {
  /** Removes every session whose time is over. The host calls it every 20 s of scenario time. */
  sweep(): void;
  /** Sessions in the table, expired ones not yet removed included. */
  stored(): number;
  /** Sessions in the table whose time is not over. */
  live(): number;
}

/** The lock id of a new session; taking the lock counts it up first, so the first lock seen has id 2. */
const NEW_LOCK_ID = 1;

interface Entry {
  items: SessionItems;
  timeoutMs: number | null;
  expiresAtMs: number;
  readonly startedAtMs: number;
  locked: boolean;
  lockedAtMs: number;
  lockId: number;
  uninitialized: boolean;
}

const missing: GetResult = { item: null, locked: false, lockAgeMs: 0, lockId: null, initialize: false };

export function createInProcStore({ clock, expirySlideMinMs, events }: InProcOptions): InProcStore {
  const entries = new Map<string, Entry>();

  function end(id: string, entry: Entry, how: SessionEnd): void {
    entries.delete(id);
    events.ended(id, how, clock() - entry.startedAtMs);
  }

  /** Every call comes through here: an entry past its time is gone at once, any other has its expiry slid. */
  function lookUp(id: string): Entry | undefined {
    const entry = entries.get(id);
    if (entry === undefined) return undefined;
    const nowMs = clock();
    if (entry.expiresAtMs < nowMs) {
      end(id, entry, "expired");
      return undefined;
    }
    const expiresAtMs = expiryFrom(nowMs, entry.timeoutMs);
    if (expiresAtMs - entry.expiresAtMs >= expirySlideMinMs) entry.expiresAtMs = expiresAtMs;
    return entry;
  }

  function owned(id: string, lockId: LockId | null): Entry | undefined {
    const entry = lookUp(id);
    return entry?.locked && entry.lockId === lockId ? entry : undefined;
  }

  function get(id: string, exclusive: boolean): GetResult {
    const entry = lookUp(id);
    if (entry === undefined) return missing;
    const initialize = entry.uninitialized;
    entry.uninitialized = false;
    if (entry.locked) {
      const lockAgeMs = clock() - entry.lockedAtMs;
      return { item: null, locked: true, lockAgeMs, lockId: entry.lockId, initialize };
    }
    if (exclusive) {
      entry.locked = true;
      entry.lockedAtMs = clock();
      entry.lockId++;
    }
    const item = { items: entry.items, timeoutMs: entry.timeoutMs };
    return { item, locked: false, lockAgeMs: 0, lockId: exclusive ? entry.lockId : null, initialize };
  }

  /** `replaced` is what stood under this id: its session goes on in the new entry, so none is started and none ends. */
  function insert(id: string, item: SessionItem, lockId: number, uninitialized: boolean, replaced?: Entry): void {
    const nowMs = clock();
    entries.set(id, {
      items: item.items,
      timeoutMs: item.timeoutMs,
      expiresAtMs: expiryFrom(nowMs, item.timeoutMs),
      startedAtMs: replaced?.startedAtMs ?? nowMs,
      locked: false,
      lockedAtMs: 0,
      lockId,
      uninitialized,
    });
    if (replaced === undefined) events.started(id);
  }

  return {
    capabilities: {
      exclusiveLocks: true,
      sessionEnd: true,
      survivesRecycle: false,
      sharedBetweenServers: false,
      liveReferences: true,
      heldByClient: false,
    },
    getItem: (id) => get(id, false),
    getItemExclusive: (id) => get(id, true),
    setAndReleaseItemExclusive(id, item, lockId, newItem) {
      const entry = newItem ? lookUp(id) : owned(id, lockId);
      if (newItem) {
        insert(id, item, NEW_LOCK_ID, false, entry);
      } else if (entry !== undefined && entry.timeoutMs !== item.timeoutMs) {
        insert(id, item, entry.lockId, false, entry);
      } else if (entry !== undefined) {
        entry.items = item.items;
        entry.locked = false;
      }
      return undefined;
    },
    releaseItemExclusive(id, lockId) {
      const entry = owned(id, lockId);
      if (entry !== undefined) entry.locked = false;
      return undefined;
    },
    removeItem(id, lockId) {
      const entry = owned(id, lockId);
      if (entry !== undefined) end(id, entry, "abandoned");
      return entry !== undefined;
    },
    resetItemTimeout(id) {
      lookUp(id);
      return undefined;
    },
    createUninitializedItem(id, timeoutMs) {
      if (lookUp(id) === undefined) insert(id, { items: new SessionItems(), timeoutMs }, NEW_LOCK_ID, true);
    },
    sweep() {
      const nowMs = clock();
      for (const [id, entry] of entries) if (entry.expiresAtMs <= nowMs) end(id, entry, "expired");
    },
    stored: () => entries.size,
    live() {
      const nowMs = clock();
      let count = 0;
      for (const entry of entries.values()) if (entry.expiresAtMs > nowMs) count++;
      return count;
    },
  };
}

function expiryFrom(nowMs: number, timeoutMs: number | null): number {
  return timeoutMs === null ? Number.POSITIVE_INFINITY : nowMs + timeoutMs;
}
