// The future: events by moment, equal moments in the order they were scheduled. An implicit 4-ary heap over typed arrays: no object
// an event, and the four children of a node share a cache line.

import { assert } from "../../config/assert.ts";

export interface EventQueue {
  readonly size: number;
  /** Moment of the first event; Infinity when there is none. */
  readonly nextAtMs: number;
  push(atMs: number, kind: number, id: number): void;
  /** Takes the first event away and says which it was: `kind` and `id` hold until the next call. */
  pop(): void;
  readonly kind: number;
  readonly id: number;
}

export function createEventQueue(): EventQueue {
  let capacity = 1024;
  let atMs = new Float64Array(capacity);
  let order = new Float64Array(capacity);
  let kinds = new Uint8Array(capacity);
  let ids = new Int32Array(capacity);
  let size = 0;
  let scheduled = 0;
  let kind = 0;
  let id = 0;

  function grow(): void {
    capacity *= 2;
    atMs = copyInto(new Float64Array(capacity), atMs);
    order = copyInto(new Float64Array(capacity), order);
    kinds = copyInto(new Uint8Array(capacity), kinds);
    ids = copyInto(new Int32Array(capacity), ids);
  }

  function put(index: number, at: number, sequence: number, eventKind: number, eventId: number): void {
    atMs[index] = at;
    order[index] = sequence;
    kinds[index] = eventKind;
    ids[index] = eventId;
  }

  function push(at: number, eventKind: number, eventId: number): void {
    if (size === capacity) grow();
    const sequence = scheduled++;
    let index = size++;
    while (index > 0) {
      const parent = (index - 1) >> 2;
      // A newcomer has the highest sequence number: it passes only events that are strictly later.
      if (atMs[parent] <= at) break;
      put(index, atMs[parent], order[parent], kinds[parent], ids[parent]);
      index = parent;
    }
    put(index, at, sequence, eventKind, eventId);
  }

  function pop(): void {
    assert(size > 0, "an event is popped only where there is one");
    kind = kinds[0];
    id = ids[0];
    size--;
    if (size === 0) return;
    const at = atMs[size];
    const sequence = order[size];
    const lastKind = kinds[size];
    const lastId = ids[size];
    let index = 0;
    for (;;) {
      const firstChild = index * 4 + 1;
      if (firstChild >= size) break;
      let first = firstChild;
      const end = Math.min(firstChild + 4, size);
      for (let child = firstChild + 1; child < end; child++) {
        if (atMs[child] < atMs[first] || (atMs[child] === atMs[first] && order[child] < order[first])) first = child;
      }
      if (at < atMs[first] || (at === atMs[first] && sequence < order[first])) break;
      put(index, atMs[first], order[first], kinds[first], ids[first]);
      index = first;
    }
    put(index, at, sequence, lastKind, lastId);
  }

  return {
    push,
    pop,
    get size() {
      return size;
    },
    get nextAtMs() {
      return size === 0 ? Number.POSITIVE_INFINITY : atMs[0];
    },
    get kind() {
      return kind;
    },
    get id() {
      return id;
    },
  };
}

function copyInto<T extends Float64Array | Uint8Array | Int32Array>(target: T, source: T): T {
  target.set(source as never);
  return target;
}
