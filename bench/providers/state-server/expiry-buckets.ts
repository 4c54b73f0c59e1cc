// Which entries the next sweep must look at. Entries are filed under the 20-second slot in which their time is over, in 30 buckets
// that the slots take in turn. A slide does not move an entry: the sweep that finds it still alive files it anew. So each entry
// goes at the first sweep after its time, as in the cache of ASP.NET, and a sweep costs what it removes.
// Source: .NET reference source, cacheexpires.cspp (30 buckets of 20 s, the timer on boundaries of the UTC clock).

import { assert } from "../../../config/assert.ts";

const BUCKETS = 30;

/** Part of a ring that runs through one bucket; null where the entry is in none. */
export interface Filed {
  expiresAtMs: number;
  previous: Filed | null;
  next: Filed | null;
}

export interface ExpiryBuckets<E extends Filed> {
  file(entry: E): void;
  unfile(entry: E): void;
  /** Hands out every entry whose time is over by now, unfiled. */
  sweep(nowMs: number, expire: (entry: E) => void): void;
}

/** @param widthMs of a slot: 20 s, a third of what a minute lasts. */
export function createExpiryBuckets<E extends Filed>(widthMs: number, nowMs: number): ExpiryBuckets<E> {
  const rings: Filed[] = Array.from({ length: BUCKETS }, createRing);
  const bucketOf = (expiresAtMs: number) => (Math.floor(expiresAtMs / widthMs) + 1) % BUCKETS;
  let sweptSlot = Math.floor(nowMs / widthMs);

  function file(entry: E): void {
    assert(entry.next === null, "an entry is filed once");
    const ring = rings[bucketOf(entry.expiresAtMs)];
    entry.previous = ring.previous;
    entry.next = ring;
    if (ring.previous !== null) ring.previous.next = entry;
    ring.previous = entry;
  }

  function unfile(entry: E): void {
    assert(entry.previous !== null && entry.next !== null, "only what is filed can be taken out");
    entry.previous.next = entry.next;
    entry.next.previous = entry.previous;
    entry.previous = null;
    entry.next = null;
  }

  function sweepBucket(bucket: number, atMs: number, expire: (entry: E) => void): void {
    const ring = rings[bucket];
    for (let entry = ring.next; entry !== null && entry !== ring; ) {
      const { next } = entry;
      // A ring holds its own head, which ends the loop, and entries.
      const filed = entry as E;
      if (filed.expiresAtMs <= atMs) {
        unfile(filed);
        expire(filed);
      } else if (bucketOf(filed.expiresAtMs) !== bucket) {
        unfile(filed);
        file(filed);
      }
      entry = next;
    }
  }

  return {
    file,
    unfile,
    sweep(atMs, expire) {
      const slot = Math.floor(atMs / widthMs);
      // After a long pause every bucket is due, but none twice.
      for (let due = Math.max(sweptSlot, slot - BUCKETS) + 1; due <= slot; due++) {
        sweepBucket(due % BUCKETS, atMs, expire);
      }
      sweptSlot = Math.max(sweptSlot, slot);
    },
  };
}

function createRing(): Filed {
  const ring: Filed = { expiresAtMs: Number.POSITIVE_INFINITY, previous: null, next: null };
  ring.previous = ring;
  ring.next = ring;
  return ring;
}
