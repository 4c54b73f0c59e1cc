// Unsorted lists of events, thousands of them that grow and vanish all the time: records of 16 bytes in chunks that the lists share.
// A list is one number, the place of its last record; its chunks form a ring, so that the last one leads to the first.

/** An empty list. */
export const EMPTY = -1;

const CHUNK_BITS = 4;
const CHUNK_MASK = (1 << CHUNK_BITS) - 1;
const RECORD_BITS = 4;

export interface EventLists {
  /** Moments, at twice the place of a record. */
  doubles: Float64Array;
  /** Kind and id, at four times the place and two and three. */
  words: Int32Array;
  /** The chunk after each chunk. */
  following: Int32Array;
  /** The first of the chunks that were given back, and the first that was never used. */
  free: number;
  top: number;
}

/** Events by column: `count` of them, in the order they were appended. */
export interface EventColumns {
  atMs: Float64Array;
  kinds: Int32Array;
  ids: Int32Array;
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
  const chunks = 16;
  const buffer = new ArrayBuffer(chunks << (CHUNK_BITS + RECORD_BITS));
  return {
    doubles: new Float64Array(buffer),
    words: new Int32Array(buffer),
    following: new Int32Array(chunks),
    free: EMPTY,
    top: 0,
  };
}

/** @returns the list with the event at its end. */
export function append(pool: EventLists, list: number, atMs: number, kind: number, id: number): number {
  let place = list + 1;
  if ((place & CHUNK_MASK) === 0) place = extend(pool, list);
  pool.doubles[place * 2] = atMs;
  pool.words[place * 4 + 2] = kind;
  pool.words[place * 4 + 3] = id;
  return place;
}

/** A fresh chunk after the last record of a list. @returns its first place. */
function extend(pool: EventLists, list: number): number {
  let chunk = pool.free;
  if (chunk === EMPTY) {
    if (pool.top === pool.following.length) grow(pool);
    chunk = pool.top++;
  } else {
    pool.free = pool.following[chunk];
  }
  const { following } = pool;
  if (list === EMPTY) {
    following[chunk] = chunk;
  } else {
    const tail = list >> CHUNK_BITS;
    following[chunk] = following[tail];
    following[tail] = chunk;
  }
  return chunk << CHUNK_BITS;
}

function grow(pool: EventLists): void {
  const { words, following } = pool;
  const chunks = following.length + Math.max(16, following.length >> 1);
  const buffer = new ArrayBuffer(chunks << (CHUNK_BITS + RECORD_BITS));
  pool.doubles = new Float64Array(buffer);
  pool.words = new Int32Array(buffer);
  pool.words.set(words);
  pool.following = new Int32Array(chunks);
  pool.following.set(following);
}

export interface Survey {
  count: number;
  minMs: number;
  /** The latest finite moment; −Infinity when there is none. */
  maxMs: number;
}

export function survey(pool: EventLists, list: number): Survey {
  const { doubles, following } = pool;
  const tail = list >> CHUNK_BITS;
  let count = 0;
  let minMs = Number.POSITIVE_INFINITY;
  let maxMs = Number.NEGATIVE_INFINITY;
  let chunk = tail;
  do {
    chunk = following[chunk];
    const start = chunk << CHUNK_BITS;
    const end = chunk === tail ? list + 1 : start + CHUNK_MASK + 1;
    count += end - start;
    for (let place = start; place < end; place++) {
      const at = doubles[place * 2];
      if (at < minMs) minMs = at;
      if (at > maxMs && at !== Number.POSITIVE_INFINITY) maxMs = at;
    }
  } while (chunk !== tail);
  return { count, minMs, maxMs };
}

/** Deals the events of a list out to the lists of a rung, in order. The list is then empty. */
export function deal(pool: EventLists, list: number, rung: Rung): void {
  const { lists } = rung;
  const tail = list >> CHUNK_BITS;
  let chunk = pool.following[tail];
  for (;;) {
    const start = chunk << CHUNK_BITS;
    const end = chunk === tail ? list + 1 : start + CHUNK_MASK + 1;
    for (let place = start; place < end; place++) {
      const at = pool.doubles[place * 2];
      const target = listOf(rung, at);
      lists[target] = append(pool, lists[target], at, pool.words[place * 4 + 2], pool.words[place * 4 + 3]);
    }
    const next = pool.following[chunk];
    free(pool, chunk);
    if (chunk === tail) return;
    chunk = next;
  }
}

function free(pool: EventLists, chunk: number): void {
  pool.following[chunk] = pool.free;
  pool.free = chunk;
}

/** Copies the first few events of a list, in order, and takes them out of it. @returns how many, 1 to 16, and the list without them. */
export function takeSome(pool: EventLists, list: number, into: EventColumns): { count: number; rest: number } {
  const { doubles, words, following } = pool;
  const tail = list >> CHUNK_BITS;
  const chunk = following[tail];
  const start = chunk << CHUNK_BITS;
  const count = chunk === tail ? list + 1 - start : CHUNK_MASK + 1;
  for (let i = 0; i < count; i++) {
    into.atMs[i] = doubles[(start + i) * 2];
    into.kinds[i] = words[(start + i) * 4 + 2];
    into.ids[i] = words[(start + i) * 4 + 3];
  }
  following[tail] = following[chunk];
  free(pool, chunk);
  return { count, rest: chunk === tail ? EMPTY : list };
}

/** Copies the events of a list, in order. The list is then empty. */
export function drain(pool: EventLists, list: number, into: EventColumns): void {
  const { doubles, words, following } = pool;
  const { atMs, kinds, ids } = into;
  const tail = list >> CHUNK_BITS;
  const first = following[tail];
  let count = 0;
  let chunk = tail;
  do {
    chunk = following[chunk];
    const start = chunk << CHUNK_BITS;
    const end = chunk === tail ? list + 1 : start + CHUNK_MASK + 1;
    for (let place = start; place < end; place++) {
      atMs[count] = doubles[place * 2];
      kinds[count] = words[place * 4 + 2];
      ids[count] = words[place * 4 + 3];
      count++;
    }
  } while (chunk !== tail);
  following[tail] = pool.free;
  pool.free = first;
}
