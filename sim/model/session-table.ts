// Every stored session of every store, its sliding expiry and its ends, with the counts that must always add up.
// A session ends twice: it *expires* a timeout after its last recorded touch, and is *removed*, its bytes given back, when a sweep,
// a job or an access next finds it. Memory and the cap see the second moment, the user the first.

import { assert } from "../../config/assert.ts";
import type { Site } from "../../config/scenario.ts";
import type { MutableCounters } from "../../metrics/run-record.ts";
import { createDelayLine } from "../engine/delay-line.ts";
import { createSlots } from "../engine/slots.ts";
import { createTally, type Tally } from "../engine/tally.ts";

export const NONE = -1;

export interface SessionTable {
  readonly stored: Tally;
  readonly live: Tally;
  readonly storedBytes: Tally;
  /** Lifetimes, start to removal, of sessions removed since the last restart. */
  readonly lifetimes: { count: number; sumMs: number };
  /** Moment of the next expiry. */
  readonly nextExpiryAtMs: number;
  /** Moment of the next sweep that has something to remove; Infinity when none has. */
  readonly nextSweepAtMs: number;
  hasRoom(store: number): boolean;
  /** A new session, still empty. */
  create(nowMs: number, store: number, owner: number, ownerProcess: number): number;
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
  /** A worker or service ended: all sessions of its store are lost. */
  loseAll(nowMs: number, store: number): void;
  restartTallies(nowMs: number): void;
  /** Its visitor has left; the session waits for its end alone. */
  detach(session: number): void;
  /** Tells a session from a later one in the same place. */
  generationOf(session: number): number;
  lockOwnerOf(session: number): number;
  lockedAtMsOf(session: number): number;
  setLock(session: number, owner: number, nowMs: number): void;
  waitersOf(session: number): number;
  addWaiter(session: number, change: 1 | -1): void;
  firstInLineOf(session: number): number;
  setFirstInLine(session: number, request: number): void;
}

interface TableOptions {
  readonly site: Site;
  readonly stores: number;
  readonly counters: MutableCounters;
  /** A session is gone: whoever holds it forgets it. */
  readonly onRemoved: (nowMs: number, session: number, owner: number, ownerProcess: number) => void;
}

