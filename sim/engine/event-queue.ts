// The future: events by moment, equal moments in the order they were scheduled. A few are kept in order. When there are many, the
// future becomes a ladder: lists of equal width in time, unsorted; the list that time has come to is sorted once, or, when it holds
// too many, dealt out to a finer rung; what is scheduled into the sorted part is put in its place. An event then costs the same
// however many there are. Source: Tang, Goh and Thng, "Ladder queue", ACM TOMACS 15 (2005).

import { assert } from "../../config/assert.ts";
import { append, createEventLists, deal, drain, EMPTY, listOf, type Rung, survey, takeSome } from "./event-lists.ts";
import { createColumns, createSortedEvents, dropFirst, insertEvent, type SortedEvents } from "./sorted-events.ts";
import { sortRun } from "./sorted-run.ts";
import { createTimers } from "./timers.ts";

export interface EventQueue {
  /** Events to come, without those cancelled. */
  readonly size: number;
  /** Moment of the first event; Infinity when there is none. */
  readonly nextAtMs: number;
  /** @param kind 0 to 65,535. @param id any whole number of 32 bits. */
  push(atMs: number, kind: number, id: number): void;
  /** The same for an event that may be cancelled. @returns its handle, above 0. */
  pushCancellable(atMs: number, kind: number, id: number): number;
  /** Whether such a handle was ever given out. */
  knows(handle: number): boolean;
  /** @returns whether it was still to come; false when it has happened or was cancelled before. */
  cancel(handle: number): boolean;
  /** Takes the first event away and says which it was: `kind` and `id` hold until the next call. */
  pop(): void;
  readonly kind: number;
  readonly id: number;
}

/** For whoever only adds to it. */
export type Schedule = Pick<EventQueue, "push">;

/** Events kept in order as they come, before they are spread over a rung. */
const NEAR_MAX = 48;
/** Events in a list that are sorted at once; more are dealt out to a finer rung. */
const SORT_MAX = 4096;
/** The same where no rung is left, and all that comes would have to be kept in order. */
const SORT_LAST_MAX = 24;
/** Events a list, roughly, on a new rung. */
const EVENTS_A_LIST = 32;
const LISTS_MAX = 4096;
/** Moments that huddle closer and closer together could ask for rung after rung; the last one is sorted as it is. */
const RUNGS_MAX = 24;
/** Cancelled events that may stay whatever the number of others. */
const CANCELLED_MAX = 1024;
/** In `kind`: the event may be cancelled, and `id` is the number of its timer. */
const CANCELLABLE = 0x10000;

