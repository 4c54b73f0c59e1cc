// A request comes in: to which worker process it goes, what page it wants, what that page will do with the session.

import type { Site } from "../../config/scenario.ts";
import type { MutableCounters } from "../../metrics/run-record.ts";
import { type Journeys, REQUESTS_PER_STEP_MAX } from "../../workload/journeys.ts";
import type { Draws } from "../../workload/random-stream.ts";
import type { ServerRota } from "../server-rota.ts";
import { PAGE_NONE, PAGE_READ_ONLY, PAGE_READ_WRITE, type RequestTable } from "./request-table.ts";
import { NONE } from "./session-rows.ts";
import type { Visitors } from "./visitors.ts";

interface IncomingOptions {
  readonly site: Site;
  readonly requests: RequestTable;
  readonly visitors: Visitors;
  readonly journeys: Journeys;
  readonly routes: Draws;
  readonly counters: MutableCounters;
  /** null where no server is ever taken out. */
  readonly rota: ServerRota | null;
}

/** @returns what takes in request `number` of the page view a visitor is at, and tells its place among the requests. */
export function createIncoming(options: IncomingOptions): (nowMs: number, visitor: number, number: number) => number {
  const { site, requests, visitors, journeys, routes, counters, rota } = options;
  const { columns } = requests;
  const classic = site.technology === "asp";
  const processes = site.servers * site.workersPerServer;

  function processOf(nowMs: number, visitor: number, visit: number, step: number, number: number): number {
    if (processes === 1) return 0;
    const draw = site.affinity ? 0 : 1 + step * REQUESTS_PER_STEP_MAX + number;
    const drawn = routes.at(visit, draw) * processes;
    return rota === null ? Math.floor(drawn) : processServing(rota, nowMs, visitor, drawn);
  }

  function processServing(rota: ServerRota, nowMs: number, visitor: number, drawn: number): number {
    const movedTo = visitors.movedTo(visitor);
    const own = site.affinity && movedTo !== NONE ? movedTo : Math.floor(drawn);
    const serving = rota.instead(nowMs, own, drawn - Math.floor(drawn));
    if (serving !== own && site.affinity) visitors.move(visitor, serving);
    return serving;
  }

  return (nowMs, visitor, number) => {
    const visit = visitors.visitOf(visitor);
    const step = visitors.stepOf(visitor);
    const request = requests.take();
    counters.requests++;
    columns.visitor[request] = visitor;
    columns.number[request] = number;
    columns.process[request] = processOf(nowMs, visitor, visit, step, number);
    columns.session[request] = NONE;
    columns.calls[request] = 0;
    columns.startedAtMs[request] = nowMs;
    columns.lockWaitFromMs[request] = -1;
    columns.lockWaitMs[request] = -1;
    columns.cpuDueMs[request] = 0;
    columns.onCore[request] = 0;
    columns.created[request] = 0;
    columns.fresh[request] = 0;
    columns.carriesId[request] = visitors.hasCookie(visitor) ? 1 : 0;
    const page = site.mode === "Off" ? "none" : journeys.pageOf(visit, step, number).session;
    // Classic ASP knows no read-only pages: all that use the session take turns.
    const readOnly = page === "read-only" && !classic;
    columns.page[request] = page === "none" ? PAGE_NONE : readOnly ? PAGE_READ_ONLY : PAGE_READ_WRITE;
    columns.changed[request] = journeys.changes(visit, step, number) ? 1 : 0;
    const last = number === 0 && visitors.isAtLast(visitor);
    columns.abandons[request] = last && page === "read-write" && journeys.logsOut(visit) ? 1 : 0;
    return request;
  };
}
