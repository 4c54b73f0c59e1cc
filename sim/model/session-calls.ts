// What a store call does to a session, at the moment the store does it: find, lock, slide, release, create, remove; and who waits
// for the lock. The provider's rules are those of ASP.NET's stores (.NET reference source): a lock is released only by its owner,
// creating an uninitialised item never overwrites, every touch slides the expiry, a failed get among them.

import type { Site } from "../../config/scenario.ts";
import type { MutableCounters } from "../../metrics/run-record.ts";
import type { Journeys } from "../../workload/journeys.ts";
import {
  CREATE_UNINITIALIZED,
  FOUND,
  GET,
  GET_EXCLUSIVE,
  LOCKED,
  MISSING,
  REFUSED,
  RELEASE_EXCLUSIVE,
  REMOVE,
  RESET_TIMEOUT,
  type RequestTable,
  SET_AND_RELEASE,
} from "./request-table.ts";
import { NONE } from "./session-rows.ts";
import type { SessionTable } from "./session-table.ts";
import type { Visitors } from "./visitors.ts";

export interface SessionCalls {
  /** Does one call; what a get or a create found is in the request's `outcome`. */
  perform(nowMs: number, request: number, operation: number): void;
  /** Bytes of state that a call carries. */
  bytesMoved(request: number, operation: number): number;
  /** A new session is wanted: started, and held by the request, or refused at the cap. */
  begin(nowMs: number, request: number): boolean;
  /** Classic ASP, at the cap: the request that brings no session is refused, though its page would store none. */
  turnsAway(request: number): boolean;
  lock(nowMs: number, request: number): void;
  /** @returns whether there is still room among those who wait for this session. */
  startWaiting(nowMs: number, request: number): boolean;
  stopWaiting(nowMs: number, request: number): void;
  /** Classic ASP: the request stands in line and is woken when its turn has come. */
  joinLine(request: number): void;
  /** The lock of the session that the request waits for is older than its patience: it is broken. */
  breakOldLock(nowMs: number, request: number): void;
  /**
   * The request has failed: a session that it could not store has never started; one that it has locked stays so until the lock is
   * broken. @returns whether it leaves a lock behind.
   */
  forsake(nowMs: number, request: number): boolean;
  /** A session is gone: its visitor forgets it, those in line look again. */
  sessionRemoved(nowMs: number, session: number, owner: number, store: number): void;
}

interface SessionCallsOptions {
  readonly site: Site;
  readonly requests: RequestTable;
  readonly sessions: SessionTable;
  readonly visitors: Visitors;
  readonly journeys: Journeys;
  readonly counters: MutableCounters;
  /** The store that serves a request. */
  readonly storeOf: (request: number) => number;
  /** Which of a visitor's sessions is in that store. */
  readonly placeOf: (store: number) => number;
  readonly wake: (nowMs: number, request: number) => void;
  /** false: a store without locks; whoever comes has the session. */
  readonly locks: boolean;
}

