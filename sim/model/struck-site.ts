// A site in which faults strike: each event of a request is held to what has struck meanwhile before it takes effect. Runs without faults
// know nothing of this.

import { strikesStore } from "../../config/fault-problems.ts";
import type { Fault, Scenario, Site } from "../../config/scenario.ts";
import type { Schedule } from "../engine/event-queue.ts";
import { CORE_DONE, type Cores } from "./cores.ts";
import type { RequestTable } from "./request-table.ts";
import type { RequestWatch } from "./request-watch.ts";
import { CALL_AGAIN, CALL_FAILED, CALL_TIMEOUT, createStoreFaults, type StoreFaults } from "./store-faults.ts";
import { STORE_ANSWERED, STORE_DONE, STORE_REACHED, type StoreLink } from "./store-link.ts";
import { createWorkerFaults, WORKER_BACK } from "./worker-faults.ts";

export interface StruckSite {
  readonly store: StoreFaults;
  /** @returns whether the worker takes a request that has come; else it waits. */
  admits(nowMs: number, request: number): boolean;
  /** An event of the queue has come. */
  handle(nowMs: number, kind: number, id: number): void;
  /** Anything but a recycle. */
  strike(nowMs: number, fault: Fault): void;
}

interface StruckSiteOptions {
  readonly scenario: Scenario;
  readonly site: Site;
  readonly stores: number;
  readonly requests: RequestTable;
  readonly watch: RequestWatch;
  readonly cores: Cores;
  readonly link: () => StoreLink;
  readonly storeOf: (request: number) => number;
  readonly roundTripMs: (request: number) => number;
  /** Begins with a request at a worker that is there. */
  readonly begin: (nowMs: number, request: number) => void;
  /** What an event does where nothing has struck. */
  readonly takeEffect: (nowMs: number, kind: number, id: number) => void;
  readonly loseSessions: (nowMs: number, store: number) => void;
  readonly fail: (nowMs: number, request: number, failure: string) => void;
}

export function createStruckSite(options: StruckSiteOptions): StruckSite {
  const { scenario, site, watch, cores, requests, link, begin, takeEffect, loseSessions, fail } = options;
  const { push }: Schedule = watch.schedule;
  const workers = createWorkerFaults({
    site,
    requests,
    watch,
    cores,
    begin,
    withdrawCall: (nowMs, request) => link().withdraw(nowMs, request, "sent"),
    loseSessions: (nowMs, process) => {
      if (site.mode === "InProc") loseSessions(nowMs, process);
    },
    fail,
  });
  const store = createStoreFaults({ ...options, scenario });

  /** When an event of a request can take effect. */
  function dueMs(nowMs: number, kind: number, request: number): number {
    if (kind === STORE_REACHED || kind === STORE_DONE) return store.dueMs(nowMs, kind, request);
    const workerMs = workers.dueMs(nowMs, kind, request);
    return kind === STORE_ANSWERED ? Math.max(workerMs, store.dueMs(nowMs, kind, request)) : workerMs;
  }

  function goOn(nowMs: number, kind: number, request: number): void {
    if (kind === CALL_FAILED) store.failed(nowMs, request);
    else if (kind === CALL_AGAIN) store.again(nowMs, request);
    else {
      if (kind === STORE_ANSWERED) store.answered(request);
      takeEffect(nowMs, kind, request);
    }
  }

  return {
    store,
    admits: workers.admits,
    handle(nowMs, kind, id) {
      if (kind < CORE_DONE) {
        takeEffect(nowMs, kind, id);
      } else if (kind === WORKER_BACK) {
        workers.back(nowMs, id);
      } else if (kind === CALL_TIMEOUT) {
        const goesOnMs = workers.dueMs(nowMs, kind, id);
        if (goesOnMs > nowMs) store.putOffTimeout(nowMs, goesOnMs, id);
        else store.timeout(nowMs, id);
      } else if (watch.takes(nowMs, kind, id)) {
        const atMs = dueMs(nowMs, kind, id);
        if (atMs > nowMs) push(atMs, kind, id);
        else goOn(nowMs, kind, id);
      }
    },
    strike(nowMs, fault) {
      if (strikesStore(fault)) store.strike(nowMs, fault);
      else if (fault.kind === "kill-worker") workers.kill(nowMs, fault.worker ?? 0, fault.downMs);
      else if (fault.kind === "pause-worker") workers.pause(nowMs, fault.worker ?? 0, fault.forMs);
    },
  };
}
