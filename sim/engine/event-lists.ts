// Unsorted lists of events, thousands of them that grow and vanish all the time: records of 16 bytes in chunks that the lists share.
// A list is one number, the place of its last record; its chunks form a ring, so that the last one leads to the first. The records
// lie in pages, so that more of them are made room for without copying those that are there.

/** An empty list. */
export const EMPTY = -1;

const CHUNK_BITS = 5;
const CHUNK_MASK = (1 << CHUNK_BITS) - 1;
const PAGE_BITS = 14;
const PAGE_MASK = (1 << PAGE_BITS) - 1;
const RECORD_BITS = 4;

export interface EventLists {
  /** Page by page: moments, at twice the place of a record in its page. */
  doubles: Float64Array[];
  /** The same pages: kind and id, at four times the place and two and three. */
  words: Int32Array[];
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
  return { doubles: [], words: [], following: new Int32Array(64), free: EMPTY, top: 0 };
}

/** @returns the list with the event at its end. */
export function append(pool: EventLists, list: number, atMs: number, kind: number, id: number): number {
  let place = list + 1;
  if ((place & CHUNK_MASK) === 0) place = extend(pool, list);
  const page = place >> PAGE_BITS;
  const record = place & PAGE_MASK;
  const words = pool.words[page];
  pool.doubles[page][record * 2] = atMs;
  words[record * 4 + 2] = kind;
  words[record * 4 + 3] = id;
  return place;
}

/** A fresh chunk after the last record of a list. @returns its first place. */
function extend(pool: EventLists, list: number): number {
  let chunk = pool.free;
  if (chunk === EMPTY) {
    chunk = pool.top++;
    if (chunk >> (PAGE_BITS - CHUNK_BITS) === pool.words.length) addPage(pool);
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

function addPage(pool: EventLists): void {
  const buffer = new ArrayBuffer(1 << (PAGE_BITS + RECORD_BITS));
  pool.doubles.push(new Float64Array(buffer));
  pool.words.push(new Int32Array(buffer));
  const chunks = pool.words.length << (PAGE_BITS - CHUNK_BITS);
  if (chunks <= pool.following.length) return;
  const longer = new Int32Array(chunks * 2);
  longer.set(pool.following);
  pool.following = longer;
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
    const start = (chunk << CHUNK_BITS) & PAGE_MASK;
    const end = start + lengthOf(chunk, list);
    const moments = doubles[chunk >> (PAGE_BITS - CHUNK_BITS)];
    count += end - start;
    for (let record = start; record < end; record++) {
      const at = moments[record * 2];
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
    const start = (chunk << CHUNK_BITS) & PAGE_MASK;
    const end = start + lengthOf(chunk, list);
    const doubles = pool.doubles[chunk >> (PAGE_BITS - CHUNK_BITS)];
    const words = pool.words[chunk >> (PAGE_BITS - CHUNK_BITS)];
    for (let record = start; record < end; record++) {
      const at = doubles[record * 2];
      const target = listOf(rung, at);
      lists[target] = append(pool, lists[target], at, words[record * 4 + 2], words[record * 4 + 3]);
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

/** Copies the first few events of a list, in order, and takes them out of it. @returns how many, at least 1, and the list without them. */
export function takeSome(pool: EventLists, list: number, into: EventColumns): { count: number; rest: number } {
  const tail = list >> CHUNK_BITS;
  const chunk = pool.following[tail];
  const count = copyChunk(pool, list, chunk, into, 0);
  pool.following[tail] = pool.following[chunk];
  free(pool, chunk);
  return { count, rest: chunk === tail ? EMPTY : list };
}

/** Copies the events of a list, in order. The list is then empty. */
export function drain(pool: EventLists, list: number, into: EventColumns): void {
  const { following } = pool;
  const tail = list >> CHUNK_BITS;
  const first = following[tail];
  let count = 0;
  let chunk = tail;
  do {
    chunk = following[chunk];
    count += copyChunk(pool, list, chunk, into, count);
  } while (chunk !== tail);
  following[tail] = pool.free;
  pool.free = first;
}

/** @returns how many events were copied. */
function copyChunk(pool: EventLists, list: number, chunk: number, into: EventColumns, to: number): number {
  const { atMs, kinds, ids } = into;
  const doubles = pool.doubles[chunk >> (PAGE_BITS - CHUNK_BITS)];
  const words = pool.words[chunk >> (PAGE_BITS - CHUNK_BITS)];
  const start = (chunk << CHUNK_BITS) & PAGE_MASK;
  const count = lengthOf(chunk, list);
  for (let i = 0; i < count; i++) {
    const record = start + i;
    atMs[to + i] = doubles[record * 2];
    kinds[to + i] = words[record * 4 + 2];
    ids[to + i] = words[record * 4 + 3];
  }
  return count;
}

/** Events of a list in one of its chunks: the last may have room left. */
function lengthOf(chunk: number, list: number): number {
  return chunk === list >> CHUNK_BITS ? (list & CHUNK_MASK) + 1 : CHUNK_MASK + 1;
}