export function createSessionTable({ site, stores, counters, onRemoved }: TableOptions): SessionTable {
  const slots = createSlots({
    startedAtMs: "f64",
    expiresAtMs: "f64",
    lockedAtMs: "f64",
    bytes: "f64",
    store: "i32",
    owner: "i32",
    ownerProcess: "i32",
    lockOwner: "i32",
    waiters: "i32",
    firstInLine: "i32",
    generation: "i32",
    state: "u8",
  });
  const FREE = 0;
  const LIVE = 1;
  const EXPIRED = 2;
  const columns = slots.columns;
  const liveLine = createDelayLine();
  const expiredLine = createDelayLine();
  const stored = createTally();
  const live = createTally();
  const storedBytes = createTally();
  const storedIn = new Int32Array(stores);
  const lifetimes = { count: 0, sumMs: 0 };
  const revives = site.mode === "SQLServer";
  const removeEveryMs = revives ? site.deleteJobMs : site.expirySweepMs;
  const slideMinMs = revives ? 0 : site.expirySlideMinMs;
  const timeoutMs = site.timeoutMs;
  let nextSweepAtMs = Number.POSITIVE_INFINITY;

  function remove(nowMs: number, session: number): void {
    if (columns.state[session] === LIVE) {
      if (timeoutMs !== null) liveLine.remove(session);
      live.add(nowMs, -1);
    } else {
      assert(columns.state[session] === EXPIRED, "a session is removed once");
      expiredLine.remove(session);
    }
    columns.state[session] = FREE;
    columns.generation[session]++;
    stored.add(nowMs, -1);
    storedBytes.add(nowMs, -columns.bytes[session]);
    storedIn[columns.store[session]]--;
    onRemoved(nowMs, session, columns.owner[session], columns.ownerProcess[session]);
    slots.give(session);
  }

  function countLifetime(nowMs: number, session: number): void {
    lifetimes.count++;
    lifetimes.sumMs += nowMs - columns.startedAtMs[session];
  }

  function removeExpired(nowMs: number, session: number): void {
    counters.expired++;
    countLifetime(nowMs, session);
    remove(nowMs, session);
  }

  function arm(nowMs: number, session: number): void {
    if (timeoutMs === null) return;
    columns.expiresAtMs[session] = nowMs + timeoutMs;
    liveLine.append(session, nowMs + timeoutMs);
  }

  /** The next whole multiple of the sweep interval at or after an expiry; SQL's job deletes only what expired before it runs. */
  function planSweep(expiredAtMs: number): void {
    if (removeEveryMs === null || nextSweepAtMs !== Number.POSITIVE_INFINITY) return;
    const turns = expiredAtMs / removeEveryMs;
    // An interval may be too short for the moment's last digit: then the sweep is now.
    nextSweepAtMs = Math.max(expiredAtMs, (revives ? Math.floor(turns) + 1 : Math.ceil(turns)) * removeEveryMs);
  }

  return {
    stored,
    live,
    storedBytes,
    lifetimes,
    get nextExpiryAtMs() {
      return liveLine.nextAtMs;
    },
    get nextSweepAtMs() {
      return nextSweepAtMs;
    },
    hasRoom: (store) => storedIn[store] < site.sessionsMax,
    create(nowMs, store, owner, ownerProcess) {
      assert(storedIn[store] < site.sessionsMax, "the cap holds");
      const session = slots.take();
      counters.started++;
      columns.startedAtMs[session] = nowMs;
      columns.bytes[session] = 0;
      columns.store[session] = store;
      columns.owner[session] = owner;
      columns.ownerProcess[session] = ownerProcess;
      columns.lockOwner[session] = NONE;
      columns.waiters[session] = 0;
      columns.firstInLine[session] = NONE;
      columns.state[session] = LIVE;
      arm(nowMs, session);
      stored.add(nowMs, 1);
      live.add(nowMs, 1);
      storedIn[store]++;
      return session;
    },
    bytesOf: (session) => columns.bytes[session],
    setBytes(nowMs, session, bytes) {
      storedBytes.add(nowMs, bytes - columns.bytes[session]);
      columns.bytes[session] = bytes;
    },
    access(nowMs, session) {
      if (columns.state[session] === EXPIRED) {
        if (!revives) {
          removeExpired(nowMs, session);
          return false;
        }
        expiredLine.remove(session);
        columns.state[session] = LIVE;
        counters.revived++;
        live.add(nowMs, 1);
        arm(nowMs, session);
        return true;
      }
      assert(columns.state[session] === LIVE, "only a stored session is accessed");
      if (timeoutMs !== null && nowMs + timeoutMs - columns.expiresAtMs[session] >= slideMinMs) {
        liveLine.remove(session);
        arm(nowMs, session);
      }
      return true;
    },
    expireNext(nowMs) {
      const session = liveLine.first;
      assert(session !== NONE && liveLine.nextAtMs <= nowMs, "a session expires at its deadline");
      liveLine.remove(session);
      live.add(nowMs, -1);
      columns.state[session] = EXPIRED;
      expiredLine.append(session, nowMs);
      if (removeEveryMs === 0) removeExpired(nowMs, session);
      else planSweep(nowMs);
    },
    sweep(nowMs) {
      assert(nowMs === nextSweepAtMs, "a sweep runs when it was planned");
      while (expiredLine.first !== NONE) removeExpired(nowMs, expiredLine.first);
      nextSweepAtMs = Number.POSITIVE_INFINITY;
    },
    abandon(nowMs, session) {
      counters.abandoned++;
      countLifetime(nowMs, session);
      remove(nowMs, session);
    },
    loseAll(nowMs, store) {
      for (let session = 0; session < slots.top; session++) {
        if (columns.state[session] === FREE || columns.store[session] !== store) continue;
        counters.lost++;
        remove(nowMs, session);
      }
    },
    restartTallies(nowMs) {
      for (const tally of [stored, live, storedBytes]) tally.restart(nowMs);
      lifetimes.count = 0;
      lifetimes.sumMs = 0;
    },
    detach(session) {
      columns.owner[session] = NONE;
    },
    generationOf: (session) => columns.generation[session],
    lockOwnerOf: (session) => columns.lockOwner[session],
    lockedAtMsOf: (session) => columns.lockedAtMs[session],
    setLock(session, owner, nowMs) {
      columns.lockOwner[session] = owner;
      columns.lockedAtMs[session] = nowMs;
    },
    waitersOf: (session) => columns.waiters[session],
    addWaiter(session, change) {
      columns.waiters[session] += change;
    },
    firstInLineOf: (session) => columns.firstInLine[session],
    setFirstInLine(session, request) {
      columns.firstInLine[session] = request;
    },
  };
}
