// Events in order of time, the first of them at hand. Taking it is one step of a counter; a newcomer moves those that come after it,
// so such a list is kept short, or filled at once from a sorted one.

import type { EventColumns } from "./event-lists.ts";

export interface SortedEvents extends EventColumns {
  /** Those in the list stand from `next` up to, not including, `end`. */
  next: number;
  end: number;
  /** Moment of the first; Infinity when there is none. */
  firstMs: number;
}

export function createSortedEvents(capacity: number): SortedEvents {
  return { ...createColumns(capacity), next: 0, end: 0, firstMs: Number.POSITIVE_INFINITY };
}

export function createColumns(capacity: number): EventColumns {
  return { atMs: new Float64Array(capacity), kinds: new Int32Array(capacity), ids: new Int32Array(capacity) };
}

/** Puts an event behind all those that are no later. */
export function insertEvent(events: SortedEvents, at: number, kind: number, id: number): void {
  if (events.end === events.ids.length) makeRoom(events);
  const { atMs, kinds, ids, next } = events;
  let to = events.end++;
  while (to > next && atMs[to - 1] > at) {
    atMs[to] = atMs[to - 1];
    kinds[to] = kinds[to - 1];
    ids[to] = ids[to - 1];
    to--;
  }
  atMs[to] = at;
  kinds[to] = kind;
  ids[to] = id;
  if (to === next) events.firstMs = at;
}

/** Takes the first event away. There must be one. */
export function dropFirst(events: SortedEvents): void {
  if (++events.next < events.end) {
    events.firstMs = events.atMs[events.next];
  } else {
    events.next = 0;
    events.end = 0;
    events.firstMs = Number.POSITIVE_INFINITY;
  }
}

/** Moves all to the front where half is free there, so that a move is paid for by as many taken; else into columns twice as long. */
function makeRoom(events: SortedEvents): void {
  const { atMs, kinds, ids, next, end } = events;
  if (next * 2 < end) Object.assign(events, createColumns(end * 2));
  // Mostly a few: a loop is quicker than the calls that copy ranges.
  for (let from = next; from < end; from++) {
    events.atMs[from - next] = atMs[from];
    events.kinds[from - next] = kinds[from];
    events.ids[from - next] = ids[from];
  }
  events.next = 0;
  events.end = end - next;
}
