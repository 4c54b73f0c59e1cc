// How a request ends: answered, failed or refused. Its core is free again, it is counted, its visitor is told.

import type { MutableCounters } from "../../metrics/run-record.ts";
import type { Cores } from "./cores.ts";
import type { Costs } from "./costs.ts";
import type { DrawPlaces } from "./draw-places.ts";
import type { RequestTable } from "./request-table.ts";
import { NONE } from "./session-rows.ts";
import type { RequestEnd, Visitors } from "./visitors.ts";

/** A request failed. */
export type OnFailure = (startedAtMs: number, nowMs: number, kind: string) => void;

/** A request was answered; lockWaitMs is null when it never waited for a lock. */
export type OnResponse = (startedAtMs: number, responseMs: number, lockWaitMs: number | null) => void;

export interface RequestEnds {
  done(nowMs: number, request: number): void;
  refused(nowMs: number, request: number): void;
  /** @param leavesLock it has a session locked that nobody will release: its place is not given away until the lock is broken. */
  fail(nowMs: number, request: number, kind: string, leavesLock?: boolean): void;
}

interface RequestEndOptions {
  readonly requests: RequestTable;
  readonly visitors: Visitors;
  readonly cores: Cores;
  readonly costs: Costs;
  readonly places: DrawPlaces;
  readonly counters: MutableCounters;
  readonly onResponse: OnResponse;
  readonly onFailure: OnFailure;
}

export function createRequestEnds(options: RequestEndOptions): RequestEnds {
  const { requests, visitors, cores, costs, places, counters, onResponse, onFailure } = options;
  const { columns } = requests;

  function end(nowMs: number, request: number, how: RequestEnd, isKept = false): void {
    const visitor = columns.visitor[request];
    const number = columns.number[request];
    columns.visitor[request] = NONE;
    if (!isKept) requests.give(request);
    visitors.requestEnded(nowMs, visitor, number, how);
  }

  return {
    done(nowMs, request) {
      cores.leave(nowMs, request);
      counters.completed++;
      // The way to the visitor and back is in what he waits; it is too short to move what he does next.
      const clientMs = costs.clientMs(places.visitOf(request), places.placeOf(request));
      const lockWaitMs = columns.lockWaitMs[request];
      const startedAtMs = columns.startedAtMs[request];
      onResponse(startedAtMs, nowMs - startedAtMs + clientMs, lockWaitMs < 0 ? null : lockWaitMs);
      end(nowMs, request, "done");
    },
    refused(nowMs, request) {
      cores.leave(nowMs, request);
      end(nowMs, request, "refused");
    },
    fail(nowMs, request, kind, leavesLock = false) {
      cores.leave(nowMs, request);
      counters.failed++;
      counters.failures[kind] = (counters.failures[kind] ?? 0) + 1;
      onFailure(columns.startedAtMs[request], nowMs, kind);
      end(nowMs, request, "failed", leavesLock);
    },
  };
}
