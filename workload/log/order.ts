// Puts requests in time order within a bounded memory. Servers write a line when a request ends, several logs are read side by side,
// and some tools shuffle the rows of a minute; so rows arrive late, but not very late.

import { assert } from "../../config/assert.ts";

export interface TimeOrder {
  /** Takes a request. */
  push(atMs: number, keyLow: number, keyHigh: number): void;
  /** No request before this moment is expected any more, save those that are late by up to LATE_MS. */
  reachedMs(atMs: number): void;
  /** Hands on what is left. */
  end(): void;
  /** Requests that came too late to be put in their place; they were taken at the moment of the last one handed on. */
  tooLate(): number;
}

export type TakeRequest = (atMs: number, keyLow: number, keyHigh: number) => void;

/** How late a row may come and still find its place, as long as no more than half of CAPACITY rows came in between. */
const LATE_MS = 10 * 60_000;
/** A log of fewer rows is put in order whole, however its rows lie. */
const CAPACITY = 1 << 19;

/**
 * A sorted list, filled from its end: a row in order costs nothing, a late one moves those after it. When it is full, the rows older
 * than LATE_MS are handed on, or the older half if those are fewer.
 */
export function createTimeOrder(take: TakeRequest, capacity = CAPACITY): TimeOrder {
  let at = new Float64Array(Math.min(capacity, 4096));
  let low = new Uint32Array(at.length);
  let high = new Uint32Array(at.length);
  let length = 0;
  let reached = Number.NEGATIVE_INFINITY;
  let handedOnMs = Number.NEGATIVE_INFINITY;
  let tooLate = 0;

  function push(atMs: number, keyLow: number, keyHigh: number): void {
    if (atMs < handedOnMs) {
      tooLate++;
      take(handedOnMs, keyLow, keyHigh);
      return;
    }
    if (length === at.length) makeRoom();
    let place = length;
    if (place > 0 && at[place - 1] > atMs) {
      place = placeOf(atMs);
      at.copyWithin(place + 1, place, length);
      low.copyWithin(place + 1, place, length);
      high.copyWithin(place + 1, place, length);
    }
    at[place] = atMs;
    low[place] = keyLow;
    high[place] = keyHigh;
    length++;
  }

  /** The first index whose time is later, so that equal times keep the order they came in. */
  function placeOf(atMs: number): number {
    let from = 0;
    let to = length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (at[middle] > atMs) to = middle;
      else from = middle + 1;
    }
    return from;
  }

  function makeRoom(): void {
    if (at.length < capacity) {
      const grown = Math.min(capacity, at.length * 2);
      at = grow(new Float64Array(grown), at);
      low = grow(new Uint32Array(grown), low);
      high = grow(new Uint32Array(grown), high);
      return;
    }
    handOn(Math.max(placeOf(reached - LATE_MS), length >>> 1));
  }

  function handOn(count: number): void {
    for (let i = 0; i < count; i++) take(at[i], low[i], high[i]);
    if (count > 0) handedOnMs = at[count - 1];
    at.copyWithin(0, count, length);
    low.copyWithin(0, count, length);
    high.copyWithin(0, count, length);
    length -= count;
  }

  return {
    push,
    reachedMs(atMs) {
      assert(!Number.isNaN(atMs), "a moment is a number");
      reached = Math.max(reached, atMs);
    },
    end: () => handOn(length),
    tooLate: () => tooLate,
  };
}

function grow<T extends Float64Array | Uint32Array>(larger: T, smaller: T): T {
  larger.set(smaller);
  return larger;
}
