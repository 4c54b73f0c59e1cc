// A store call takes its way: on the web core first, then, where the store is another process, over the network, into the queue of the
// store, and back. In process the call is done at once. The request gives up its core while it waits.

import { type Scenario, type Site, storeOperations } from "../../config/scenario.ts";
import type { MutableCounters } from "../../metrics/run-record.ts";
import type { EventQueue } from "../engine/event-queue.ts";
import { createStation, type Station } from "../engine/station.ts";
import type { Cores } from "./cores.ts";
import type { Costs } from "./costs.ts";
import type { DrawPlaces } from "./draw-places.ts";
import type { RequestTable } from "./request-table.ts";
import type { SessionCalls } from "./session-calls.ts";
import { NONE } from "./session-rows.ts";

/** Kinds of the events of a call under way. */
export const STORE_REACHED = 11;
export const STORE_DONE = 12;
export const STORE_ANSWERED = 13;

export interface StoreLink {
  /** One a partition. */
  readonly stations: readonly Station[];
  /** Makes a call, after which the request goes on with the step `onward`. */
  call(nowMs: number, request: number, operation: number, onward: number): void;
  reached(nowMs: number, request: number): void;
  served(nowMs: number, request: number): void;
}

interface StoreLinkOptions {
  readonly scenario: Scenario;
  readonly site: Site;
  readonly requests: RequestTable;
  readonly cores: Cores;
  readonly costs: Costs;
  readonly places: DrawPlaces;
  readonly calls: SessionCalls;
  /** The partition that serves a request. */
  readonly storeOf: (request: number) => number;
  readonly queue: EventQueue;
  readonly counters: MutableCounters;
  readonly goOn: (nowMs: number, request: number, onward: number) => void;
}

export function createStoreLink(options: StoreLinkOptions): StoreLink {
  const { scenario, site, requests, cores, costs, places, calls, storeOf, queue, counters, goOn } = options;
  const { columns } = requests;
  const { storeCalls } = counters;
  // In process no call ever comes to one.
  const stations = Array.from({ length: scenario.store.partitions }, () =>
    createStation(scenario.calibration.storeConcurrency, () => columns.next),
  );
  const inProcess = site.mode === "InProc";
  const classic = site.technology === "asp";

  /** Looked up only where the calibration charges by size. */
  function bytesOf(request: number, operation: number): number {
    return costs.growsWithSize(operation) ? calls.bytesMoved(request, operation) : 0;
  }

  function networkMs(request: number): number {
    return costs.networkMs(places.visitOf(request), places.callPlaceOf(request));
  }

  function serve(nowMs: number, request: number): void {
    const operation = columns.operation[request];
    const bytes = bytesOf(request, operation);
    const serviceMs = costs.storeMs(operation, bytes, places.visitOf(request), places.callPlaceOf(request));
    queue.push(nowMs + serviceMs, STORE_DONE, request);
  }

  return {
    stations,
    call(nowMs, request, operation, onward) {
      // Classic ASP has its sessions in its own hands: no provider, no calls.
      if (!classic) {
        storeCalls[storeOperations[operation]]++;
        columns.cpuDueMs[request] += costs.webCpuMs(operation, bytesOf(request, operation));
      }
      if (inProcess) {
        calls.perform(nowMs, request, operation);
        goOn(nowMs, request, onward);
        return;
      }
      columns.operation[request] = operation;
      columns.onward[request] = onward;
      cores.leave(nowMs, request);
      queue.push(nowMs + networkMs(request), STORE_REACHED, request);
    },
    reached(nowMs, request) {
      if (stations[storeOf(request)].enter(nowMs, request)) serve(nowMs, request);
    },
    served(nowMs, request) {
      calls.perform(nowMs, request, columns.operation[request]);
      const successor = stations[storeOf(request)].leave(nowMs);
      if (successor !== NONE) serve(nowMs, successor);
      queue.push(nowMs + networkMs(request), STORE_ANSWERED, request);
      columns.calls[request]++;
    },
  };
}
