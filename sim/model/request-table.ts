// The requests under way, as columns of numbers, and the codes that stand in them.

import { createSlots } from "../engine/slots.ts";

/** What a page does with the session. */
export const PAGE_NONE = 0;
export const PAGE_READ_ONLY = 1;
export const PAGE_READ_WRITE = 2;

/** What the last call found. */
export const FOUND = 0;
export const MISSING = 1;
export const LOCKED = 2;
export const REFUSED = 3;

/** What a request does next, once what it waits for is over. */
export const ACQUIRE = 0;
export const GOT = 1;
export const CREATED = 2;
export const PAGE = 3;
export const PAGE_RAN = 4;
export const RELEASE = 5;
export const FINISH = 6;
export const DONE = 7;
export const POLLED = 8;

export {
  CREATE_UNINITIALIZED,
  GET,
  GET_EXCLUSIVE,
  RELEASE_EXCLUSIVE,
  REMOVE,
  RESET_TIMEOUT,
  SET_AND_RELEASE,
} from "../operation-numbers.ts";

export type RequestTable = ReturnType<typeof createRequestTable>;

export function createRequestTable() {
  return createSlots({
    visitor: "i32",
    /** 0 for the page itself, 1 … n for what it sends in parallel. */
    number: "i32",
    process: "i32",
    /** The session it works on, and which of those that had this place. */
    session: "i32",
    generation: "i32",
    waitsOn: "i32",
    waitGeneration: "i32",
    /** The next in whatever queue this request stands in. */
    next: "i32",
    calls: "i32",
    startedAtMs: "f64",
    /** −1 while it never waited, or has not got the lock yet. */
    lockWaitFromMs: "f64",
    lockWaitMs: "f64",
    /** Since when it has its session locked. */
    lockedAtMs: "f64",
    coreMs: "f64",
    /** Work of store calls that the next turn on a core has to do. */
    cpuDueMs: "f64",
    /** Only where faults strike: what it waits for, and the moment; −1 for nothing that is scheduled. */
    dueAtMs: "f64",
    /** What its turn on a core, or at the store, takes longer, for that stood still meanwhile. */
    owedMs: "f64",
    /** Of its store call: since when, until when it may be tried again, when patience ends; −1 for never. */
    callSinceMs: "f64",
    retryUntilMs: "f64",
    timeoutAtMs: "f64",
    onward: "u8",
    operation: "u8",
    outcome: "u8",
    onCore: "u8",
    created: "u8",
    changed: "u8",
    abandons: "u8",
    page: "u8",
    /** It was sent with the cookie of a session. */
    carriesId: "u8",
    /** The session it has created is a new one. */
    fresh: "u8",
    /** It stands in the queue of the store. */
    queued: "u8",
    dueKind: "u8",
  });
}
