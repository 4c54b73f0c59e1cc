// Sessions in memory: a row of 32 bytes each, so that an access touches one cache line however many millions are stored. The first half
// of a row is two moments, the second four whole numbers; both are views of one buffer. What only a few sessions need at a time (who
// holds one, who waits for one) stands elsewhere, in attention.ts.

/** Places of the moments of session s, from s × MOMENTS on. */
export const MOMENTS = 4;
export const STARTED_AT = 0;
export const EXPIRES_AT = 1;

/** Places of the whole numbers of session s, from s × WORDS on. */
export const WORDS = 8;
/** The next in the one list that the session stands in: of its bucket of deadlines, or of the free places. */
export const NEXT = 4;
/** Its record of attention. */
export const ATTENDED = 5;
/** Bytes of its state, as an unsigned number. */
export const BYTES = 6;
/** Three in one: how often the place was used before (14 bits), the store (16 bits), the state (2 bits). */
export const STANDING = 7;

const FREE = 0;
export const LIVE = 1;
export const EXPIRED = 2;
/** Removed before its deadline came: the place is free once the deadline has surfaced. */
export const DEAD = 3;
export const STATE_BITS = 3;
const STORE_SHIFT = 2;
const GENERATION_SHIFT = 18;

export const NONE = -1;

export const stateIn = (standing: number) => standing & STATE_BITS;
export const storeIn = (standing: number) => (standing >>> STORE_SHIFT) & 0xffff;
/** Of a session that begins: what the place was used for before is counted on. */
export const newStanding = (standing: number, store: number) =>
  (generationIn(standing) << GENERATION_SHIFT) | (store << STORE_SHIFT) | LIVE;
/** Of a session that is removed: who remembers it can tell that it has gone. */
export const removedStanding = (standing: number) =>
  ((generationIn(standing) + 1) << GENERATION_SHIFT) | (storeIn(standing) << STORE_SHIFT) | DEAD;
/** Tells a session from an earlier and a later one in its place. */
export const generationIn = (standing: number) => standing >>> GENERATION_SHIFT;

export interface SessionRows {
  /** Read both afresh after every `take`: growing replaces them. */
  readonly moments: Float64Array;
  readonly words: Int32Array;
  /** One above the highest place ever used. */
  readonly top: number;
  /** A free place; of what was there before only the standing counts. */
  take(): number;
  give(session: number): void;
}

const ROW_BYTES = 32;
const FIRST_CAPACITY = 256;
/** Up to here the table doubles; beyond, it grows by an eighth, so that little of it stands empty. */
const DOUBLES_UP_TO = 65_536;

export function createSessionRows(): SessionRows {
  let buffer = new ArrayBuffer(FIRST_CAPACITY * ROW_BYTES);
  let capacity = FIRST_CAPACITY;
  let firstFree = NONE;
  const rows = { moments: new Float64Array(buffer), words: new Int32Array(buffer), top: 0, take, give };

  function grow(): void {
    capacity += capacity < DOUBLES_UP_TO ? capacity : capacity >> 3;
    buffer = buffer.transfer(capacity * ROW_BYTES);
    rows.moments = new Float64Array(buffer);
    rows.words = new Int32Array(buffer);
  }

  function take(): number {
    if (firstFree !== NONE) {
      const session = firstFree;
      firstFree = rows.words[session * WORDS + NEXT];
      return session;
    }
    if (rows.top === capacity) grow();
    return rows.top++;
  }

  function give(session: number): void {
    const at = session * WORDS + STANDING;
    rows.words[at] = (rows.words[at] & ~STATE_BITS) | FREE;
    rows.words[session * WORDS + NEXT] = firstFree;
    firstFree = session;
  }

  return rows;
}
