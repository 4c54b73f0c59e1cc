// The sessions of one visitor, one at most in each store he comes to, and how each ends: expired and found so by a sweep, a job or an
// access; abandoned; lost with its worker. All of it follows from when he touches them, so an end is put down as soon as it is certain,
// in the record and in the level that the cap looks at, however far ahead it lies.

import type { Site } from "../../config/scenario.ts";
import type { LossMoment } from "../strokes.ts";
import type { RecordBook } from "./record-book.ts";
import { MEASURED } from "./record-book.ts";
import type { StoredLevel } from "./stored-level.ts";

const NONE = -1;

/** Of the visitor under way, by place: 0, or the store where he may have a session in each. */
export interface SessionLives {
  /** Infinity for never. */
  readonly timeoutMs: number;
  /** A slide by less is not recorded. */
  readonly slideMinMs: number;
  /** −1 where there is none. */
  readonly startedAtMs: Float64Array;
  readonly expiresAtMs: Float64Array;
  /** When sessions of that store are lost the next time, as of his beginning; Infinity where they will not be. */
  readonly lostAtMs: Float64Array;
  readonly bytes: Float64Array;
  /** Which store a place is. */
  readonly storeOf: Int32Array;
  /** Lifetimes, start to removal, of sessions that expired or were abandoned in the measured part. */
  readonly lifetimes: { count: number; sumMs: number };
  /** Nobody's sessions. */
  clear(): void;
  /** A new session, now: it is this visitor's turn. */
  start(nowMs: number, place: number, bytes: number): void;
  /** The state of a session grows by a request at a moment to come, or now. */
  grow(atMs: number, place: number, bytes: number): void;
  /** An access: @returns whether the session is there; when it is, its expiry has slid. */
  touch(atMs: number, place: number): boolean;
  abandon(atMs: number, place: number): void;
  /** Nobody will touch it again. */
  leave(place: number): void;
  /** Nobody will touch any until then: what ends before is certain. */
  rest(untilMs: number): void;
}

interface SessionLivesOptions {
  readonly site: Site;
  readonly places: number;
  readonly losses: readonly LossMoment[];
  readonly endMs: number;
  readonly book: RecordBook;
  readonly level: StoredLevel;
}

