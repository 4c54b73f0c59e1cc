// Every stored session of every store, its sliding expiry and its ends, with the counts that must always add up.
// A session ends twice: it *expires* a timeout after its last recorded touch, and is *removed*, its bytes given back, when a sweep,
// a job or an access next finds it. Memory and the cap see the second moment, the user the first.

import { assert } from "../../config/assert.ts";
import type { Site } from "../../config/scenario.ts";
import type { MutableCounters } from "../../metrics/run-record.ts";
import { createTally, type Tally } from "../engine/tally.ts";
import { ATTENTION, createAttentionTable, FIRST_IN_LINE, LOCK_OWNER, OWNER, WAITERS } from "./attention.ts";
import { createExpiryRing } from "./expiry-ring.ts";
import {
  ATTENDED,
  BYTES,
  createSessionRows,
  EXPIRED,
  EXPIRES_AT,
  generationIn,
  LIVE,
  MOMENTS,
  NONE,
  newStanding,
  removedStanding,
  STANDING,
  STARTED_AT,
  STATE_BITS,
  stateIn,
  storeIn,
  WORDS,
} from "./session-rows.ts";
import { createSweepList } from "./sweep-list.ts";

export interface SessionTable {
  readonly stored: Tally;
  readonly live: Tally;
  readonly storedBytes: Tally;
  /** Lifetimes, start to removal, of sessions removed since the last restart. */
  readonly lifetimes: { count: number; sumMs: number };
  /** Moment of the next expiry; Infinity when none will come. */
  nextExpiryAtMs(): number;
  /** Moment of the next sweep that has something to remove; Infinity when none has. */
  readonly nextSweepAtMs: number;
  hasRoom(store: number): boolean;
  /** Of each store: sessions stored, and the bytes of their state. */
  readonly sessionsIn: Int32Array;
  readonly bytesIn: Float64Array;
  /** A new session, still empty. */
  create(nowMs: number, store: number, owner: number): number;
  /** Its state, serialised. */
  bytesOf(session: number): number;
  setBytes(nowMs: number, session: number, bytes: number): void;
  /**
   * An access, at `nowMs`, to a session that may have expired. InProc and StateServer find an expired one gone and remove it at
   * once; SQLServer never looks, so a row that the job has not deleted comes back to life.
   * @returns whether the session is there; when it is, its expiry has slid.
   */
  access(nowMs: number, session: number): boolean;
  /** The first deadline has come: the session expires. */
  expireNext(nowMs: number): void;
  /** Removes what has expired. */
  sweep(nowMs: number): void;
  abandon(nowMs: number, session: number): void;
  /** Its first request could not store it: it never started. */
  unmake(nowMs: number, session: number): void;
  /** A worker or service ended: all sessions of its store are lost. */
  loseAll(nowMs: number, store: number): void;
  restartTallies(nowMs: number): void;
  /** Its visitor has left; the session waits for its end alone. */
  detach(session: number): void;
  /** Tells a session from a later one in the same place. */
  generationOf(session: number): number;
  /** The request that has it locked; NONE when none has. */
  lockOwnerOf(session: number): number;
  setLock(session: number, owner: number): void;
  waitersOf(session: number): number;
  addWaiter(session: number, change: 1 | -1): void;
  firstInLineOf(session: number): number;
  setFirstInLine(session: number, request: number): void;
}

type MutableTable = { -readonly [K in keyof SessionTable]: SessionTable[K] };

interface TableOptions {
  readonly site: Site;
  readonly stores: number;
  readonly counters: MutableCounters;
  /** A session is gone: whoever holds it forgets it. It can still be asked who waits in its line. */
  readonly onRemoved: (nowMs: number, session: number, owner: number, store: number) => void;
}

