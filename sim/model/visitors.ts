// Visitors under way: how far each has come, which sessions he holds and where, and what he does next. The site tells him when a
// request is over; he answers by sending the next one, thinking, trying again or leaving.

import { assert } from "../../config/assert.ts";
import { type Journeys, REQUESTS_PER_STEP_MAX } from "../../workload/journeys.ts";
import type { Schedule } from "../engine/event-queue.ts";
import { createSlots } from "../engine/slots.ts";
import { NONE } from "./session-rows.ts";

const VISITOR_THINKS = 1;
const VISITOR_RETRIES = 2;
const VISITOR_SENDS = 3;

/** What a column of whole numbers can count; no visit comes to so many. */
const PAGE_VIEWS_MAX = 0x7fff_ffff;
/** Places in a visitor's row of whole numbers: one cache line or part of one. */
const VISIT = 0;
const STEP = 1;
const TOTAL = 2;
const ATTEMPT = 3;
const PENDING = 4;
const COOKIE = 5;
/** The process he was moved to. */
const MOVED_TO = 6;
/** From here on the session he has in each store. */
const SESSIONS = 7;
const ROW_MIN = 8;
const VISITS_MAX = 2 ** 31;

export type RequestEnd = "done" | "failed" | "refused";

export interface Visitors {
  /** Visitors under way. */
  present(): number;
  arrive(nowMs: number): void;
  /** An event of his own has come: think time over, time to try again, or to send the next of his parallel requests. */
  resume(nowMs: number, kind: number, id: number): void;
  requestEnded(nowMs: number, visitor: number, request: number, end: RequestEnd): void;
  /** The number of his visit, by which his journey is looked up. */
  visitOf(visitor: number): number;
  /** Page views before this one. */
  stepOf(visitor: number): number;
  /** He is at his last page view. */
  isAtLast(visitor: number): boolean;
  hasCookie(visitor: number): boolean;
  giveCookie(visitor: number): void;
  /** The answer that would have brought it never came. */
  takeCookie(visitor: number): void;
  /** The process that a load balancer has moved him to; NONE where he was not moved. */
  movedTo(visitor: number): number;
  move(visitor: number, process: number): void;
  /** The session he has in a store; NONE where he has none. */
  sessionIn(visitor: number, store: number): number;
  setSession(visitor: number, store: number, session: number): void;
}

interface VisitorOptions {
  readonly journeys: Journeys;
  /** Between two parallel requests of a visitor. */
  readonly spacingMs: number;
  readonly queue: Schedule;
  /** Stores in which one visitor can have a session: 1, or the number of processes without affinity. */
  readonly stores: number;
  readonly sendRequest: (nowMs: number, visitor: number, request: number) => void;
  /** He leaves; his sessions stay behind. */
  readonly onLeft: (session: number) => void;
}

export function createVisitors({ journeys, spacingMs, queue, stores, sendRequest, onLeft }: VisitorOptions): Visitors {
  const width = Math.max(ROW_MIN, SESSIONS + stores);
  const slots = createSlots({ row: "i32" }, { row: width });
  const columns = slots.columns;
  let visits = 0;

  const visitOf = (visitor: number) => columns.row[visitor * width + VISIT];
  const stepOf = (visitor: number) => columns.row[visitor * width + STEP];
  const isAtLast = (visitor: number) => columns.row[visitor * width + STEP] + 1 >= columns.row[visitor * width + TOTAL];

  function leave(visitor: number): void {
    for (let store = 0; store < stores; store++) {
      const session = columns.row[visitor * width + SESSIONS + store];
      if (session !== NONE) onLeft(session);
    }
    slots.give(visitor);
  }

  function send(nowMs: number, visitor: number): void {
    columns.row[visitor * width + PENDING] = 1;
    sendRequest(nowMs, visitor, 0);
  }

  function viewEnded(nowMs: number, visitor: number): void {
    if (isAtLast(visitor)) {
      leave(visitor);
      return;
    }
    const step = columns.row[visitor * width + STEP]++;
    columns.row[visitor * width + ATTEMPT] = 0;
    queue.push(nowMs + journeys.thinkMs(visitOf(visitor), step), VISITOR_THINKS, visitor);
  }

  /** At the same page; an attempt counts whether it was refused or failed. */
  function tryAgain(nowMs: number, visitor: number, end: "refused" | "failed"): void {
    const attempt = ++columns.row[visitor * width + ATTEMPT];
    const visit = visitOf(visitor);
    const afterMs =
      end === "refused"
        ? journeys.retryAfterMs(visit, attempt)
        : journeys.failedRetryAfterMs(visit, stepOf(visitor), attempt);
    if (afterMs === null) leave(visitor);
    else queue.push(nowMs + afterMs, VISITOR_RETRIES, visitor);
  }

  function sendParallel(nowMs: number, visitor: number, parallel: number): void {
    for (let number = 1; number <= parallel; number++) {
      const afterMs = (number - 1) * spacingMs;
      if (afterMs === 0) sendRequest(nowMs, visitor, number);
      else queue.push(nowMs + afterMs, VISITOR_SENDS, visitor * REQUESTS_PER_STEP_MAX + number);
    }
  }

  return {
    present: () => slots.used,
    arrive(nowMs) {
      assert(visits < VISITS_MAX, "visits are numbered with 31 bits");
      const visit = visits++;
      const visitor = slots.take();
      const at = visitor * width;
      columns.row[at + VISIT] = visit;
      columns.row[at + STEP] = 0;
      columns.row[at + TOTAL] = Math.min(journeys.requestsOf(visit), PAGE_VIEWS_MAX);
      columns.row[at + ATTEMPT] = 0;
      columns.row[at + COOKIE] = 0;
      columns.row[at + MOVED_TO] = NONE;
      for (let store = 0; store < stores; store++) columns.row[at + SESSIONS + store] = NONE;
      send(nowMs, visitor);
    },
    resume(nowMs, kind, id) {
      // A visitor and a request of his in one event id.
      if (kind === VISITOR_SENDS)
        sendRequest(nowMs, Math.floor(id / REQUESTS_PER_STEP_MAX), id % REQUESTS_PER_STEP_MAX);
      else send(nowMs, id);
    },
    requestEnded(nowMs, visitor, request, end) {
      const pending = --columns.row[visitor * width + PENDING];
      if (request === 0) {
        if (end === "refused" || (end === "failed" && !journeys.bearsFailures)) {
          tryAgain(nowMs, visitor, end);
          return;
        }
        const parallel = journeys.parallelRequests(visitOf(visitor), stepOf(visitor));
        columns.row[visitor * width + PENDING] = parallel;
        if (parallel > 0) sendParallel(nowMs, visitor, parallel);
        else viewEnded(nowMs, visitor);
      } else if (pending === 0) {
        viewEnded(nowMs, visitor);
      }
    },
    visitOf,
    stepOf,
    isAtLast,
    hasCookie: (visitor) => columns.row[visitor * width + COOKIE] === 1,
    giveCookie(visitor) {
      columns.row[visitor * width + COOKIE] = 1;
    },
    takeCookie(visitor) {
      columns.row[visitor * width + COOKIE] = 0;
    },
    movedTo: (visitor) => columns.row[visitor * width + MOVED_TO],
    move(visitor, process) {
      columns.row[visitor * width + MOVED_TO] = process;
    },
    sessionIn: (visitor, store) => columns.row[visitor * width + SESSIONS + store],
    setSession(visitor, store, session) {
      columns.row[visitor * width + SESSIONS + store] = session;
    },
  };
}
