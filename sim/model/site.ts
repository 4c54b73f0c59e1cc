// The site: a request gets a core, its session, its page, and gives the session back. Each part of that life has a file of its own;
// here they are put together, and here each event finds its part.
// A request keeps its core until it has to wait for something else, as a thread does.

import { assert } from "../../config/assert.ts";
import { strikesStore } from "../../config/fault-problems.ts";
import type { Fault, Scenario, Site } from "../../config/scenario.ts";
import type { MutableCounters } from "../../metrics/run-record.ts";
import type { Journeys } from "../../workload/journeys.ts";
import { createDraws } from "../../workload/random-stream.ts";
import type { EventQueue, Schedule } from "../engine/event-queue.ts";
import type { Station } from "../engine/station.ts";
import { createServerRota } from "../server-rota.ts";
import { partitionOf, storesOf } from "../stores.ts";
import { locksSessions } from "../unmodelled.ts";
import { CORE_DONE, createCores } from "./cores.ts";
import { createCosts } from "./costs.ts";
import { createDrawPlaces } from "./draw-places.ts";
import { createIncoming } from "./incoming.ts";
import { createLockWait, POLL } from "./lock-wait.ts";
import { createPipeline, PAGE_WAITED, type Pipeline } from "./pipeline.ts";
import { createRequestEnds, type OnFailure, type OnResponse } from "./request-end.ts";
import { ACQUIRE, createRequestTable, POLLED, RELEASE } from "./request-table.ts";
import { watchRequests } from "./request-watch.ts";
import { createSessionCalls, type SessionCalls } from "./session-calls.ts";
import { createSessionTable, type SessionTable } from "./session-table.ts";
import { createStoreLink, STORE_ANSWERED, STORE_DONE, STORE_REACHED } from "./store-link.ts";
import { createStruckSite } from "./struck-site.ts";
import { createVisitors, type Visitors } from "./visitors.ts";
import { createWaking } from "./waking.ts";
import { createWorkerWear } from "./worker-wear.ts";

/** Kinds of events below this are the visitor's. */
const REQUEST_EVENTS_FROM = CORE_DONE;
const WOKEN = 16;

export interface SiteModel {
  readonly sessions: SessionTable;
  readonly visitors: Visitors;
  readonly cores: readonly Station[];
  /** One a partition. */
  readonly stores: readonly Station[];
  /** An event of the queue has come. */
  handle(nowMs: number, kind: number, id: number): void;
  /** A fault strikes. recycle: every worker process is replaced, and in-process sessions are lost. */
  strike(nowMs: number, fault: Fault): void;
}

interface SiteOptions {
  readonly scenario: Scenario;
  /** The site of the scenario, its times compressed. */
  readonly site: Site;
  readonly seed: number;
  readonly mirrored: boolean;
  readonly journeys: Journeys;
  readonly queue: EventQueue;
  readonly counters: MutableCounters;
  readonly onResponse: OnResponse;
  readonly onFailure: OnFailure;
}

/** Those that strike what is under way; after the others it goes on to its end. */
function endsRequests({ kind }: Fault): boolean {
  return kind !== "recycle" && kind !== "rolling-deploy";
}