export function createSessionLives(options: SessionLivesOptions): SessionLives {
  const { site, places, losses, endMs, book, level } = options;
  const revives = site.mode === "SQLServer";
  const timeoutMs = site.timeoutMs ?? Number.POSITIVE_INFINITY;
  /** null: what expired stays. */
  const sweepMs = revives ? site.deleteJobMs : site.expirySweepMs;
  const slideMinMs = revives ? 0 : site.expirySlideMinMs;
  const startedAtMs = new Float64Array(places).fill(NONE);
  const expiresAtMs = new Float64Array(places);
  const lostAtMs = new Float64Array(places);
  const bytesOf = new Float64Array(places);
  const storeOf = Int32Array.from({ length: places }, (_, place) => place);
  const lifetimes = { count: 0, sumMs: 0 };
  const { expired, lost } = book.flows;
  /** The losses before it are over. */
  let firstLoss = 0;

  function nextLossMs(store: number): number {
    for (let number = firstLoss; number < losses.length; number++) {
      if (strikes(losses[number], store)) return losses[number].atMs;
    }
    return Number.POSITIVE_INFINITY;
  }

  /** When the sweep that finds a session expired comes: a job deletes only what expired before it runs. */
  function removalOf(expiryMs: number): number {
    if (sweepMs === null || expiryMs === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
    if (sweepMs === 0) return expiryMs;
    const turns = expiryMs / sweepMs;
    // An interval may be too short for the moment's last digit.
    return Math.max(expiryMs, (revives ? Math.floor(turns) + 1 : Math.ceil(turns)) * sweepMs);
  }

  /** Puts an end into the record; whoever calls tells the level. */
  function end(atMs: number, place: number, flow: Float64Array): void {
    const slot = book.slotOf(atMs);
    flow[slot]++;
    if (flow !== lost && book.phaseOf(slot) === MEASURED) {
      lifetimes.count++;
      lifetimes.sumMs += atMs - startedAtMs[place];
    }
    book.changeIn(slot, book.stored, atMs, -1);
    if (bytesOf[place] > 0) book.changeIn(slot, book.storedBytes, atMs, -bytesOf[place]);
    book.change(book.live, Math.min(atMs, expiresAtMs[place]), -1);
    startedAtMs[place] = NONE;
  }

  function lose(place: number): void {
    let number = firstAt(losses, lostAtMs[place]);
    while (!strikes(losses[number], storeOf[place])) number++;
    level.bookLoss(number, storeOf[place], bytesOf[place]);
    end(lostAtMs[place], place, lost);
  }

  function expire(place: number, removalMs: number): void {
    const expiryMs = expiresAtMs[place];
    if (removalMs > endMs) {
      // It is stored when the run ends; only its expiry may still be seen.
      if (expiryMs <= endMs) book.change(book.live, expiryMs, -1);
      startedAtMs[place] = NONE;
      return;
    }
    if (sweepMs === 0 || sweepMs === null) level.bookExpiry(expiryMs, storeOf[place], bytesOf[place]);
    else level.bookSweep(Math.round(removalMs / sweepMs), storeOf[place], bytesOf[place]);
    end(removalMs, place, expired);
  }

  function giveUp(atMs: number, place: number, flow: Float64Array): void {
    level.bookRequest(atMs, storeOf[place], -1, -bytesOf[place]);
    end(atMs, place, flow);
  }

  /** Its time came before anybody touched it again: what became of it by then. */
  function leave(place: number): void {
    if (startedAtMs[place] < 0) return;
    const removalMs = removalOf(expiresAtMs[place]);
    if (lostAtMs[place] < removalMs) lose(place);
    else expire(place, removalMs);
  }

  return {
    timeoutMs,
    slideMinMs,
    startedAtMs,
    expiresAtMs,
    lostAtMs,
    bytes: bytesOf,
    storeOf,
    lifetimes,
    clear() {
      for (let place = 0; place < places; place++) startedAtMs[place] = NONE;
    },
    start(nowMs, place, bytes) {
      while (firstLoss < losses.length && losses[firstLoss].atMs < nowMs) firstLoss++;
      startedAtMs[place] = nowMs;
      expiresAtMs[place] = nowMs + timeoutMs;
      lostAtMs[place] = nextLossMs(storeOf[place]);
      bytesOf[place] = bytes;
      const slot = book.slotOf(nowMs);
      book.changeIn(slot, book.stored, nowMs, 1);
      book.changeIn(slot, book.live, nowMs, 1);
      if (bytes > 0) book.changeIn(slot, book.storedBytes, nowMs, bytes);
      level.add(storeOf[place], 1, bytes);
    },
    grow(atMs, place, bytes) {
      bytesOf[place] += bytes;
      book.change(book.storedBytes, atMs, bytes);
      level.bookRequest(atMs, storeOf[place], 0, bytes);
    },
    touch(atMs, place) {
      if (startedAtMs[place] < 0) return false;
      const expiryMs = expiresAtMs[place];
      if (atMs <= expiryMs && atMs <= lostAtMs[place]) {
        if (atMs + timeoutMs - expiryMs >= slideMinMs) expiresAtMs[place] = atMs + timeoutMs;
        return true;
      }
      const removalMs = removalOf(expiryMs);
      if (lostAtMs[place] < atMs && lostAtMs[place] < removalMs) {
        lose(place);
        return false;
      }
      if (atMs > removalMs) {
        expire(place, removalMs);
        return false;
      }
      if (!revives) {
        giveUp(atMs, place, expired);
        return false;
      }
      book.flows.revived[book.slotOf(atMs)]++;
      book.change(book.live, expiryMs, -1);
      book.change(book.live, atMs, 1);
      expiresAtMs[place] = atMs + timeoutMs;
      return true;
    },
    abandon: (atMs, place) => giveUp(atMs, place, book.flows.abandoned),
    leave,
    rest(untilMs) {
      for (let place = 0; place < places; place++) {
        if (lostAtMs[place] < untilMs || removalOf(expiresAtMs[place]) < untilMs) leave(place);
      }
    },
  };
}

const strikes = (loss: LossMoment, store: number) => loss.store === null || loss.store === store;

/** The number of the first loss at a moment. */
function firstAt(losses: readonly LossMoment[], atMs: number): number {
  let from = 0;
  for (let to = losses.length; from < to; ) {
    const middle = (from + to) >> 1;
    if (losses[middle].atMs < atMs) from = middle + 1;
    else to = middle;
  }
  return from;
}
