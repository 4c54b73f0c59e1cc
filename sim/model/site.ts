// The life of a request: a core, the session (store calls, the lock, polls), the page, the release. The order of store calls is that
// of ASP.NET's SessionStateModule (.NET reference source); classic ASP takes the requests of one session in turn, without polling.
// A request keeps its core until it has to wait for something else, as a thread does.

import { assert } from "../../config/assert.ts";
import { type Scenario, type Site, storeOperations } from "../../config/scenario.ts";
import type { MutableCounters } from "../../metrics/run-record.ts";
import type { Journeys } from "../../workload/journeys.ts";
import { createDraws } from "../../workload/random-stream.ts";
import type { EventQueue } from "../engine/event-queue.ts";
import { createStation, type Station } from "../engine/station.ts";
import { CORE_DONE, createCores } from "./cores.ts";
import { createCosts } from "./costs.ts";
import {
  CREATE_UNINITIALIZED,
  createRequestTable,
  FOUND,
  GET,
  GET_EXCLUSIVE,
  LOCKED,
  PAGE_NONE,
  PAGE_READ_ONLY,
  PAGE_READ_WRITE,
  REFUSED,
  RELEASE_EXCLUSIVE,
  REMOVE,
  RESET_TIMEOUT,
  SET_AND_RELEASE,
} from "./request-table.ts";
import { createSessionCalls } from "./session-calls.ts";
import { NONE } from "./session-rows.ts";
import { createSessionTable, type SessionTable } from "./session-table.ts";
import { createVisitors, type RequestEnd, type Visitors } from "./visitors.ts";

export const REQUEST_EVENTS_FROM = 10;

/** Kinds of events of a request beside CORE_DONE; those below 10 are the visitor's. */
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

const REQUESTS_PER_STEP_MAX = 64;
const CALLS_PER_REQUEST_MAX = 16;

/** A timer tick is skipped when the last poll ended less than this ago (.NET reference source, SessionStateModule.cs). */
const POLL_GAP_MIN_MS = 250;
/** Share of a beat by which sums of moments may be off. */
const BEAT_ROUNDING = 1e-6;

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
  readonly mirrored: boolean;
  readonly journeys: Journeys;
  readonly queue: EventQueue;
  readonly counters: MutableCounters;
  /** A request was answered; lockWaitMs is null when it never waited for a lock. */
  readonly onResponse: (startedAtMs: number, responseMs: number, lockWaitMs: number | null) => void;
}

