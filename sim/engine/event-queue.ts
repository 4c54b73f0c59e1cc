// The future: events by moment, equal moments in the order they were scheduled. A few are kept in a heap. When there are many, the
// future becomes a ladder: lists of equal width in time, unsorted; the list that time has come to is sorted once, or, when it holds
// too many, dealt out to a finer rung; what is scheduled into the sorted part goes to the heap. An event then costs the same
// however many there are. Source: Tang, Goh and Thng, "Ladder queue", ACM TOMACS 15 (2005).

import { assert } from "../../config/assert.ts";
import { createEventHeap, dropFromHeap, pushToHeap } from "./event-heap.ts";
import { append, createEventLists, deal, drain, EMPTY, listOf, type Rung, survey } from "./event-lists.ts";
import { createColumns, sortRun } from "./sorted-run.ts";
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

/** Events that the heap holds before they are spread over a rung. */
const HEAP_MAX = 256;
/** Events in a list that are sorted at once; more are dealt out to a finer rung. */
const SORT_MAX = 4096;
/** The same where no rung is left, and what comes would all go to the heap. */
const SORT_LAST_MAX = 64;
/** Events a list, roughly, on a new rung. */
const EVENTS_A_LIST = 16;
const LISTS_MAX = 4096;
/** Moments that huddle closer and closer together could ask for rung after rung; the last one is sorted as it is. */
const RUNGS_MAX = 8;
/** In `kind`: the event may be cancelled, and `id` is the number of its timer. */
const CANCELLABLE = 0x10000;

export function createEventQueue(): EventQueue {
  const heap = createEventHeap();
  const lists = createEventLists();
  const timers = createTimers();
  /** Coarse to fine: each is the opened list of the one before. */
  const rungs: Rung[] = [];
  let depth = 0;
  let heapMax = HEAP_MAX;
  let run = createColumns(64);
  let unsorted = createColumns(64);
  let bins = new Int32Array(64);
  let runNext = 0;
  let runEnd = 0;
  /** Moments of the first event of the run and of all; fields, because an engine makes a new number for each that a variable gets. */
  const first = { runMs: Number.POSITIVE_INFINITY, atMs: Number.POSITIVE_INFINITY };
  /** Events that have not been taken, those cancelled among them. */
  let held = 0;
  let cancelled = 0;
  let kind = 0;
  let id = 0;

  function push(atMs: number, eventKind: number, eventId: number): void {
    held++;
    if (atMs < first.atMs) first.atMs = atMs;
    if (depth > 0 && pushToRung(atMs, eventKind, eventId)) return;
    pushToHeap(heap, atMs, eventKind, eventId);
    if (heap.size > heapMax) spread();
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

  /** Whether the first event is the sorted run's. One at the same moment in the heap was scheduled later. */
  function runIsFirst(): boolean {
    return runNext < runEnd && first.runMs <= heap.firstMs;
  }

  function pop(): void {
    assert(held > cancelled, "an event is popped only where there is one");
    take();
    if (kind >= CANCELLABLE) reveal();
    if (cancelled > 0) passCancelled();
  }

  /** Takes the very first event away; there is one. Another, if any, is then within reach. */
  function take(): void {
    held--;
    if (runIsFirst()) {
      kind = run.kinds[runNext];
      id = run.ids[runNext];
      first.runMs = ++runNext < runEnd ? run.atMs[runNext] : Number.POSITIVE_INFINITY;
    } else {
      kind = heap.kinds[0];
      id = heap.ids[0];
      dropFromHeap(heap);
    }
    if (depth > 0 && runNext === runEnd && heap.size === 0) advance();
    first.atMs = first.runMs < heap.firstMs ? first.runMs : heap.firstMs;
  }

  /** What the event is that a timer stood for. */
  function reveal(): void {
    timers.end(id);
    kind = timers.kind;
    id = timers.id;
  }

  /** Opens lists until there is an event in the run. */
  function advance(): void {
    while (depth > 0 && runNext === runEnd) {
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
    heapMax = HEAP_MAX;
    const { count, minMs, maxMs } = survey(lists, list);
    if (count > sortMax && startRung(count, minMs, maxMs)) {
      deal(lists, list, rungs[depth - 1]);
      return;
    }
    if (bins.length < count) {
      run = createColumns(count * 2);
      unsorted = createColumns(count * 2);
      bins = new Int32Array(count * 2);
    }
    drain(lists, list, unsorted);
    sortRun(unsorted, count, minMs, maxMs, run, bins);
    runNext = 0;
    runEnd = count;
    first.runMs = run.atMs[0];
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
    while (runNext < runEnd || heap.size > 0) {
      if (runIsFirst()) {
        list = append(lists, list, first.runMs, run.kinds[runNext], run.ids[runNext]);
        first.runMs = ++runNext < runEnd ? run.atMs[runNext] : Number.POSITIVE_INFINITY;
      } else {
        list = append(lists, list, heap.firstMs, heap.kinds[0], heap.ids[0]);
        dropFromHeap(heap);
      }
    }
    open(list, 0);
    advance();
    // Where they could not be spread, it is not tried again for every newcomer.
    heapMax = Math.max(HEAP_MAX, runEnd - runNext);
  }

  function passCancelled(): void {
    const [keptKind, keptId] = [kind, id];
    while (cancelled > 0) {
      const fromRun = runIsFirst();
      const timer = fromRun ? run.ids[runNext] : heap.ids[0];
      const firstKind = fromRun ? run.kinds[runNext] : heap.kinds[0];
      if (firstKind < CANCELLABLE || !timers.isCancelled(timer)) break;
      cancelled--;
      take();
      timers.end(timer);
    }
    kind = keptKind;
    id = keptId;
  }

  return {
    push,
    pop,
    pushCancellable(atMs, eventKind, eventId) {
      const timer = timers.start(eventKind, eventId);
      push(atMs, CANCELLABLE, timer);
      return timers.handleOf(timer);
    },
    knows: timers.knows,
    cancel(handle) {
      const timer = timers.pending(handle);
      if (timer < 0) return false;
      timers.cancel(timer);
      cancelled++;
      passCancelled();
      return true;
    },
    get size() {
      return held - cancelled;
    },
    get nextAtMs() {
      return first.atMs;
    },
    get kind() {
      return kind;
    },
    get id() {
      return id;
    },
  };
}
