// Unsorted lists of events, thousands of them that grow and vanish all the time: records of 16 bytes in chunks that the lists share.
// A list is one number, the place of its last record; its chunks form a ring, so that the last one leads to the first.

/** An empty list. */
export const EMPTY = -1;

const CHUNK_BITS = 4;
const CHUNK_MASK = (1 << CHUNK_BITS) - 1;

/** What is in a list: the columns hold `count` events in the order they were appended. */
export interface EventColumns {
  atMs: Float64Array;
  kinds: Int32Array;
  ids: Int32Array;
}

export interface EventLists {
  /** @returns the list with the event at its end. */
  append(list: number, atMs: number, kind: number, id: number): number;
  /** How many events a list has and between which finite moments; holds until the next survey. */
  survey(list: number): Survey;
  /** Deals the events of a list out to others by moment, in order, and leaves it empty. */
  deal(list: number, rung: Rung): void;
  /** Copies the events of a list, in order, and leaves it empty. */
  drain(list: number, into: EventColumns): void;
}

export interface Survey {
  count: number;
  minMs: number;
  /** The latest finite moment; below `minMs` when there is none. */
  maxMs: number;
}

/** Consecutive lists of equal width in time. What is later than the last of them is in the last all the same. */
export interface Rung {
  startMs: number;
  listsPerMs: number;
  last: number;
  /** The list that was opened last; −1 before the first. */
  current: number;
  readonly lists: Int32Array;
}

/** Rounding never goes against the order of time: a later moment is in the same list or a later one. */
export function listOf(rung: Rung, atMs: number): number {
  const place = (atMs - rung.startMs) * rung.listsPerMs;
  return place >= rung.last ? rung.last : place > 0 ? place | 0 : 0;
}

export function createEventLists(): EventLists {
  let chunks = 64;
  let buffer = new ArrayBuffer(chunks << (CHUNK_BITS + 4));
  let doubles = new Float64Array(buffer);
  let words = new Int32Array(buffer);
  let following = new Int32Array(chunks);
  let top = 0;
  let free = EMPTY;
  const surveyed: Survey = { count: 0, minMs: 0.5, maxMs: 0.5 };

  function grow(): void {
    chunks += Math.max(64, chunks >> 1);
    buffer = new ArrayBuffer(chunks << (CHUNK_BITS + 4));
    const larger = new Int32Array(buffer);
    larger.set(words);
    words = larger;
    doubles = new Float64Array(buffer);
    const longer = new Int32Array(chunks);
    longer.set(following);
    following = longer;
  }

  /** A fresh chunk after the last record of a list. @returns its first place. */
  function extend(list: number): number {
    let chunk = free;
    if (chunk === EMPTY) {
      if (top === chunks) grow();
      chunk = top++;
    } else {
      free = following[chunk];
    }
    if (list === EMPTY) {
      following[chunk] = chunk;
    } else {
      const tail = list >> CHUNK_BITS;
      following[chunk] = following[tail];
      following[tail] = chunk;
    }
    return chunk << CHUNK_BITS;
  }

  function append(list: number, atMs: number, kind: number, id: number): number {
    let place = list + 1;
    if ((place & CHUNK_MASK) === 0) place = extend(list);
    doubles[place * 2] = atMs;
    words[place * 4 + 2] = kind;
    words[place * 4 + 3] = id;
    return place;
  }

  const firstChunk = (list: number) => following[list >> CHUNK_BITS];
  /** One after the last place of a list in a chunk. */
  const endIn = (chunk: number, list: number) =>
    chunk === list >> CHUNK_BITS ? list + 1 : (chunk + 1) << CHUNK_BITS;

  function survey(list: number): Survey {
    let count = 0;
    let minMs = Number.POSITIVE_INFINITY;
    let maxMs = Number.NEGATIVE_INFINITY;
    for (let chunk = firstChunk(list); ; chunk = following[chunk]) {
      const end = endIn(chunk, list);
      const start = chunk << CHUNK_BITS;
      count += end - start;
      for (let place = start; place < end; place++) {
        const at = doubles[place * 2];
        if (at < minMs) minMs = at;
        if (at > maxMs && at !== Number.POSITIVE_INFINITY) maxMs = at;
      }
      if (chunk === list >> CHUNK_BITS) break;
    }
    surveyed.count = count;
    surveyed.minMs = minMs;
    surveyed.maxMs = maxMs;
    return surveyed;
  }

  function deal(list: number, rung: Rung): void {
    const { lists } = rung;
    const tail = list >> CHUNK_BITS;
    let chunk = firstChunk(list);
    for (;;) {
      const end = endIn(chunk, list);
      for (let place = chunk << CHUNK_BITS; place < end; place++) {
        const at = doubles[place * 2];
        const target = listOf(rung, at);
        lists[target] = append(lists[target], at, words[place * 4 + 2], words[place * 4 + 3]);
      }
      const next = following[chunk];
      following[chunk] = free;
      free = chunk;
      if (chunk === tail) return;
      chunk = next;
    }
  }

  function drain(list: number, into: EventColumns): void {
    const { atMs, kinds, ids } = into;
    const tail = list >> CHUNK_BITS;
    const first = firstChunk(list);
    let count = 0;
    for (let chunk = first; ; chunk = following[chunk]) {
      const end = endIn(chunk, list);
      for (let place = chunk << CHUNK_BITS; place < end; place++) {
        atMs[count] = doubles[place * 2];
        kinds[count] = words[place * 4 + 2];
        ids[count] = words[place * 4 + 3];
        count++;
      }
      if (chunk === tail) break;
    }
    following[tail] = free;
    free = first;
  }

  return { append, survey, deal, drain };
}
