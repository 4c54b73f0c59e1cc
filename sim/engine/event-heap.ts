// The events at hand, in order: an implicit 4-ary heap over typed arrays. The four children of a node share a cache line, and nothing
// beats it for a few; the event queue keeps only so many here and the rest of the future unsorted.

export interface EventHeap {
  size: number;
  /** Moment of the first event; Infinity when there is none. */
  firstMs: number;
  /** How many came before: what orders equal moments. Starts again when the heap was empty. */
  came: number;
  atMs: Float64Array;
  order: Float64Array;
  kinds: Int32Array;
  ids: Int32Array;
}

export function createEventHeap(): EventHeap {
  const capacity = 64;
  return {
    size: 0,
    firstMs: Number.POSITIVE_INFINITY,
    came: 0,
    atMs: new Float64Array(capacity),
    order: new Float64Array(capacity),
    kinds: new Int32Array(capacity),
    ids: new Int32Array(capacity),
  };
}

export function pushToHeap(heap: EventHeap, atMs: number, kind: number, id: number): void {
  let index = heap.size++;
  if (index === 0) heap.came = 0;
  if (index === heap.ids.length) grow(heap);
  if (index > 0) index = rise(heap, index, atMs);
  if (index === 0) heap.firstMs = atMs;
  heap.atMs[index] = atMs;
  heap.order[index] = heap.came++;
  heap.kinds[index] = kind;
  heap.ids[index] = id;
}

/** Makes room for a newcomer at `atMs`. It came last, so it passes only events that are strictly later. @returns its place. */
function rise(heap: EventHeap, from: number, atMs: number): number {
  let index = from;
  while (index > 0) {
    const parent = (index - 1) >> 2;
    if (heap.atMs[parent] <= atMs) break;
    move(heap, parent, index);
    index = parent;
  }
  return index;
}

/** Takes the first event away. There must be one. */
export function dropFromHeap(heap: EventHeap): void {
  const last = --heap.size;
  if (last === 0) {
    heap.firstMs = Number.POSITIVE_INFINITY;
    return;
  }
  sink(heap, last);
  heap.firstMs = heap.atMs[0];
}

function sink(heap: EventHeap, last: number): void {
  const { atMs, order } = heap;
  const at = atMs[last];
  const rank = order[last];
  let index = 0;
  for (let child = 1; child < last; child = index * 4 + 1) {
    let first = child;
    const end = child + 4 < last ? child + 4 : last;
    for (let other = child + 1; other < end; other++) {
      if (atMs[other] < atMs[first] || (atMs[other] === atMs[first] && order[other] < order[first])) first = other;
    }
    if (at < atMs[first] || (at === atMs[first] && rank < order[first])) break;
    move(heap, first, index);
    index = first;
  }
  move(heap, last, index);
}

function move(heap: EventHeap, from: number, to: number): void {
  heap.atMs[to] = heap.atMs[from];
  heap.order[to] = heap.order[from];
  heap.kinds[to] = heap.kinds[from];
  heap.ids[to] = heap.ids[from];
}

function grow(heap: EventHeap): void {
  const capacity = heap.ids.length * 2;
  const { atMs, order, kinds, ids } = heap;
  heap.atMs = new Float64Array(capacity);
  heap.order = new Float64Array(capacity);
  heap.kinds = new Int32Array(capacity);
  heap.ids = new Int32Array(capacity);
  heap.atMs.set(atMs);
  heap.order.set(order);
  heap.kinds.set(kinds);
  heap.ids.set(ids);
}
