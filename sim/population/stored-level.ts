// How many sessions each store holds, in the order of time: what the cap asks when somebody wants one more, and what the maxima are
// read from. Ends of sessions are known long before they come, and are booked ahead: those that a sweep finds as a count for that
// sweep, however many they are; others one by one.

import { assert } from "../../config/assert.ts";
import { STATE_BYTES_MAX } from "../../workload/journeys.ts";
import { createEventQueue } from "../engine/event-queue.ts";
import { createSlots } from "../engine/slots.ts";
import type { LossMoment } from "../strokes.ts";

export interface StoredLevel {
  /** Most sessions, and most bytes, since the last restart. */
  maxima(): { sessions: number; bytes: number };
  /** Makes it `nowMs`: places given up by then are free, those of sessions that expire or are swept at this very moment not yet. */
  advance(nowMs: number): void;
  hasRoom(store: number): boolean;
  /** A session begins, or its state grows, now. */
  add(store: number, sessions: number, bytes: number): void;
  /** What a request brings about at a moment to come. */
  bookRequest(atMs: number, store: number, sessions: number, bytes: number): void;
  /** A session will be removed when sweep `number`, at number × interval, finds it. */
  bookSweep(number: number, store: number, bytes: number): void;
  /** A session will be removed at the moment it expires. */
  bookExpiry(atMs: number, store: number, bytes: number): void;
  /** A session will be lost with its worker or store. @param number of the loss. */
  bookLoss(number: number, store: number, bytes: number): void;
  /** Sessions booked as lost so far, by the number of the loss. */
  lostIn(number: number): number;
  /** The maxima begin anew from what is stored now. */
  restart(): void;
}

interface StoredLevelOptions {
  readonly stores: number;
  readonly sessionsMax: number;
  /** 0: no sweeps. */
  readonly sweepMs: number;
  readonly losses: readonly LossMoment[];
  readonly endMs: number;
}

/** Sweeps ahead that have a count of their own; what is booked beyond them is booked singly. */
export const SWEEPS_AHEAD = 1 << 16;
/** Of more, most find nothing: their removals are booked singly. */
const SWEEPS_COUNTED_MAX = 10_000_000;

/** Sweeps of a run whose removals are counted together; 0 where all are booked singly. */
export function sweepsCounted(sweepMs: number, endMs: number): number {
  const sweeps = sweepMs === 0 ? 0 : Math.ceil(endMs / sweepMs);
  return sweeps > SWEEPS_COUNTED_MAX ? 0 : sweeps;
}

export function createStoredLevel(options: StoredLevelOptions): StoredLevel {
  const { stores, sessionsMax, sweepMs, losses, endMs } = options;
  const stored = new Float64Array(stores);
  let total = 0;
  let bytesTotal = 0;
  let max = 0;
  let maxBytes = 0;

  const sweeps = sweepsCounted(sweepMs, endMs);
  const ahead = sweeps === 0 ? 0 : Math.min(SWEEPS_AHEAD, sweeps + 2);
  const swept = new Int32Array(ahead * stores);
  const sweptBytes = new Float64Array(ahead * stores);
  let nextSweep = 1;

  const lost = new Int32Array(losses.length * stores);
  const lostBytes = new Float64Array(losses.length * stores);
  let nextLoss = 0;

  const single = createSlots({ store: "i32", sessions: "i32", bytes: "f64" });
  const byRequest = createEventQueue();
  /** One session each: its store is the kind, its bytes the id. */
  const byExpiry = createEventQueue();

  function change(store: number, sessions: number, bytes: number): void {
    stored[store] += sessions;
    total += sessions;
    bytesTotal += bytes;
    if (total > max) max = total;
    if (bytesTotal > maxBytes) maxBytes = bytesTotal;
  }

  function takeRequest(): void {
    byRequest.pop();
    const { store, sessions, bytes } = single.columns;
    change(store[byRequest.id], sessions[byRequest.id], bytes[byRequest.id]);
    single.give(byRequest.id);
  }

  function takeExpiry(): void {
    byExpiry.pop();
    change(byExpiry.kind, -1, -(byExpiry.id >>> 0));
  }

  function bookExpiry(atMs: number, store: number, bytes: number): void {
    assert(bytes <= STATE_BYTES_MAX, "the size of a state is a number of 32 bits");
    byExpiry.push(atMs, store, bytes | 0);
    if (atMs < quiet.untilMs) quiet.untilMs = atMs;
  }

  function sweep(): void {
    const from = (nextSweep % ahead) * stores;
    for (let store = 0; store < stores; store++) {
      const sessions = swept[from + store];
      if (sessions === 0) continue;
      change(store, -sessions, -sweptBytes[from + store]);
      swept[from + store] = 0;
      sweptBytes[from + store] = 0;
    }
    nextSweep++;
  }

  function lose(): void {
    for (let store = 0; store < stores; store++) {
      const place = nextLoss * stores + store;
      if (lost[place] > 0) change(store, -lost[place], -lostBytes[place]);
    }
    nextLoss++;
  }

  /** Nothing changes before. */
  const quiet = { untilMs: Number.NEGATIVE_INFINITY };
  const sweepAtMs = () => (ahead === 0 ? Number.POSITIVE_INFINITY : nextSweep * sweepMs);
  const lossAtMs = () => (nextLoss < losses.length ? losses[nextLoss].atMs : Number.POSITIVE_INFINITY);

  return {
    maxima: () => ({ sessions: max, bytes: maxBytes }),
    advance(nowMs) {
      if (nowMs < quiet.untilMs) return;
      for (;;) {
        const requestMs = byRequest.nextAtMs;
        const endsMs = Math.min(byExpiry.nextAtMs, sweepAtMs(), lossAtMs());
        if (requestMs <= endsMs) {
          if (requestMs > nowMs) break;
          takeRequest();
        } else if (endsMs >= nowMs) {
          break;
        } else if (byExpiry.nextAtMs === endsMs) {
          takeExpiry();
        } else if (sweepAtMs() === endsMs) {
          sweep();
        } else {
          lose();
        }
      }
      quiet.untilMs = Math.min(byRequest.nextAtMs, byExpiry.nextAtMs, sweepAtMs(), lossAtMs());
    },
    hasRoom: (store) => stored[store] < sessionsMax,
    add: change,
    bookRequest(atMs, store, sessions, bytes) {
      const slot = single.take();
      single.columns.store[slot] = store;
      single.columns.sessions[slot] = sessions;
      single.columns.bytes[slot] = bytes;
      byRequest.push(atMs, 0, slot);
      if (atMs < quiet.untilMs) quiet.untilMs = atMs;
    },
    bookSweep(number, store, bytes) {
      if (number - nextSweep >= ahead) {
        bookExpiry(number * sweepMs, store, bytes);
        return;
      }
      const place = (Math.max(number, nextSweep) % ahead) * stores + store;
      swept[place]++;
      sweptBytes[place] += bytes;
    },
    bookExpiry,
    bookLoss(number, store, bytes) {
      lost[number * stores + store]++;
      lostBytes[number * stores + store] += bytes;
    },
    lostIn(number) {
      let sum = 0;
      for (let store = 0; store < stores; store++) sum += lost[number * stores + store];
      return sum;
    },
    restart() {
      max = total;
      maxBytes = bytesTotal;
    },
  };
}
