// The life of a request: a core, the session (store calls, the lock, polls), the page, the release. The order of store calls is that
// of ASP.NET's SessionStateModule (.NET reference source); classic ASP takes the requests of one session in turn, without polling.
// A request keeps its core until it has to wait for something else, as a thread does.

import { assert } from "../../config/assert.ts";
import type { Scenario, Site, StoreOperation } from "../../config/scenario.ts";
import type { MutableCounters } from "../../metrics/run-record.ts";
import type { Journeys } from "../../workload/journeys.ts";
import { createDraws } from "../../workload/random-stream.ts";
import type { EventQueue } from "../engine/event-queue.ts";
import { createSlots } from "../engine/slots.ts";
import { createStation, type Station } from "../engine/station.ts";
import { type Costs, createCosts } from "./costs.ts";
import { createSessionTable, NONE, type SessionTable } from "./session-table.ts";
import { createVisitors, type Visitors } from "./visitors.ts";

export const REQUEST_EVENTS_FROM = 10;

/** Kinds of events of a request; those below 10 are the visitor's. */
const CORE_DONE = 10;
const STORE_REACHED = 11;
const STORE_DONE = 12;
const STORE_ANSWERED = 13;
const PAGE_WAITED = 14;
const POLL = 15;
const WOKEN = 16;

/** What a request does next, once what it waits for is over. */
const ACQUIRE = 0;
const GOT = 1;
const CREATED = 2;
const PAGE = 3;
const PAGE_RAN = 4;
const RELEASE = 5;
const FINISH = 6;
const DONE = 7;

/** What the last get found. */
const FOUND = 0;
const MISSING = 1;
const LOCKED = 2;
const REFUSED = 3;

const REQUESTS_PER_STEP_MAX = 64;
const CALLS_PER_REQUEST_MAX = 16;

const operationCodes = [
  "getItem",
  "getItemExclusive",
  "setAndReleaseItemExclusive",
  "releaseItemExclusive",
  "removeItem",
  "resetItemTimeout",
  "createUninitializedItem",
] as const satisfies readonly StoreOperation[];

export interface SiteModel {
  readonly sessions: SessionTable;
  readonly visitors: Visitors;
  readonly cores: readonly Station[];
  readonly store: Station;
  /** Takes an event of kind 10 and up. */
  handle(nowMs: number, kind: number, request: number): void;
  /** Every worker process is replaced: in-process sessions are lost. */
  recycle(nowMs: number): void;
}

export interface SiteOptions {
  readonly scenario: Scenario;
  /** The site of the scenario, its times compressed. */
  readonly site: Site;
  readonly seed: number;
  readonly journeys: Journeys;
  readonly queue: EventQueue;
  readonly counters: MutableCounters;
  /** A request came to its end; lockWaitMs is null when it never waited for a lock. */
  readonly onResponse: (startedAtMs: number, nowMs: number, lockWaitMs: number | null) => void;
}

