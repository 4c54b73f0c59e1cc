// The items of the state service: bytes under a key, each with its timeout and its lock. Every look-up slides the expiry; what is
// past its time is gone at the look-up or at the next sweep, whichever comes first; and what is kept stays under a limit.
// Sources: .NET reference source, StateRuntime.cs (CachedContent), cacheexpires.cspp (expiry).

import { assert } from "../../../config/assert.ts";
import { createExpiryBuckets, type Filed } from "./expiry-buckets.ts";

export interface StoredItem extends Filed {
  readonly key: string;
  readonly timeoutMinutes: number;
  readonly startedAtMs: number;
  /** Exactly as long as the item. Never overwritten once `lent`. */
  body: Buffer;
  /** A slow reader's socket may still be sending the body. */
  lent: boolean;
  locked: boolean;
  lockedAtMs: number;
  lockCookie: number;
  uninitialized: boolean;
}

/** What a PUT brought. `owned`: the bytes are nobody else's and may be kept; else they must be copied. */
export interface Received {
  readonly bytes: Buffer;
  readonly owned: boolean;
}

export interface NewItem {
  readonly timeoutMinutes: number;
  readonly lockCookie: number;
  readonly uninitialized: boolean;
}

export interface SessionCounts {
  /** Stored now, expired ones not yet removed included. */
  readonly active: number;
  readonly abandoned: number;
  readonly timedOut: number;
  /** Ever created. */
  readonly total: number;
  /** Sum of the real lifetimes of those that ended. */
  readonly lifetimesMs: number;
  /** What the stored ones count for under the memory limit. */
  readonly bytes: number;
}

export interface SessionTable {
  /** The item of that key, its expiry slid. */
  lookUp(key: string, nowMs: number): StoredItem | undefined;
  /** Whether an item of so many bytes could stand under that key now. Slides nothing. */
  hasRoom(key: string, bodyBytes: number): boolean;
  /** @returns false, and does nothing, when there is no room. */
  insert(key: string, received: Received, item: NewItem, nowMs: number): boolean;
  /** Another body under the same item. @returns false, and does nothing, when there is no room. */
  replaceBody(item: StoredItem, received: Received): boolean;
  /** Another item under the same key; the session goes on. @returns false, and does nothing, when there is no room. */
  supersede(item: StoredItem, received: Received, by: NewItem, nowMs: number): boolean;
  /** The application ended the session. */
  abandon(item: StoredItem, nowMs: number): void;
  sweep(nowMs: number): void;
  counts(): SessionCounts;
  /** Items whose time is not over. Walks through all. */
  live(nowMs: number): number;
}

export interface SessionTableOptions {
  /** What a minute of session timeout really lasts. */
  readonly minuteMs: number;
  readonly memoryLimitBytes: number;
}

/**
 * What an item costs in resident memory beside its key and body: table slot, entry, headers of string and buffer, slack of the
 * allocator. On Node 24, 300,000 items of 7 to 5,000 bytes took 700 to 1,000 each, of which some 440 are JavaScript heap.
 */
export const ITEM_OVERHEAD_BYTES = 1_024;

/** A Map holds no more than 2^24 entries. */
const ITEMS_MAX = 16_000_000;

export function createSessionTable({ minuteMs, memoryLimitBytes }: SessionTableOptions, nowMs: number): SessionTable {
  assert(minuteMs > 0, "a minute lasts");
  const items = new Map<string, StoredItem>();
  const buckets = createExpiryBuckets<StoredItem>(minuteMs / 3, nowMs);
  /** MIN_UPDATE_DELTA: a slide by less than a second is not recorded. */
  const slideMinMs = minuteMs / 60;
  let abandoned = 0;
  let timedOut = 0;
  let total = 0;
  let lifetimesMs = 0;
  let bytes = 0;

  const fits = (moreBytes: number) => moreBytes <= 0 || bytes + moreBytes <= memoryLimitBytes;
  const roomFor = (key: string, bodyBytes: number) =>
    items.size < ITEMS_MAX && fits(ITEM_OVERHEAD_BYTES + key.length + bodyBytes);

  function put(key: string, received: Received, item: NewItem, startedAtMs: number, nowMs: number): void {
    const stored: StoredItem = {
      key,
      timeoutMinutes: item.timeoutMinutes,
      startedAtMs,
      expiresAtMs: nowMs + item.timeoutMinutes * minuteMs,
      previous: null,
      next: null,
      body: keep(received),
      lent: false,
      locked: false,
      lockedAtMs: 0,
      lockCookie: item.lockCookie,
      uninitialized: item.uninitialized,
    };
    items.set(key, stored);
    buckets.file(stored);
    bytes += ITEM_OVERHEAD_BYTES + key.length + stored.body.length;
  }

  function forget(item: StoredItem): void {
    bytes -= ITEM_OVERHEAD_BYTES + item.key.length + item.body.length;
    assert(bytes >= 0, "no more is given back than was taken");
  }

  function end(item: StoredItem, nowMs: number): void {
    items.delete(item.key);
    forget(item);
    lifetimesMs += nowMs - item.startedAtMs;
  }

  function expire(item: StoredItem, nowMs: number): void {
    end(item, nowMs);
    timedOut++;
  }

  return {
    lookUp(key, nowMs) {
      const item = items.get(key);
      if (item === undefined) return undefined;
      if (item.expiresAtMs < nowMs) {
        buckets.unfile(item);
        expire(item, nowMs);
        return undefined;
      }
      const expiresAtMs = nowMs + item.timeoutMinutes * minuteMs;
      if (expiresAtMs - item.expiresAtMs >= slideMinMs) item.expiresAtMs = expiresAtMs;
      return item;
    },
    hasRoom(key, bodyBytes) {
      const item = items.get(key);
      return item === undefined ? roomFor(key, bodyBytes) : fits(bodyBytes - item.body.length);
    },
    insert(key, received, item, nowMs) {
      if (!roomFor(key, received.bytes.length)) return false;
      assert(!items.has(key), "an item is inserted where there is none");
      put(key, received, item, nowMs, nowMs);
      total++;
      return true;
    },
    replaceBody(item, received) {
      const more = received.bytes.length - item.body.length;
      if (!fits(more)) return false;
      bytes += more;
      if (more === 0 && !item.lent && !received.owned) {
        received.bytes.copy(item.body);
      } else {
        item.body = keep(received);
        item.lent = false;
      }
      return true;
    },
    supersede(item, received, by, nowMs) {
      if (!fits(received.bytes.length - item.body.length)) return false;
      buckets.unfile(item);
      forget(item);
      put(item.key, received, by, item.startedAtMs, nowMs);
      return true;
    },
    abandon(item, nowMs) {
      buckets.unfile(item);
      end(item, nowMs);
      abandoned++;
    },
    sweep(nowMs) {
      buckets.sweep(nowMs, (item) => expire(item, nowMs));
    },
    counts() {
      assert(total === items.size + abandoned + timedOut, "no session is lost");
      return { active: items.size, abandoned, timedOut, total, lifetimesMs, bytes };
    },
    live(nowMs) {
      let live = 0;
      for (const item of items.values()) if (item.expiresAtMs >= nowMs) live++;
      return live;
    },
  };
}

/** A buffer of its own for each item: a slice of something larger would keep all of that. */
function keep({ bytes, owned }: Received): Buffer {
  if (owned) return bytes;
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(copy);
  return copy;
}