export function createSite(options: SiteOptions): SiteModel {
  const { scenario, site, seed, mirrored, journeys, counters, onResponse, onFailure } = options;
  const inProcess = site.mode === "InProc";
  const processes = site.servers * site.workersPerServer;
  const stores = storesOf(scenario);
  const storesPerVisitor = inProcess && !site.affinity ? processes : 1;

  const costs = createCosts(scenario.calibration, seed, mirrored);
  const requests = createRequestTable();
  const { columns } = requests;
  const watch = scenario.faults.some(endsRequests) ? watchRequests(options.queue, requests) : null;
  const queue: Schedule = watch === null ? options.queue : watch.schedule;
  const cores = createCores({ processes, coresPerWorker: site.coresPerWorker, requests, queue });
  const sessions = createSessionTable({
    site,
    stores,
    counters,
    onRemoved: (nowMs, session, owner, store) => calls.sessionRemoved(nowMs, session, owner, store),
  });
  const visitors = createVisitors({
    journeys,
    spacingMs: scenario.workload.parallel.spacingMs,
    queue,
    stores: storesPerVisitor,
    sendRequest,
    onLeft: (session) => sessions.detach(session),
  });
  const places = createDrawPlaces(requests, visitors);
  const routes = createDraws(seed, "routes", mirrored);
  const takeIn = createIncoming({
    site,
    requests,
    visitors,
    journeys,
    routes,
    counters,
    rota: createServerRota(scenario, scenario.run.timeScale),
  });
  const partitions = createDraws(seed, "partitions", mirrored);
  const partitionOfRequest = (request: number) => {
    const visit = places.visitOf(request);
    const step = places.stepOf(request);
    return partitionOf(partitions, stores, visit, journeys.withoutCookies(visit), step, columns.number[request]);
  };
  const storeOf = inProcess
    ? (request: number) => columns.process[request]
    : stores === 1
      ? () => 0
      : partitionOfRequest;
  const calls: SessionCalls = createSessionCalls({
    site,
    requests,
    sessions,
    visitors,
    journeys,
    counters,
    storeOf,
    placeOf: (store) => (storesPerVisitor === 1 ? 0 : store),
    wake: (nowMs, request) => queue.push(nowMs, WOKEN, request),
    locks: locksSessions(scenario),
  });
  const ends = createRequestEnds({ requests, visitors, cores, costs, places, counters, onResponse, onFailure });
  const goOn = (nowMs: number, request: number, step: number) => pipeline.go(nowMs, request, step);
  const struck =
    watch === null
      ? null
      : createStruckSite({
          scenario,
          site,
          stores,
          requests,
          watch,
          cores,
          link: () => link,
          storeOf,
          roundTripMs: (request) => 2 * costs.networkMs(places.visitOf(request), places.callPlaceOf(request)),
          begin,
          takeEffect: handle,
          loseSessions: sessions.loseAll,
          fail(nowMs, request, failure) {
            calls.stopWaiting(nowMs, request);
            ends.fail(nowMs, request, failure, calls.forsake(nowMs, request));
          },
        });
  const link = createStoreLink({
    scenario,
    site,
    requests,
    cores,
    costs,
    places,
    calls,
    storeOf,
    queue,
    counters,
    goOn,
    faults: scenario.faults.some(strikesStore) ? (struck?.store ?? null) : null,
    watch,
  });
  const tryAgain = (nowMs: number, request: number) => pipeline.get(nowMs, request);
  const locks = createLockWait({ site, requests, cores, calls, queue, counters, tryAgain, fail: ends.fail });
  const pipeline: Pipeline = createPipeline({
    site,
    requests,
    journeys,
    cores,
    link,
    places,
    calls,
    locks,
    ends,
    queue,
  });

  function replace(nowMs: number, process: number): void {
    counters.recycles++;
    if (inProcess) sessions.loseAll(nowMs, process);
  }

  const waking = createWaking(scenario.calibration, processes);
  const wakingMs = (nowMs: number, request: number) => (waking === null ? 0 : waking(nowMs, columns.process[request]));
  const wear = createWorkerWear(scenario, sessions, replace);

  function sendRequest(nowMs: number, visitor: number, number: number): void {
    const request = takeIn(nowMs, visitor, number);
    if (struck === null || struck.admits(nowMs, request)) begin(nowMs, request);
  }

  function begin(nowMs: number, request: number): void {
    if (wear !== null) wear.take(nowMs, columns.process[request]);
    const workMs = costs.requestCpuMs(places.visitOf(request), places.placeOf(request));
    cores.use(nowMs, request, workMs + wakingMs(nowMs, request), ACQUIRE);
  }

  /** Nothing goes on before the worker has time for it. Behind another page there is nothing to be woken. */
  function comeBack(nowMs: number, request: number, step: number): void {
    const isIdle = cores.stations[columns.process[request]].busy.level === 0;
    const ms = wakingMs(nowMs, request);
    cores.use(nowMs, request, isIdle ? ms : 0, step);
  }

  function handle(nowMs: number, kind: number, id: number): void {
    if (kind < REQUEST_EVENTS_FROM) {
      visitors.resume(nowMs, kind, id);
      return;
    }
    switch (kind) {
      case CORE_DONE:
      case STORE_ANSWERED:
        pipeline.go(nowMs, id, columns.onward[id]);
        break;
      case STORE_REACHED:
        link.reached(nowMs, id);
        break;
      case STORE_DONE:
        link.served(nowMs, id);
        break;
      case PAGE_WAITED:
        comeBack(nowMs, id, RELEASE);
        break;
      case POLL:
        comeBack(nowMs, id, POLLED);
        break;
      default:
        assert(kind === WOKEN, "every kind of event is known");
        cores.use(nowMs, id, 0, ACQUIRE);
    }
  }

  return {
    sessions,
    visitors,
    cores: cores.stations,
    stores: link.stations,
    // Chosen once: an event costs nothing more where nothing strikes.
    handle: struck === null ? handle : struck.handle,
    strike(nowMs, fault) {
      if (endsRequests(fault)) {
        struck?.strike(nowMs, fault);
        if (fault.kind === "kill-worker") wear?.renew(fault.worker ?? 0);
        return;
      }
      const server = fault.kind === "rolling-deploy" ? (fault.server ?? 0) : 0;
      const first = server * site.workersPerServer;
      const end = fault.kind === "rolling-deploy" ? first + site.workersPerServer : processes;
      for (let process = first; process < end; process++) {
        replace(nowMs, process);
        wear?.renew(process);
      }
    },
  };
}