export function createSessionTable({ site, stores, counters, onRemoved }: TableOptions): SessionTable {
  const rows = createSessionRows();
  const attention = createAttentionTable();
  const stored = createTally();
  const live = createTally();
  const storedBytes = createTally();
  const sessionsIn = new Int32Array(stores);
  const bytesIn = new Float64Array(stores);
  const lifetimes = { count: 0, sumMs: 0 };
  const revives = site.mode === "SQLServer";
  const removeEveryMs = revives ? site.deleteJobMs : site.expirySweepMs;
  const slideMinMs = revives ? 0 : site.expirySlideMinMs;
  const timeoutMs = site.timeoutMs ?? Number.POSITIVE_INFINITY;
  const ring = site.timeoutMs === null ? null : createExpiryRing(rows, site.timeoutMs);
  const sweepList = createSweepList();

  const stateOf = (session: number) => stateIn(rows.words[session * WORDS + STANDING]);
  const bytesOf = (session: number) => rows.words[session * WORDS + BYTES] >>> 0;

  function setState(session: number, state: number): void {
    const at = session * WORDS + STANDING;
    rows.words[at] = (rows.words[at] & ~STATE_BITS) | state;
  }

  function remove(nowMs: number, session: number): void {
    const state = stateOf(session);
    assert(state === LIVE || state === EXPIRED, "a session is removed once");
    if (state === LIVE) live.add(nowMs, -1);
    const standing = rows.words[session * WORDS + STANDING];
    rows.words[session * WORDS + STANDING] = removedStanding(standing);
    stored.add(nowMs, -1);
    storedBytes.add(nowMs, -bytesOf(session));
    sessionsIn[storeIn(standing)]--;
    bytesIn[storeIn(standing)] -= bytesOf(session);
    const record = recordOf(session);
    onRemoved(
      nowMs,
      session,
      record === NONE ? NONE : attention.columns.row[record * ATTENTION + OWNER],
      storeIn(standing),
    );
    if (record !== NONE) attention.give(record);
    rows.words[session * WORDS + ATTENDED] = NONE;
    // The ring still has a live session's deadline, and gives the place back when that comes.
    if (state === EXPIRED || ring === null) rows.give(session);
  }

  function countLifetime(nowMs: number, session: number): void {
    lifetimes.count++;
    lifetimes.sumMs += nowMs - rows.moments[session * MOMENTS + STARTED_AT];
  }

  function removeExpired(nowMs: number, session: number): void {
    counters.expired++;
    countLifetime(nowMs, session);
    remove(nowMs, session);
  }

  /** The next whole multiple of the sweep interval at or after an expiry; SQL's job deletes only what expired before it runs. */
  function planSweep(everyMs: number, expiredAtMs: number): void {
    if (table.nextSweepAtMs !== Number.POSITIVE_INFINITY) return;
    const turns = expiredAtMs / everyMs;
    // An interval may be too short for the moment's last digit: then the sweep is now.
    table.nextSweepAtMs = Math.max(expiredAtMs, (revives ? Math.floor(turns) + 1 : Math.ceil(turns)) * everyMs);
  }

  const recordOf = (session: number) => rows.words[session * WORDS + ATTENDED];

  function attended(session: number, place: number): number {
    const record = recordOf(session);
    if (record === NONE) return place === WAITERS ? 0 : NONE;
    return attention.columns.row[record * ATTENTION + place];
  }

  function attend(session: number, place: number, value: number): void {
    const idle = place === WAITERS ? 0 : NONE;
    let record = recordOf(session);
    if (record === NONE) {
      if (value === idle) return;
      record = attention.take(NONE);
      rows.words[session * WORDS + ATTENDED] = record;
    }
    attention.columns.row[record * ATTENTION + place] = value;
    if (value !== idle || !attention.isIdle(record)) return;
    attention.give(record);
    rows.words[session * WORDS + ATTENDED] = NONE;
  }

  // A field that changes beside functions that do not: V8 would keep an object with accessors as a dictionary.
  const table: MutableTable = {
    stored,
    live,
    storedBytes,
    lifetimes,
    nextExpiryAtMs: ring === null ? () => Number.POSITIVE_INFINITY : ring.nextAtMs,
    nextSweepAtMs: Number.POSITIVE_INFINITY,
    sessionsIn,
    bytesIn,
    hasRoom: (store) => sessionsIn[store] < site.sessionsMax,
    create(nowMs, store, owner) {
      assert(sessionsIn[store] < site.sessionsMax, "the cap holds");
      const session = rows.take();
      const words = session * WORDS;
      counters.started++;
      rows.moments[session * MOMENTS + STARTED_AT] = nowMs;
      rows.moments[session * MOMENTS + EXPIRES_AT] = nowMs + timeoutMs;
      rows.words[words + ATTENDED] = owner === NONE ? NONE : attention.take(owner);
      rows.words[words + BYTES] = 0;
      rows.words[words + STANDING] = newStanding(rows.words[words + STANDING], store);
      ring?.add(session);
      stored.add(nowMs, 1);
      live.add(nowMs, 1);
      sessionsIn[store]++;
      return session;
    },
    bytesOf,
    setBytes(nowMs, session, bytes) {
      storedBytes.add(nowMs, bytes - bytesOf(session));
      bytesIn[storeIn(rows.words[session * WORDS + STANDING])] += bytes - bytesOf(session);
      rows.words[session * WORDS + BYTES] = bytes;
    },
    access(nowMs, session) {
      const state = stateOf(session);
      const expiresAt = session * MOMENTS + EXPIRES_AT;
      if (state === EXPIRED) {
        if (!revives) {
          removeExpired(nowMs, session);
          return false;
        }
        setState(session, LIVE);
        rows.moments[expiresAt] = nowMs + timeoutMs;
        counters.revived++;
        live.add(nowMs, 1);
        ring?.add(session);
        return true;
      }
      assert(state === LIVE, "only a stored session is accessed");
      if (nowMs + timeoutMs - rows.moments[expiresAt] >= slideMinMs) rows.moments[expiresAt] = nowMs + timeoutMs;
      return true;
    },
    expireNext(nowMs) {
      assert(ring !== null && ring.nextAtMs() <= nowMs, "a session expires at its deadline");
      const session = ring.take();
      live.add(nowMs, -1);
      setState(session, EXPIRED);
      if (removeEveryMs === 0) {
        removeExpired(nowMs, session);
      } else if (removeEveryMs !== null) {
        sweepList.add(session);
        planSweep(removeEveryMs, nowMs);
      }
    },
    sweep(nowMs) {
      assert(nowMs === table.nextSweepAtMs, "a sweep runs when it was planned");
      for (let i = 0; i < sweepList.length(); i++) {
        const session = sweepList.at(i);
        // It may have been removed or brought back to life since it was put on the list.
        if (stateOf(session) === EXPIRED) removeExpired(nowMs, session);
      }
      sweepList.clear();
      table.nextSweepAtMs = Number.POSITIVE_INFINITY;
    },
    abandon(nowMs, session) {
      counters.abandoned++;
      countLifetime(nowMs, session);
      remove(nowMs, session);
    },
    unmake(nowMs, session) {
      counters.started--;
      remove(nowMs, session);
    },
    loseAll(nowMs, store) {
      for (let session = 0; session < rows.top; session++) {
        const state = stateOf(session);
        const stands = state === LIVE || state === EXPIRED;
        if (!stands || storeIn(rows.words[session * WORDS + STANDING]) !== store) continue;
        counters.lost++;
        remove(nowMs, session);
      }
    },
    restartTallies(nowMs) {
      for (const tally of [stored, live, storedBytes]) tally.restart(nowMs);
      lifetimes.count = 0;
      lifetimes.sumMs = 0;
    },
    detach: (session) => attend(session, OWNER, NONE),
    generationOf: (session) => generationIn(rows.words[session * WORDS + STANDING]),
    lockOwnerOf: (session) => attended(session, LOCK_OWNER),
    setLock: (session, owner) => attend(session, LOCK_OWNER, owner),
    waitersOf: (session) => attended(session, WAITERS),
    addWaiter: (session, change) => attend(session, WAITERS, attended(session, WAITERS) + change),
    firstInLineOf: (session) => attended(session, FIRST_IN_LINE),
    setFirstInLine: (session, request) => attend(session, FIRST_IN_LINE, request),
  };
  return table;
}
