// A store call takes its way: on the web core first, then, where the store is another process, over the network, into the queue of the
// store, and back. In process the call is done at once. The request gives up its core while it waits.

import { type Scenario, type Site, storeOperations } from "../../config/scenario.ts";
import type { MutableCounters } from "../../metrics/run-record.ts";
import type { Schedule } from "../engine/event-queue.ts";
import { createStation, type Station } from "../engine/station.ts";
import type { Cores } from "./cores.ts";
import type { Costs } from "./costs.ts";
import type { DrawPlaces } from "./draw-places.ts";
import type { RequestTable } from "./request-table.ts";
import type { RequestWatch } from "./request-watch.ts";
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
  /** Sends a call that could not be sent before. */
  send(nowMs: number, request: number): void;
  /** Its call is on the way, at the store, or answered and on the way back; known in runs with faults alone. */
  isUnderWay(request: number): boolean;
  /** Nobody waits for the answer any more, where a call is under way. The store does as much of what it was sent, and is rid of it. */
  withdraw(nowMs: number, request: number, does: CallDone): void;
}

/** What a store does of calls that nobody waits for: none, those that have reached it, or all. */
export type CallDone = "none" | "reached" | "sent";

/** What faults do to calls that are made. */
export interface CallFaults {
  /** A call begins: @returns whether it can be sent; else its failure is on the way. */
  letsCall(nowMs: number, request: number): boolean;
  /** What the way takes longer. */
  slowerMs(nowMs: number, request: number): number;
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
  readonly queue: Schedule;
  readonly counters: MutableCounters;
  readonly goOn: (nowMs: number, request: number, onward: number) => void;
  /** null where no fault strikes store or way. */
  readonly faults: CallFaults | null;
  readonly watch: RequestWatch | null;
}

export function createStoreLink(options: StoreLinkOptions): StoreLink {
  const { scenario, site, requests, cores, costs, places, calls, storeOf, queue, counters, goOn, faults, watch } =
    options;
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

  /** The way from one to the other. */
  function wayMs(nowMs: number, request: number): number {
    const ms = costs.networkMs(places.visitOf(request), places.callPlaceOf(request));
    return faults === null ? ms : ms + faults.slowerMs(nowMs, request);
  }

  const isSent = (request: number) => watch?.waitsFor(request, STORE_REACHED) === true;
  const isThere = (request: number) => columns.queued[request] === 1 || watch?.waitsFor(request, STORE_DONE) === true;

  function send(nowMs: number, request: number): void {
    queue.push(nowMs + wayMs(nowMs, request), STORE_REACHED, request);
  }

  function serve(nowMs: number, request: number): void {
    columns.queued[request] = 0;
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
      if (faults === null || faults.letsCall(nowMs, request)) send(nowMs, request);
    },
    reached(nowMs, request) {
      if (stations[storeOf(request)].enter(nowMs, request)) serve(nowMs, request);
      else columns.queued[request] = 1;
    },
    served(nowMs, request) {
      calls.perform(nowMs, request, columns.operation[request]);
      const successor = stations[storeOf(request)].leave(nowMs);
      if (successor !== NONE) serve(nowMs, successor);
      queue.push(nowMs + wayMs(nowMs, request), STORE_ANSWERED, request);
      columns.calls[request]++;
    },
    send,
    isUnderWay: (request) => isSent(request) || isThere(request) || watch?.waitsFor(request, STORE_ANSWERED) === true,
    withdraw(nowMs, request, does) {
      const isDone = (isThere(request) && does !== "none") || (isSent(request) && does === "sent");
      if (isDone) calls.perform(nowMs, request, columns.operation[request]);
      const station = stations[storeOf(request)];
      if (columns.queued[request] === 1) {
        columns.queued[request] = 0;
        station.expel(request);
      } else if (isThere(request)) {
        const successor = station.leave(nowMs);
        if (successor !== NONE) serve(nowMs, successor);
      }
    },
  };
}