export function createEventQueue(): EventQueue {
  /** Those that were scheduled into the part already sorted; all of them as long as they are few. */
  const near = createSortedEvents(64);
  /** What was in the list opened last. */
  const run = createSortedEvents(64);
  const lists = createEventLists();
  const timers = createTimers();
  /** Coarse to fine: each is the opened list of the one before. */
  const rungs: Rung[] = [];
  let depth = 0;
  let nearMax = NEAR_MAX;
  let unsorted = createColumns(64);
  let bins = new Int32Array(64);
  let cancelled = 0;
  // All that is read often is a field: an engine is slow to reach what an accessor of a literal gives, and makes a new number on the
  // heap for each fraction that a variable gets.
  const queue = {
    size: 0,
    nextAtMs: Number.POSITIVE_INFINITY,
    kind: 0,
    id: 0,
    push,
    pop,
    pushCancellable,
    cancel,
    knows,
  };

  function push(atMs: number, eventKind: number, eventId: number): void {
    queue.size++;
    if (atMs < queue.nextAtMs) queue.nextAtMs = atMs;
    if (depth > 0 && pushToRung(atMs, eventKind, eventId)) return;
    insertEvent(near, atMs, eventKind, eventId);
    if (near.end - near.next > nearMax) spread();
  }

  /** @returns false when the moment is within the part that is already sorted. */
  function pushToRung(atMs: number, eventKind: number, eventId: number): boolean {
    for (let level = 0; level < depth; level++) {
      const rung = rungs[level];
      const list = listOf(rung, atMs);
      if (list > rung.current) {
        rung.lists[list] = append(lists, rung.lists[list], atMs, eventKind, eventId);
        return true;
      }
    }
    return false;
  }

  /** Which has the very first event. One at the same moment in `near` was scheduled later. */
  function firstOf(): SortedEvents {
    return run.next < run.end && run.firstMs <= near.firstMs ? run : near;
  }

  function pop(): void {
    assert(queue.size > 0, "an event is popped only where there is one");
    queue.size--;
    take();
    if (queue.kind >= CANCELLABLE) reveal();
    if (cancelled > 0) passCancelled();
  }

  /** Takes the very first event away; there is one. Another, if any, is then within reach. */
  function take(): void {
    const events = firstOf();
    queue.kind = events.kinds[events.next];
    queue.id = events.ids[events.next];
    dropFirst(events);
    if (depth > 0 && run.end + near.end === 0) advance();
    queue.nextAtMs = run.firstMs < near.firstMs ? run.firstMs : near.firstMs;
  }

  /** What the event is that a timer stood for. */
  function reveal(): void {
    const timer = queue.id;
    queue.kind = timers.kindOf(timer);
    queue.id = timers.idOf(timer);
    timers.end(timer);
  }

  /** Opens lists until there is an event in the run. */
  function advance(): void {
    while (depth > 0 && run.end === 0) {
      const rung = rungs[depth - 1];
      let next = rung.current + 1;
      while (next < rung.last && rung.lists[next] === EMPTY) next++;
      rung.current = next;
      const list = rung.lists[next];
      rung.lists[next] = EMPTY;
      if (next === rung.last) depth--;
      if (list !== EMPTY) open(list, depth === 0 ? SORT_LAST_MAX : SORT_MAX);
    }
  }

  function open(list: number, sortMax: number): void {
    const { count, minMs, maxMs } = survey(lists, list);
    if (count > sortMax && startRung(count, minMs, maxMs)) {
      deal(lists, list, rungs[depth - 1]);
      return;
    }
    if (bins.length < count) {
      Object.assign(run, createColumns(count * 2));
      unsorted = createColumns(count * 2);
      bins = new Int32Array(count * 2);
    }
    drain(lists, list, unsorted);
    sortRun(unsorted, count, minMs, maxMs, run, bins);
    run.next = 0;
    run.end = count;
    run.firstMs = run.atMs[0];
    // Where they could not be spread, it is not tried again for every newcomer.
    nearMax = count > sortMax ? Math.max(count, NEAR_MAX) : NEAR_MAX;
  }

  /** @returns false when so many events in so short a time cannot be spread any further. */
  function startRung(count: number, minMs: number, maxMs: number): boolean {
    let wanted = 2;
    while (wanted < LISTS_MAX && wanted * EVENTS_A_LIST < count) wanted *= 2;
    const listsPerMs = wanted / (maxMs - minMs);
    if (depth === RUNGS_MAX || !(listsPerMs > 0 && listsPerMs < Number.POSITIVE_INFINITY)) return false;
    if (depth === rungs.length) {
      const empty = new Int32Array(LISTS_MAX).fill(EMPTY);
      rungs.push({ startMs: 0.5, listsPerMs: 0.5, last: 0, current: 0, lists: empty });
    }
    const rung = rungs[depth++];
    rung.startMs = minMs;
    rung.listsPerMs = listsPerMs;
    rung.last = wanted - 1;
    rung.current = -1;
    return true;
  }

  /** Too many at hand: they become a rung of their own. */
  function spread(): void {
    let list = EMPTY;
    while (run.end + near.end > 0) {
      const events = firstOf();
      list = append(lists, list, events.firstMs, events.kinds[events.next], events.ids[events.next]);
      dropFirst(events);
    }
    open(list, 0);
    advance();
  }

  function passCancelled(): void {
    const { kind, id } = queue;
    while (cancelled > 0) {
      const events = firstOf();
      const timer = events.ids[events.next];
      if (events.kinds[events.next] < CANCELLABLE || !timers.isCancelled(timer)) break;
      cancelled--;
      take();
      timers.end(timer);
    }
    queue.kind = kind;
    queue.id = id;
  }

  function pushCancellable(atMs: number, eventKind: number, eventId: number): number {
    const timer = timers.start(eventKind, eventId);
    push(atMs, CANCELLABLE, timer);
    return timers.handleOf(timer);
  }

  function knows(handle: number): boolean {
    return timers.knows(handle);
  }

  function cancel(handle: number): boolean {
    const timer = timers.pending(handle);
    if (timer < 0) return false;
    timers.cancel(timer);
    queue.size--;
    cancelled++;
    passCancelled();
    if (cancelled > CANCELLED_MAX && cancelled > queue.size) forgetCancelled();
    return true;
  }

  /** Once most are cancelled, the others are laid out afresh, so that memory follows those still to come. */
  function forgetCancelled(): void {
    let kept = EMPTY;
    const keep = (atMs: number, eventKind: number, eventId: number) => {
      if (eventKind >= CANCELLABLE && timers.isCancelled(eventId)) timers.end(eventId);
      else kept = append(lists, kept, atMs, eventKind, eventId);
    };
    while (run.end + near.end > 0) {
      const events = firstOf();
      keep(events.firstMs, events.kinds[events.next], events.ids[events.next]);
      dropFirst(events);
    }
    for (; depth > 0; depth--) {
      const { lists: tails, current, last } = rungs[depth - 1];
      for (let list = current + 1; list <= last; list++) {
        while (tails[list] !== EMPTY) {
          const { count, rest } = takeSome(lists, tails[list], unsorted);
          for (let i = 0; i < count; i++) keep(unsorted.atMs[i], unsorted.kinds[i], unsorted.ids[i]);
          tails[list] = rest;
        }
      }
    }
    cancelled = 0;
    if (kept === EMPTY) return;
    open(kept, SORT_LAST_MAX);
    advance();
  }

  return queue;
}