export function createSite(options: SiteOptions): SiteModel {
  const { scenario, site, seed, journeys, queue, counters, onResponse } = options;
  const costs: Costs = createCosts(scenario.calibration, seed);
  const routes = createDraws(seed, "routes");
  const timeless = scenario.run.fidelity === "population";
  const classic = site.technology === "asp";
  const inProcess = site.mode === "InProc";
  const processes = site.servers * site.workersPerServer;
  const stores = inProcess ? processes : 1;
  const storesPerVisitor = inProcess && !site.affinity ? processes : 1;

  const slots = createSlots({
    visitor: "i32",
    number: "i32",
    process: "i32",
    session: "i32",
    generation: "i32",
    waitsOn: "i32",
    waitGeneration: "i32",
    next: "i32",
    calls: "i32",
    startedAtMs: "f64",
    lockWaitFromMs: "f64",
    lockWaitMs: "f64",
    coreMs: "f64",
    cpuDueMs: "f64",
    onward: "u8",
    operation: "u8",
    outcome: "u8",
    onCore: "u8",
    created: "u8",
    changed: "u8",
    abandons: "u8",
    page: "u8",
  });
  const NONE_PAGE = 0;
  const READ_ONLY = 1;
  const READ_WRITE = 2;
  const columns = slots.columns;
  const cores = Array.from({ length: processes }, () => createStation(site.coresPerWorker, () => columns.next));
  const store = createStation(scenario.calibration.storeConcurrency, () => columns.next);
  const sessions = createSessionTable({ site, stores, counters, onRemoved });
  const visitors = createVisitors({
    journeys,
    spacingMs: timeless ? 0 : scenario.workload.parallel.spacingMs,
    queue,
    stores: storesPerVisitor,
    sendRequest,
    onLeft: (session) => sessions.detach(session),
  });

  // Where a request runs and where its session lives.

  function processOf(visitor: number, number: number): number {
    if (processes === 1) return 0;
    const visit = visitors.visitOf(visitor);
    const place = site.affinity ? 0 : 1 + visitors.stepOf(visitor) * REQUESTS_PER_STEP_MAX + number;
    return Math.floor(routes.at(visit, place) * processes);
  }

  const storeOf = (request: number) => (inProcess ? columns.process[request] : 0);
  const holdingOf = (request: number) => (storesPerVisitor === 1 ? 0 : columns.process[request]);
  const visitOf = (request: number) => visitors.visitOf(columns.visitor[request]);
  const placeOf = (request: number) =>
    visitors.stepOf(columns.visitor[request]) * REQUESTS_PER_STEP_MAX + columns.number[request];
  const bytesOf = (request: number) => journeys.stateBytes(visitOf(request));

  function sendRequest(nowMs: number, visitor: number, number: number): void {
    const visit = visitors.visitOf(visitor);
    const step = visitors.stepOf(visitor);
    const request = slots.take();
    counters.requests++;
    columns.visitor[request] = visitor;
    columns.number[request] = number;
    columns.process[request] = processOf(visitor, number);
    columns.session[request] = NONE;
    columns.calls[request] = 0;
    columns.startedAtMs[request] = nowMs;
    columns.lockWaitFromMs[request] = -1;
    columns.lockWaitMs[request] = -1;
    columns.cpuDueMs[request] = 0;
    columns.onCore[request] = 0;
    columns.created[request] = 0;
    const session = site.mode === "Off" ? "none" : journeys.pageOf(visit, step, number).session;
    columns.page[request] = session === "none" ? NONE_PAGE : session === "read-only" ? READ_ONLY : READ_WRITE;
    columns.changed[request] = journeys.changes(visit, step, number) ? 1 : 0;
    const last = step + 1 === journeys.requestsOf(visit) && number === 0;
    columns.abandons[request] = last && columns.page[request] === READ_WRITE && journeys.logsOut(visit) ? 1 : 0;
    const cpuMs = timeless ? 0 : costs.requestCpuMs(visit, placeOf(request));
    useCore(nowMs, request, cpuMs, ACQUIRE);
  }

  // Cores and the store: what takes time.

  function useCore(nowMs: number, request: number, lengthMs: number, onward: number): void {
    if (timeless) {
      go(nowMs, request, onward);
      return;
    }
    columns.onward[request] = onward;
    columns.coreMs[request] = lengthMs;
    if (columns.onCore[request] === 0 && !cores[columns.process[request]].enter(nowMs, request)) return;
    columns.onCore[request] = 1;
    queue.push(nowMs + lengthMs, CORE_DONE, request);
  }

  function leaveCore(nowMs: number, request: number): void {
    if (columns.onCore[request] === 0) return;
    columns.onCore[request] = 0;
    const successor = cores[columns.process[request]].leave(nowMs);
    if (successor === NONE) return;
    columns.onCore[successor] = 1;
    queue.push(nowMs + columns.coreMs[successor], CORE_DONE, successor);
  }

  function call(nowMs: number, request: number, operation: number, onward: number): void {
    if (!classic) counters.storeCalls[operationCodes[operation]]++;
    if (timeless || inProcess) {
      if (!timeless && !classic)
        columns.cpuDueMs[request] += costs.webCpuMs(operationCodes[operation], bytesOf(request));
      effect(nowMs, request, operation);
      go(nowMs, request, onward);
      return;
    }
    columns.cpuDueMs[request] += costs.webCpuMs(operationCodes[operation], bytesOf(request));
    columns.operation[request] = operation;
    columns.onward[request] = onward;
    leaveCore(nowMs, request);
    queue.push(nowMs + costs.networkMs(visitOf(request), callPlace(request)), STORE_REACHED, request);
  }

  /** Polls beyond the sixteenth call of a request draw the same times again; they are alike anyway. */
  const callPlace = (request: number) =>
    placeOf(request) * CALLS_PER_REQUEST_MAX + (columns.calls[request] % CALLS_PER_REQUEST_MAX);

  function storeServes(nowMs: number, request: number): void {
    const operation = operationCodes[columns.operation[request]];
    const serviceMs = costs.storeMs(operation, bytesOf(request), visitOf(request), callPlace(request));
    queue.push(nowMs + serviceMs, STORE_DONE, request);
  }

  function handle(nowMs: number, kind: number, request: number): void {
    switch (kind) {
      case CORE_DONE:
        go(nowMs, request, columns.onward[request]);
        break;
      case STORE_REACHED:
        if (store.enter(nowMs, request)) storeServes(nowMs, request);
        break;
      case STORE_DONE: {
        effect(nowMs, request, columns.operation[request]);
        const successor = store.leave(nowMs);
        if (successor !== NONE) storeServes(nowMs, successor);
        queue.push(nowMs + costs.networkMs(visitOf(request), callPlace(request)), STORE_ANSWERED, request);
        columns.calls[request]++;
        break;
      }
      case STORE_ANSWERED:
        go(nowMs, request, columns.onward[request]);
        break;
      case PAGE_WAITED:
        go(nowMs, request, RELEASE);
        break;
      case POLL:
        poll(nowMs, request);
        break;
      default:
        assert(kind === WOKEN, "every kind of event is known");
        useCore(nowMs, request, 0, ACQUIRE);
    }
  }

  // What a call does, at the moment the store does it.

  function effect(nowMs: number, request: number, operation: number): void {
    const visitor = columns.visitor[request];
    const held = heldSession(request);
    switch (operation) {
      case 0:
      case 1: {
        const session = visitors.sessionIn(visitor, holdingOf(request));
        if (session === NONE || !sessions.access(nowMs, session)) {
          columns.outcome[request] = MISSING;
          return;
        }
        hold(request, session);
        const lockOwner = sessions.lockOwnerOf(session);
        if (lockOwner !== NONE && lockOwner !== request) {
          columns.outcome[request] = LOCKED;
          return;
        }
        columns.outcome[request] = FOUND;
        if (operation === 1) sessions.setLock(session, request, nowMs);
        return;
      }
      case 2:
      case 3:
        if (held !== NONE && sessions.lockOwnerOf(held) === request && sessions.access(nowMs, held))
          unlock(nowMs, held);
        return;
      case 4:
        if (held !== NONE && sessions.lockOwnerOf(held) === request) sessions.abandon(nowMs, held);
        return;
      case 5: {
        const session = visitors.sessionIn(visitor, holdingOf(request));
        if (session !== NONE) sessions.access(nowMs, session);
        return;
      }
      default:
        // CreateUninitializedItem never overwrites: of two requests with one unknown id, the second finds the session of the first.
        if (visitors.sessionIn(visitor, holdingOf(request)) !== NONE) return;
        columns.outcome[request] = begin(nowMs, request) ? FOUND : REFUSED;
    }
  }

  /** A new session is wanted: started, or refused at the cap. */
  function begin(nowMs: number, request: number): boolean {
    counters.arrivals++;
    if (!sessions.hasRoom(storeOf(request))) {
      counters.refused++;
      return false;
    }
    const visitor = columns.visitor[request];
    const keepsCookie = !journeys.withoutCookies(visitors.visitOf(visitor));
    const owner = keepsCookie ? visitor : NONE;
    const session = sessions.create(nowMs, storeOf(request), bytesOf(request), owner, holdingOf(request));
    if (keepsCookie) {
      visitors.giveCookie(visitor);
      visitors.setSession(visitor, holdingOf(request), session);
    }
    hold(request, session);
    return true;
  }

  function hold(request: number, session: number): void {
    columns.session[request] = session;
    columns.generation[request] = sessions.generationOf(session);
  }

  /** The session the request works on; NONE once that has gone, whoever has its place now. */
  function heldSession(request: number): number {
    const session = columns.session[request];
    return session !== NONE && sessions.generationOf(session) === columns.generation[request] ? session : NONE;
  }

  /** Classic ASP hands the session to whoever is first in line; in ASP.NET it is free for the next poll. */
  function unlock(nowMs: number, session: number): void {
    const first = sessions.firstInLineOf(session);
    sessions.setLock(session, first, nowMs);
    if (first === NONE) return;
    sessions.setFirstInLine(session, columns.next[first]);
    queue.push(nowMs, WOKEN, first);
  }

  function onRemoved(nowMs: number, session: number, owner: number, ownerStore: number): void {
    if (owner !== NONE) visitors.setSession(owner, ownerStore, NONE);
    for (let waiting = sessions.firstInLineOf(session); waiting !== NONE; waiting = columns.next[waiting]) {
      queue.push(nowMs, WOKEN, waiting);
    }
  }

  // The pipeline.

  function go(nowMs: number, request: number, step: number): void {
    switch (step) {
      case ACQUIRE:
        acquire(nowMs, request);
        break;
      case GOT:
        got(nowMs, request);
        break;
      case CREATED:
        if (columns.outcome[request] === REFUSED) end(nowMs, request, "refused");
        else call(nowMs, request, 1, GOT);
        break;
      case PAGE:
        runPage(nowMs, request);
        break;
      case PAGE_RAN:
        pageRan(nowMs, request);
        break;
      case RELEASE:
        release(nowMs, request);
        break;
      case FINISH: {
        const cpuDueMs = columns.cpuDueMs[request];
        columns.cpuDueMs[request] = 0;
        if (cpuDueMs > 0) useCore(nowMs, request, cpuDueMs, DONE);
        else end(nowMs, request, "done");
        break;
      }
      default:
        end(nowMs, request, "done");
    }
  }

  function acquire(nowMs: number, request: number): void {
    const page = columns.page[request];
    const knownId = visitors.hasCookie(columns.visitor[request]);
    if (page === NONE_PAGE) {
      if (knownId && site.mode !== "Off") call(nowMs, request, 5, PAGE);
      else runPage(nowMs, request);
      return;
    }
    if (knownId) call(nowMs, request, page === READ_WRITE ? 1 : 0, GOT);
    else startIfStored(nowMs, request);
  }

  /** A newcomer's session is stored only if there is something to store, or a Session_Start handler. */
  function startIfStored(nowMs: number, request: number): void {
    const stores = columns.abandons[request] === 0 && (site.sessionStart || columns.changed[request] === 1);
    if (!stores) {
      runPage(nowMs, request);
      return;
    }
    if (!begin(nowMs, request)) {
      end(nowMs, request, "refused");
      return;
    }
    columns.created[request] = 1;
    sessions.setLock(columns.session[request], request, nowMs);
    runPage(nowMs, request);
  }

  function got(nowMs: number, request: number): void {
    switch (columns.outcome[request]) {
      case FOUND:
        stopWaiting(nowMs, request);
        runPage(nowMs, request);
        break;
      case LOCKED:
        waitForLock(nowMs, request);
        break;
      default:
        stopWaiting(nowMs, request);
        if (classic || columns.page[request] === READ_ONLY) startIfStored(nowMs, request);
        else call(nowMs, request, 6, CREATED);
    }
  }

  function waitForLock(nowMs: number, request: number): void {
    const session = columns.session[request];
    if (columns.lockWaitFromMs[request] < 0) {
      counters.lockWaits++;
      columns.lockWaitFromMs[request] = nowMs;
      if (!classic && sessions.waitersOf(session) >= site.requestQueueLimitPerSession) {
        fail(nowMs, request, "queue limit of the session");
        return;
      }
      sessions.addWaiter(session, 1);
      columns.waitsOn[request] = session;
      columns.waitGeneration[request] = columns.generation[request];
    }
    leaveCore(nowMs, request);
    if (classic) {
      joinLine(session, request);
      return;
    }
    if (nowMs - sessions.lockedAtMsOf(session) >= site.executionTimeoutMs) {
      counters.lockBreaks++;
      counters.storeCalls.releaseItemExclusive++;
      unlock(nowMs, session);
    }
    queue.push(nowMs + site.lockPollMs, POLL, request);
  }

  function joinLine(session: number, request: number): void {
    columns.next[request] = NONE;
    let last = sessions.firstInLineOf(session);
    if (last === NONE) {
      sessions.setFirstInLine(session, request);
      return;
    }
    while (columns.next[last] !== NONE) last = columns.next[last];
    columns.next[last] = request;
  }

  function poll(nowMs: number, request: number): void {
    if (nowMs - columns.startedAtMs[request] >= site.executionTimeoutMs) {
      stopWaiting(nowMs, request);
      fail(nowMs, request, "request timed out");
      return;
    }
    counters.lockPolls++;
    call(nowMs, request, columns.page[request] === READ_WRITE ? 1 : 0, GOT);
  }

  function stopWaiting(nowMs: number, request: number): void {
    const fromMs = columns.lockWaitFromMs[request];
    if (fromMs < 0 || columns.lockWaitMs[request] >= 0) return;
    columns.lockWaitMs[request] = nowMs - fromMs;
    const session = columns.waitsOn[request];
    if (sessions.generationOf(session) === columns.waitGeneration[request]) sessions.addWaiter(session, -1);
  }

  function runPage(nowMs: number, request: number): void {
    const visitor = columns.visitor[request];
    const visit = visitors.visitOf(visitor);
    const pageMs = timeless ? 0 : journeys.cpuMs(visit, visitors.stepOf(visitor), columns.number[request]);
    const lengthMs = pageMs + columns.cpuDueMs[request];
    columns.cpuDueMs[request] = 0;
    useCore(nowMs, request, lengthMs, PAGE_RAN);
  }

  function pageRan(nowMs: number, request: number): void {
    const visitor = columns.visitor[request];
    const visit = visitors.visitOf(visitor);
    const waitMs = timeless ? 0 : journeys.waitMs(visit, visitors.stepOf(visitor), columns.number[request]);
    if (waitMs === 0) {
      release(nowMs, request);
      return;
    }
    leaveCore(nowMs, request);
    queue.push(nowMs + waitMs, PAGE_WAITED, request);
  }

  function release(nowMs: number, request: number): void {
    const holds = columns.session[request] !== NONE;
    const created = columns.created[request] === 1;
    if (!holds) go(nowMs, request, FINISH);
    else if (columns.abandons[request] === 1) call(nowMs, request, 4, FINISH);
    else if (created || columns.changed[request] === 1) call(nowMs, request, 2, FINISH);
    else if (columns.page[request] === READ_WRITE) call(nowMs, request, 3, FINISH);
    else go(nowMs, request, FINISH);
  }

  function fail(nowMs: number, request: number, kind: string): void {
    counters.failures[kind] = (counters.failures[kind] ?? 0) + 1;
    end(nowMs, request, "failed");
  }

  function end(nowMs: number, request: number, how: "done" | "failed" | "refused"): void {
    leaveCore(nowMs, request);
    if (how === "failed") counters.failed++;
    if (how === "done") {
      counters.completed++;
      const lockWaitMs = columns.lockWaitMs[request];
      onResponse(columns.startedAtMs[request], nowMs, lockWaitMs < 0 ? null : lockWaitMs);
    }
    const visitor = columns.visitor[request];
    const number = columns.number[request];
    slots.give(request);
    visitors.requestEnded(nowMs, visitor, number, how);
  }

  return {
    sessions,
    visitors,
    cores,
    store,
    handle,
    recycle(nowMs) {
      counters.recycles += processes;
      if (!inProcess) return;
      for (let process = 0; process < processes; process++) sessions.loseAll(nowMs, process);
    },
  };
}