export function createSessionCalls(options: SessionCallsOptions): SessionCalls {
  const { site, requests, sessions, visitors, journeys, counters, storeOf, placeOf, wake, locks } = options;
  const columns = requests.columns;
  const classic = site.technology === "asp";

  const knownSession = (request: number) => visitors.sessionIn(columns.visitor[request], placeOf(storeOf(request)));

  function hold(request: number, session: number): void {
    columns.session[request] = session;
    columns.generation[request] = sessions.generationOf(session);
  }

  /** The session the request knows of has been removed. */
  const isGone = (request: number) => sessions.generationOf(columns.session[request]) !== columns.generation[request];

  /** The session the request holds; NONE once that has gone or somebody else has the lock. */
  function lockedSession(request: number): number {
    const session = columns.session[request];
    if (session === NONE || isGone(request)) return NONE;
    if (!locks) return session;
    return sessions.lockOwnerOf(session) === request ? session : NONE;
  }

  /** Requests that have failed and whose locks are still there; their places are kept for that. */
  const departed = { count: 0 };

  function layToRest(session: number): void {
    const owner = sessions.lockOwnerOf(session);
    if (owner === NONE || columns.visitor[owner] !== NONE) return;
    requests.give(owner);
    departed.count--;
  }

  function lockFor(nowMs: number, session: number, request: number): void {
    if (!locks) return;
    if (departed.count > 0) layToRest(session);
    sessions.setLock(session, request);
    if (request !== NONE) columns.lockedAtMs[request] = nowMs;
  }

  /** Classic ASP hands the session to whoever is first in line; in ASP.NET it is free for the next poll. */
  function unlock(nowMs: number, session: number): void {
    const first = sessions.firstInLineOf(session);
    lockFor(nowMs, session, first);
    if (first === NONE) return;
    sessions.setFirstInLine(session, columns.next[first]);
    wake(nowMs, first);
  }

  function get(nowMs: number, request: number, exclusive: boolean): void {
    const session = knownSession(request);
    if (session === NONE || !sessions.access(nowMs, session)) {
      columns.outcome[request] = MISSING;
      return;
    }
    hold(request, session);
    const lockOwner = sessions.lockOwnerOf(session);
    const locked = lockOwner !== NONE && lockOwner !== request;
    columns.outcome[request] = locked ? LOCKED : FOUND;
    if (exclusive && !locked) lockFor(nowMs, session, request);
  }

  /** A session is empty until a request changes it; the whole of it travels each way. */
  function bytesMoved(request: number, operation: number): number {
    const changes = operation === SET_AND_RELEASE && columns.changed[request] === 1;
    if (changes) return journeys.stateBytes(visitors.visitOf(columns.visitor[request]));
    const session = operation === SET_AND_RELEASE ? columns.session[request] : knownSession(request);
    return session === NONE ? 0 : sessions.bytesOf(session);
  }

  /** The state of a visit has one size: it is there from the first change on. */
  function keepState(nowMs: number, request: number, session: number): void {
    if (columns.changed[request] === 0 || sessions.bytesOf(session) > 0) return;
    sessions.setBytes(nowMs, session, bytesMoved(request, SET_AND_RELEASE));
  }

  function refuses(request: number): boolean {
    if (sessions.hasRoom(storeOf(request))) return false;
    counters.arrivals++;
    counters.refused++;
    return true;
  }

  function begin(nowMs: number, request: number): boolean {
    const known = knownSession(request);
    // Of two requests with one unknown id, the second stores over the session of the first.
    if (known !== NONE && columns.carriesId[request] === 1) {
      hold(request, known);
      return true;
    }
    if (refuses(request)) return false;
    counters.arrivals++;
    const visitor = columns.visitor[request];
    const visit = visitors.visitOf(visitor);
    const keepsCookie = !journeys.withoutCookies(visit);
    const owner = keepsCookie ? visitor : NONE;
    const session = sessions.create(nowMs, storeOf(request), owner);
    if (keepsCookie) {
      // The browser keeps one cookie: what an earlier answer gave it is left to expire.
      if (known !== NONE) sessions.detach(known);
      visitors.giveCookie(visitor);
      visitors.setSession(visitor, placeOf(storeOf(request)), session);
    }
    columns.fresh[request] = 1;
    hold(request, session);
    return true;
  }

  function perform(nowMs: number, request: number, operation: number): void {
    switch (operation) {
      case GET:
      case GET_EXCLUSIVE:
        get(nowMs, request, operation === GET_EXCLUSIVE);
        break;
      case SET_AND_RELEASE:
      case RELEASE_EXCLUSIVE: {
        const session = lockedSession(request);
        if (session === NONE || !sessions.access(nowMs, session)) break;
        if (operation === SET_AND_RELEASE) keepState(nowMs, request, session);
        unlock(nowMs, session);
        break;
      }
      case REMOVE: {
        const session = lockedSession(request);
        if (session !== NONE) sessions.abandon(nowMs, session);
        break;
      }
      case RESET_TIMEOUT:
        if (knownSession(request) !== NONE) sessions.access(nowMs, knownSession(request));
        break;
      case CREATE_UNINITIALIZED:
        columns.outcome[request] = begin(nowMs, request) ? FOUND : REFUSED;
        break;
    }
  }

  return {
    perform,
    bytesMoved,
    begin,
    turnsAway: (request) => classic && refuses(request),
    lock: (nowMs, request) => lockFor(nowMs, columns.session[request], request),
    startWaiting(nowMs, request) {
      const session = columns.session[request];
      counters.lockWaits++;
      columns.lockWaitFromMs[request] = nowMs;
      columns.waitsOn[request] = session;
      columns.waitGeneration[request] = columns.generation[request];
      // It may have gone while the answer was on its way: then nobody waits for it.
      if (isGone(request)) return true;
      const hasRoom = classic || sessions.waitersOf(session) < site.requestQueueLimitPerSession;
      if (hasRoom) sessions.addWaiter(session, 1);
      return hasRoom;
    },
    stopWaiting(nowMs, request) {
      if (columns.lockWaitFromMs[request] < 0 || columns.lockWaitMs[request] >= 0) return;
      columns.lockWaitMs[request] = nowMs - columns.lockWaitFromMs[request];
      const session = columns.waitsOn[request];
      if (sessions.generationOf(session) === columns.waitGeneration[request]) sessions.addWaiter(session, -1);
    },
    joinLine(request) {
      const session = columns.session[request];
      columns.next[request] = NONE;
      let last = sessions.firstInLineOf(session);
      if (last === NONE) {
        sessions.setFirstInLine(session, request);
        return;
      }
      while (columns.next[last] !== NONE) last = columns.next[last];
      columns.next[last] = request;
    },
    breakOldLock(nowMs, request) {
      const session = columns.session[request];
      const owner = isGone(request) ? NONE : sessions.lockOwnerOf(session);
      if (owner === NONE || nowMs - columns.lockedAtMs[owner] < site.executionTimeoutMs) return;
      counters.lockBreaks++;
      counters.storeCalls.releaseItemExclusive++;
      unlock(nowMs, session);
    },
    forsake(nowMs, request) {
      const session = lockedSession(request);
      if (session === NONE) return false;
      if (columns.created[request] === 1 && columns.fresh[request] === 1) {
        counters.arrivals--;
        if (columns.carriesId[request] === 0) visitors.takeCookie(columns.visitor[request]);
        sessions.unmake(nowMs, session);
        return false;
      }
      if (locks) departed.count++;
      return locks;
    },
    sessionRemoved(nowMs, session, owner, store) {
      if (departed.count > 0) layToRest(session);
      if (owner !== NONE) visitors.setSession(owner, placeOf(store), NONE);
      for (let waiting = sessions.firstInLineOf(session); waiting !== NONE; waiting = columns.next[waiting]) {
        wake(nowMs, waiting);
      }
    },
  };
}
