// Visitors under way: how far each has come, which sessions he holds and where, and what he does next. The site tells him when a
// request is over; he answers by sending the next one, thinking, trying again or leaving.

import type { Journeys } from "../../workload/journeys.ts";
import type { EventQueue } from "../engine/event-queue.ts";
import { createSlots } from "../engine/slots.ts";
import { NONE } from "./session-rows.ts";

const VISITOR_THINKS = 1;
const VISITOR_RETRIES = 2;
const VISITOR_SENDS = 3;

/** A visitor and a request of his in one event id. */
const REQUESTS_MAX = 64;

export type RequestEnd = "done" | "failed" | "refused";

export interface Visitors {
  /** Visitors under way. */
  readonly present: number;
  arrive(nowMs: number): void;
  /** An event of his own has come: think time over, time to try again, or to send the next of his parallel requests. */
  resume(nowMs: number, kind: number, id: number): void;
  requestEnded(nowMs: number, visitor: number, request: number, end: RequestEnd): void;
  /** The number of his visit, by which his journey is looked up. */
  visitOf(visitor: number): number;
  stepOf(visitor: number): number;
  hasCookie(visitor: number): boolean;
  giveCookie(visitor: number): void;
  /** The session he has in a store; NONE where he has none. */
  sessionIn(visitor: number, store: number): number;
  setSession(visitor: number, store: number, session: number): void;
}

interface VisitorOptions {
  readonly journeys: Journeys;
  /** Between two parallel requests of a visitor. */
  readonly spacingMs: number;
  readonly queue: EventQueue;
  /** Stores in which one visitor can have a session: 1, or the number of processes without affinity. */
  readonly stores: number;
  readonly sendRequest: (nowMs: number, visitor: number, request: number) => void;
  /** He leaves; his sessions stay behind. */
  readonly onLeft: (session: number) => void;
}

export function createVisitors({ journeys, spacingMs, queue, stores, sendRequest, onLeft }: VisitorOptions): Visitors {
  const slots = createSlots(
    { visit: "f64", step: "i32", total: "i32", attempt: "i32", pending: "i32", cookie: "u8", session: "i32" },
    { session: stores },
  );
  const columns = slots.columns;
  let visits = 0;

  function leave(visitor: number): void {
    for (let store = 0; store < stores; store++) {
      const session = columns.session[visitor * stores + store];
      if (session !== NONE) onLeft(session);
    }
    slots.give(visitor);
  }

  function send(nowMs: number, visitor: number): void {
    columns.pending[visitor] = 1;
    sendRequest(nowMs, visitor, 0);
  }

  function viewEnded(nowMs: number, visitor: number): void {
    const step = columns.step[visitor];
    if (step + 1 >= columns.total[visitor]) {
      leave(visitor);
      return;
    }
    columns.step[visitor] = step + 1;
    columns.attempt[visitor] = 0;
    queue.push(nowMs + journeys.thinkMs(columns.visit[visitor], step), VISITOR_THINKS, visitor);
  }

  function refused(nowMs: number, visitor: number): void {
    const attempt = ++columns.attempt[visitor];
    const afterMs = journeys.retryAfterMs(columns.visit[visitor], attempt);
    if (afterMs === null) leave(visitor);
    else queue.push(nowMs + afterMs, VISITOR_RETRIES, visitor);
  }

  return {
    get present() {
      return slots.used;
    },
    arrive(nowMs) {
      const visit = visits++;
      const visitor = slots.take();
      columns.visit[visitor] = visit;
      columns.step[visitor] = 0;
      columns.total[visitor] = journeys.requestsOf(visit);
      columns.attempt[visitor] = 0;
      columns.cookie[visitor] = 0;
      columns.session.fill(NONE, visitor * stores, (visitor + 1) * stores);
      send(nowMs, visitor);
    },
    resume(nowMs, kind, id) {
      if (kind === VISITOR_SENDS) sendRequest(nowMs, Math.floor(id / REQUESTS_MAX), id % REQUESTS_MAX);
      else send(nowMs, id);
    },
    requestEnded(nowMs, visitor, request, end) {
      columns.pending[visitor]--;
      if (end === "refused" && request === 0) {
        refused(nowMs, visitor);
        return;
      }
      if (request === 0) {
        const parallel = journeys.parallelRequests(columns.visit[visitor], columns.step[visitor]);
        columns.pending[visitor] = parallel;
        if (parallel > 0) {
          for (let number = 1; number <= parallel; number++) {
            const afterMs = (number - 1) * spacingMs;
            if (afterMs === 0) sendRequest(nowMs, visitor, number);
            else queue.push(nowMs + afterMs, VISITOR_SENDS, visitor * REQUESTS_MAX + number);
          }
          return;
        }
      }
      if (columns.pending[visitor] === 0) viewEnded(nowMs, visitor);
    },
    visitOf: (visitor) => columns.visit[visitor],
    stepOf: (visitor) => columns.step[visitor],
    hasCookie: (visitor) => columns.cookie[visitor] === 1,
    giveCookie(visitor) {
      columns.cookie[visitor] = 1;
    },
    sessionIn: (visitor, store) => columns.session[visitor * stores + store],
    setSession(visitor, store, session) {
      columns.session[visitor * stores + store] = session;
    },
  };
}
