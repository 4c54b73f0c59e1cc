// Puts the events of one list in order of time, equal moments as they stand: one pass that throws them into as many bins as there are
// events, then an insertion sort over what is then nearly sorted. Events that huddle together in a few bins are merged instead.

import type { EventColumns } from "./event-lists.ts";

/** Below this an insertion sort alone is quicker. */
const FEW = 12;
/** Moves an event, on average, after which the bins are taken to have been no help. */
const MOVES = 8;

/**
 * Orders the first `count` events of `from`, which lie between two moments or at Infinity, into `into`.
 * @param bins scratch, as long as there are events.
 */
export function sortRun(
  from: EventColumns,
  count: number,
  minMs: number,
  maxMs: number,
  into: EventColumns,
  bins: Int32Array,
): void {
  const binsPerMs = count / (maxMs - minMs);
  if (count > FEW && binsPerMs > 0 && binsPerMs < Number.POSITIVE_INFINITY) {
    throwIntoBins(from, count, minMs, binsPerMs, into, bins);
  } else {
    copy(from, 0, into, 0, count);
  }
  if (!insertionSort(into, count)) mergeSort(into, count, from);
}

function throwIntoBins(
  from: EventColumns,
  count: number,
  minMs: number,
  binsPerMs: number,
  into: EventColumns,
  bins: Int32Array,
): void {
  const { atMs, kinds, ids } = from;
  const last = count - 1;
  bins.fill(0, 0, count);
  for (let i = 0; i < count; i++) {
    const place = (atMs[i] - minMs) * binsPerMs;
    bins[place < last ? place | 0 : last]++;
  }
  let end = 0;
  for (let bin = 0; bin < count; bin++) {
    end += bins[bin];
    bins[bin] = end;
  }
  // From the back, so that equal moments keep their order.
  for (let i = last; i >= 0; i--) {
    const place = (atMs[i] - minMs) * binsPerMs;
    const target = --bins[place < last ? place | 0 : last];
    into.atMs[target] = atMs[i];
    into.kinds[target] = kinds[i];
    into.ids[target] = ids[i];
  }
}

/** @returns whether it was finished; an unfinished one has moved events but kept equal moments in order. */
function insertionSort(columns: EventColumns, count: number): boolean {
  const { atMs, kinds, ids } = columns;
  let moves = count * MOVES;
  for (let i = 1; i < count; i++) {
    const at = atMs[i];
    if (atMs[i - 1] <= at) continue;
    const kind = kinds[i];
    const id = ids[i];
    let to = i;
    do {
      atMs[to] = atMs[to - 1];
      kinds[to] = kinds[to - 1];
      ids[to] = ids[to - 1];
      to--;
    } while (to > 0 && atMs[to - 1] > at);
    atMs[to] = at;
    kinds[to] = kind;
    ids[to] = id;
    moves -= i - to;
    if (moves < 0) return false;
  }
  return true;
}

/** Bottom-up and stable: n log n whatever the moments. */
function mergeSort(columns: EventColumns, count: number, spare: EventColumns): void {
  let from = columns;
  let into = spare;
  for (let width = 1; width < count; width *= 2) {
    for (let start = 0; start < count; start += 2 * width) {
      merge(from, into, start, Math.min(start + width, count), Math.min(start + 2 * width, count));
    }
    [from, into] = [into, from];
  }
  if (from !== columns) copy(from, 0, columns, 0, count);
}

function merge(from: EventColumns, into: EventColumns, start: number, middle: number, end: number): void {
  let left = start;
  let right = middle;
  for (let to = start; to < end; to++) {
    const takeLeft = left < middle && (right >= end || from.atMs[left] <= from.atMs[right]);
    copy(from, takeLeft ? left++ : right++, into, to, 1);
  }
}

function copy(from: EventColumns, start: number, into: EventColumns, to: number, count: number): void {
  for (let i = 0; i < count; i++) {
    into.atMs[to + i] = from.atMs[start + i];
    into.kinds[to + i] = from.kinds[start + i];
    into.ids[to + i] = from.ids[start + i];
  }
}