export function createSite(options: SiteOptions): SiteModel {
  const { scenario, site, seed, mirrored, journeys, queue, counters, onResponse } = options;
  const costs = createCosts(scenario.calibration, seed, mirrored);
  const routes = createDraws(seed, "routes", mirrored);
  const timeless = scenario.run.fidelity === "population";
  const classic = site.technology === "asp";
  const inProcess = site.mode === "InProc";
  const processes = site.servers * site.workersPerServer;
  const storesPerVisitor = inProcess && !site.affinity ? processes : 1;

  const requests = createRequestTable();
  const columns = requests.columns;
  const cores = createCores({ processes, coresPerWorker: site.coresPerWorker, requests, queue });
  const store = createStation(scenario.calibration.storeConcurrency, () => columns.next);
  const sessions = createSessionTable({
    site,
    stores: inProcess ? processes : 1,
    counters,
    onRemoved: (nowMs, session, owner, store) => calls.sessionRemoved(nowMs, session, owner, store),
  });
  const visitors = createVisitors({
    journeys,
    spacingMs: timeless ? 0 : scenario.workload.parallel.spacingMs,
    queue,
    stores: storesPerVisitor,
    sendRequest,
    onLeft: (session) => sessions.detach(session),
  });
  const calls = createSessionCalls({
    site,
    requests,
    sessions,
    visitors,
    journeys,
    counters,
    storeOf: (request) => (inProcess ? columns.process[request] : 0),
    placeOf: (store) => (storesPerVisitor === 1 ? 0 : store),
    wake: (nowMs, request) => queue.push(nowMs, WOKEN, request),
  });

  const visitOf = (request: number) => visitors.visitOf(columns.visitor[request]);
  const stepOf = (request: number) => visitors.stepOf(columns.visitor[request]);
  const drawOf = (request: number) => stepOf(request) * REQUESTS_PER_STEP_MAX + columns.number[request];
  /** Calls beyond the sixteenth of a request, all of them polls, draw the same times again; they are alike anyway. */
  const callDrawOf = (request: number) =>
    drawOf(request) * CALLS_PER_REQUEST_MAX + (columns.calls[request] % CALLS_PER_REQUEST_MAX);

  function processOf(visitor: number, number: number): number {
    if (processes === 1) return 0;
    const draw = site.affinity ? 0 : 1 + visitors.stepOf(visitor) * REQUESTS_PER_STEP_MAX + number;
    return Math.floor(routes.at(visitors.visitOf(visitor), draw) * processes);
  }

  function sendRequest(nowMs: number, visitor: number, number: number): void {
    const visit = visitors.visitOf(visitor);
    const step = visitors.stepOf(visitor);
    const request = requests.take();
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
    columns.carriesId[request] = visitors.hasCookie(visitor) ? 1 : 0;
    const page = site.mode === "Off" ? "none" : journeys.pageOf(visit, step, number).session;
    // Classic ASP knows no read-only pages: all that use the session take turns.
    const readOnly = page === "read-only" && !classic;
    columns.page[request] = page === "none" ? PAGE_NONE : readOnly ? PAGE_READ_ONLY : PAGE_READ_WRITE;
    columns.changed[request] = journeys.changes(visit, step, number) ? 1 : 0;
    const last = step + 1 === journeys.requestsOf(visit) && number === 0;
    columns.abandons[request] = last && page === "read-write" && journeys.logsOut(visit) ? 1 : 0;
    useCore(nowMs, request, timeless ? 0 : costs.requestCpuMs(visit, drawOf(request)), ACQUIRE);
  }

  // Cores and the store: what takes time.

  function useCore(nowMs: number, request: number, lengthMs: number, onward: number): void {
    if (timeless) {
      go(nowMs, request, onward);
      return;
    }
    columns.onward[request] = onward;
    cores.use(nowMs, request, lengthMs);
  }

  function call(nowMs: number, request: number, operation: number, onward: number): void {
    if (!classic) counters.storeCalls[storeOperations[operation]]++;
    if (!timeless && !classic) columns.cpuDueMs[request] += costs.webCpuMs(operation, bytesOf(request, operation));
    if (timeless || inProcess) {
      calls.perform(nowMs, request, operation);
      go(nowMs, request, onward);
      return;
    }
    columns.operation[request] = operation;
    columns.onward[request] = onward;
    cores.leave(nowMs, request);
    queue.push(nowMs + costs.networkMs(visitOf(request), callDrawOf(request)), STORE_REACHED, request);
  }

  /** Looked up only where the calibration charges by size. */
  function bytesOf(request: number, operation: number): number {
    return costs.growsWithSize(operation) ? calls.bytesMoved(request, operation) : 0;
  }

  function storeServes(nowMs: number, request: number): void {
    const operation = columns.operation[request];
    const bytes = bytesOf(request, operation);
    const serviceMs = costs.storeMs(operation, bytes, visitOf(request), callDrawOf(request));
    queue.push(nowMs + serviceMs, STORE_DONE, request);
  }

  function storeServed(nowMs: number, request: number): void {
    calls.perform(nowMs, request, columns.operation[request]);
    const successor = store.leave(nowMs);
    if (successor !== NONE) storeServes(nowMs, successor);
    queue.push(nowMs + costs.networkMs(visitOf(request), callDrawOf(request)), STORE_ANSWERED, request);
    columns.calls[request]++;
  }

  function handle(nowMs: number, kind: number, request: number): void {
    switch (kind) {
      case CORE_DONE:
      case STORE_ANSWERED:
        go(nowMs, request, columns.onward[request]);
        break;
      case STORE_REACHED:
        if (store.enter(nowMs, request)) storeServes(nowMs, request);
        break;
      case STORE_DONE:
        storeServed(nowMs, request);
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
        else call(nowMs, request, GET_EXCLUSIVE, GOT);
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
      case FINISH:
        finish(nowMs, request);
        break;
      default:
        assert(step === DONE, "every step is known");
        end(nowMs, request, "done");
    }
  }

  function acquire(nowMs: number, request: number): void {
    const page = columns.page[request];
    const knownId = columns.carriesId[request] === 1;
    if (page === PAGE_NONE) {
      if (knownId && site.mode !== "Off") call(nowMs, request, RESET_TIMEOUT, PAGE);
      else runPage(nowMs, request);
      return;
    }
    if (knownId) get(nowMs, request);
    else startIfStored(nowMs, request);
  }

  function get(nowMs: number, request: number): void {
    call(nowMs, request, columns.page[request] === PAGE_READ_WRITE ? GET_EXCLUSIVE : GET, GOT);
  }

  /** A newcomer's session is stored only if there is something to store, or a Session_Start handler. */
  function startIfStored(nowMs: number, request: number): void {
    const stores = columns.abandons[request] === 0 && (site.sessionStart || columns.changed[request] === 1);
    if (stores ? !calls.begin(nowMs, request) : calls.turnsAway(request)) {
      end(nowMs, request, "refused");
      return;
    }
    if (!stores) {
      runPage(nowMs, request);
      return;
    }
    columns.created[request] = 1;
    calls.lock(nowMs, request);
    runPage(nowMs, request);
  }

  function got(nowMs: number, request: number): void {
    const outcome = columns.outcome[request];
    if (outcome === LOCKED) {
      waitForLock(nowMs, request);
      return;
    }
    calls.stopWaiting(nowMs, request);
    if (outcome === FOUND) runPage(nowMs, request);
    else if (classic || columns.page[request] === PAGE_READ_ONLY) startIfStored(nowMs, request);
    else call(nowMs, request, CREATE_UNINITIALIZED, CREATED);
  }

  function waitForLock(nowMs: number, request: number): void {
    if (columns.lockWaitFromMs[request] < 0 && !calls.startWaiting(nowMs, request)) {
      fail(nowMs, request, "queue limit of the session");
      return;
    }
    cores.leave(nowMs, request);
    if (classic) {
      calls.joinLine(request);
      return;
    }
    calls.breakOldLock(nowMs, request);
    queue.push(nextPollAtMs(nowMs, request), POLL, request);
  }

  /** Polls keep the beat that the first failed try has set, however long an answer takes; a beat too soon after one is skipped. */
  function nextPollAtMs(nowMs: number, request: number): number {
    const fromMs = columns.lockWaitFromMs[request];
    const beats = Math.ceil((nowMs + POLL_GAP_MIN_MS - fromMs) / site.lockPollMs - BEAT_ROUNDING);
    return fromMs + beats * site.lockPollMs;
  }

  function poll(nowMs: number, request: number): void {
    if (nowMs - columns.startedAtMs[request] >= site.executionTimeoutMs) {
      calls.stopWaiting(nowMs, request);
      fail(nowMs, request, "request timed out");
      return;
    }
    counters.lockPolls++;
    get(nowMs, request);
  }

  function runPage(nowMs: number, request: number): void {
    const pageMs = timeless ? 0 : journeys.cpuMs(visitOf(request), stepOf(request), columns.number[request]);
    const lengthMs = pageMs + columns.cpuDueMs[request];
    columns.cpuDueMs[request] = 0;
    useCore(nowMs, request, lengthMs, PAGE_RAN);
  }

  function pageRan(nowMs: number, request: number): void {
    const waitMs = timeless ? 0 : journeys.waitMs(visitOf(request), stepOf(request), columns.number[request]);
    if (waitMs === 0) {
      release(nowMs, request);
      return;
    }
    cores.leave(nowMs, request);
    queue.push(nowMs + waitMs, PAGE_WAITED, request);
  }

  function release(nowMs: number, request: number): void {
    const writes = columns.created[request] === 1 || columns.changed[request] === 1;
    if (columns.session[request] === NONE) finish(nowMs, request);
    else if (columns.abandons[request] === 1) call(nowMs, request, REMOVE, FINISH);
    else if (writes) call(nowMs, request, SET_AND_RELEASE, FINISH);
    else if (columns.page[request] === PAGE_READ_WRITE) call(nowMs, request, RELEASE_EXCLUSIVE, FINISH);
    else finish(nowMs, request);
  }

  function finish(nowMs: number, request: number): void {
    const cpuDueMs = columns.cpuDueMs[request];
    columns.cpuDueMs[request] = 0;
    if (cpuDueMs > 0) useCore(nowMs, request, cpuDueMs, DONE);
    else end(nowMs, request, "done");
  }

  function fail(nowMs: number, request: number, kind: string): void {
    counters.failures[kind] = (counters.failures[kind] ?? 0) + 1;
    end(nowMs, request, "failed");
  }

  function end(nowMs: number, request: number, how: RequestEnd): void {
    cores.leave(nowMs, request);
    if (how === "failed") counters.failed++;
    if (how === "done") {
      counters.completed++;
      answer(nowMs, request);
    }
    const visitor = columns.visitor[request];
    const number = columns.number[request];
    requests.give(request);
    visitors.requestEnded(nowMs, visitor, number, how);
  }

  /** The way to the visitor and back is in what he waits; it is too short to move what he does next. */
  function answer(nowMs: number, request: number): void {
    if (timeless) return;
    const responseMs = nowMs - columns.startedAtMs[request] + costs.clientMs(visitOf(request), drawOf(request));
    const lockWaitMs = columns.lockWaitMs[request];
    onResponse(columns.startedAtMs[request], responseMs, lockWaitMs < 0 ? null : lockWaitMs);
  }

  return {
    sessions,
    visitors,
    cores: cores.stations,
    store,
    handle,
    recycle(nowMs) {
      counters.recycles += processes;
      if (!inProcess) return;
      for (let process = 0; process < processes; process++) sessions.loseAll(nowMs, process);
    },
  };
}
