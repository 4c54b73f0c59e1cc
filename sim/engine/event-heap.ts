// The events at hand, in order: an implicit 4-ary heap over typed arrays. The four children of a node share a cache line, and nothing
// beats it for a few; the event queue keeps only so many here and the rest of the future unsorted.

export interface EventHeap {
  readonly size: number;
  /** Moment of the first event; Infinity when there is none. */
  readonly firstMs: number;
  readonly firstKind: number;
  readonly firstId: number;
  push(atMs: number, kind: number, id: number): void;
  /** Takes the first event away. There must be one. */
  drop(): void;
}

export function createEventHeap(): EventHeap {
  let capacity = 64;
  let atMs = new Float64Array(capacity);
  let order = new Float64Array(capacity);
  let kinds = new Int32Array(capacity);
  let ids = new Int32Array(capacity);
  let size = 0;
  /** How many came before: what orders equal moments. Starts again whenever the heap is empty. */
  let came = 0;

  function grow(): void {
    capacity *= 2;
    const larger = [new Float64Array(capacity), new Float64Array(capacity)];
    larger[0].set(atMs);
    larger[1].set(order);
    const largerKinds = new Int32Array(capacity);
    const largerIds = new Int32Array(capacity);
    largerKinds.set(kinds);
    largerIds.set(ids);
    [atMs, order] = larger;
    kinds = largerKinds;
    ids = largerIds;
  }

  function move(from: number, to: number): void {
    atMs[to] = atMs[from];
    order[to] = order[from];
    kinds[to] = kinds[from];
    ids[to] = ids[from];
  }

  function push(at: number, kind: number, id: number): void {
    if (size === capacity) grow();
    if (size === 0) came = 0;
    let index = size++;
    while (index > 0) {
      const parent = (index - 1) >> 2;
      // A newcomer came last: it passes only events that are strictly later.
      if (atMs[parent] <= at) break;
      move(parent, index);
      index = parent;
    }
    atMs[index] = at;
    order[index] = came++;
    kinds[index] = kind;
    ids[index] = id;
  }

  function drop(): void {
    const last = --size;
    if (last === 0) return;
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
      move(first, index);
      index = first;
    }
    move(last, index);
  }

  return {
    push,
    drop,
    get size() {
      return size;
    },
    get firstMs() {
      return size === 0 ? Number.POSITIVE_INFINITY : atMs[0];
    },
    get firstKind() {
      return kinds[0];
    },
    get firstId() {
      return ids[0];
    },
  };
}
