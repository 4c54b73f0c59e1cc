// The steps of a request between its start and its end, in the order of ASP.NET's SessionStateModule (.NET reference source): get the
// session, run the page, give the session back. Classic ASP does the same without store calls.

import { assert } from "../../config/assert.ts";
import type { Site } from "../../config/scenario.ts";
import type { Journeys } from "../../workload/journeys.ts";
import type { Schedule } from "../engine/event-queue.ts";
import type { Cores } from "./cores.ts";
import type { DrawPlaces } from "./draw-places.ts";
import type { LockWait } from "./lock-wait.ts";
import type { RequestEnds } from "./request-end.ts";
import {
  ACQUIRE,
  CREATE_UNINITIALIZED,
  CREATED,
  DONE,
  FINISH,
  FOUND,
  GET,
  GET_EXCLUSIVE,
  GOT,
  LOCKED,
  PAGE,
  PAGE_NONE,
  PAGE_RAN,
  PAGE_READ_ONLY,
  PAGE_READ_WRITE,
  POLLED,
  REFUSED,
  RELEASE,
  RELEASE_EXCLUSIVE,
  REMOVE,
  RESET_TIMEOUT,
  type RequestTable,
  SET_AND_RELEASE,
} from "./request-table.ts";
import type { SessionCalls } from "./session-calls.ts";
import { NONE } from "./session-rows.ts";
import type { StoreLink } from "./store-link.ts";

/** Kind of the event that ends what a page waits for. */
export const PAGE_WAITED = 14;

export interface Pipeline {
  /** The request takes a step of its way, and further ones until it has to wait. */
  go(nowMs: number, request: number, step: number): void;
  /** Asks for the session of a request that brought an id. */
  get(nowMs: number, request: number): void;
}

interface PipelineOptions {
  readonly site: Site;
  readonly requests: RequestTable;
  readonly journeys: Journeys;
  readonly cores: Cores;
  readonly link: StoreLink;
  readonly places: DrawPlaces;
  readonly calls: SessionCalls;
  readonly locks: LockWait;
  readonly ends: RequestEnds;
  readonly queue: Schedule;
}

export function createPipeline(options: PipelineOptions): Pipeline {
  const { site, requests, journeys, cores, link, places, calls, locks, ends, queue } = options;
  const { columns } = requests;
  const classic = site.technology === "asp";
  const off = site.mode === "Off";

  function go(nowMs: number, request: number, step: number): void {
    switch (step) {
      case ACQUIRE:
        acquire(nowMs, request);
        break;
      case GOT:
        got(nowMs, request);
        break;
      case CREATED:
        if (columns.outcome[request] === REFUSED) ends.refused(nowMs, request);
        else link.call(nowMs, request, GET_EXCLUSIVE, GOT);
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
      case POLLED:
        locks.poll(nowMs, request);
        break;
      default:
        assert(step === DONE, "every step is known");
        ends.done(nowMs, request);
    }
  }

  function acquire(nowMs: number, request: number): void {
    const knownId = columns.carriesId[request] === 1;
    if (columns.page[request] === PAGE_NONE) {
      if (knownId && !off) link.call(nowMs, request, RESET_TIMEOUT, PAGE);
      else runPage(nowMs, request);
    } else if (knownId) {
      get(nowMs, request);
    } else {
      startIfStored(nowMs, request);
    }
  }

  function get(nowMs: number, request: number): void {
    link.call(nowMs, request, columns.page[request] === PAGE_READ_WRITE ? GET_EXCLUSIVE : GET, GOT);
  }

  /** A newcomer's session is stored only if there is something to store, or a Session_Start handler. */
  function startIfStored(nowMs: number, request: number): void {
    const stores = columns.abandons[request] === 0 && (site.sessionStart || columns.changed[request] === 1);
    if (stores ? !calls.begin(nowMs, request) : calls.turnsAway(request)) {
      ends.refused(nowMs, request);
      return;
    }
    if (stores) {
      columns.created[request] = 1;
      calls.lock(nowMs, request);
    }
    runPage(nowMs, request);
  }

  function got(nowMs: number, request: number): void {
    const outcome = columns.outcome[request];
    if (outcome === LOCKED) {
      locks.wait(nowMs, request);
      return;
    }
    calls.stopWaiting(nowMs, request);
    if (outcome === FOUND) runPage(nowMs, request);
    else if (classic || columns.page[request] === PAGE_READ_ONLY) startIfStored(nowMs, request);
    else link.call(nowMs, request, CREATE_UNINITIALIZED, CREATED);
  }

  function runPage(nowMs: number, request: number): void {
    const pageMs = journeys.cpuMs(places.visitOf(request), places.stepOf(request), columns.number[request]);
    const lengthMs = pageMs + columns.cpuDueMs[request];
    columns.cpuDueMs[request] = 0;
    cores.use(nowMs, request, lengthMs, PAGE_RAN);
  }

  function pageRan(nowMs: number, request: number): void {
    const waitMs = journeys.waitMs(places.visitOf(request), places.stepOf(request), columns.number[request]);
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
    else if (columns.abandons[request] === 1) link.call(nowMs, request, REMOVE, FINISH);
    else if (writes) link.call(nowMs, request, SET_AND_RELEASE, FINISH);
    else if (columns.page[request] === PAGE_READ_WRITE) link.call(nowMs, request, RELEASE_EXCLUSIVE, FINISH);
    else finish(nowMs, request);
  }

  function finish(nowMs: number, request: number): void {
    const cpuDueMs = columns.cpuDueMs[request];
    columns.cpuDueMs[request] = 0;
    if (cpuDueMs > 0) cores.use(nowMs, request, cpuDueMs, DONE);
    else ends.done(nowMs, request);
  }

  return { go, get };
}
