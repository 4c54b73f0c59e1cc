// What each request waits for, kept only in runs in which faults strike. An event of a request that was struck meanwhile is then known
// to be void, and who waits for what can be told at the moment a fault strikes.

import type { Schedule } from "../engine/event-queue.ts";
import { CORE_DONE } from "./cores.ts";
import type { RequestTable } from "./request-table.ts";

/** Kinds of events from here on are no steps of a request. */
export const FAULT_EVENTS_FROM = 24;

export interface RequestWatch {
  /** The schedule, for all parts of the model. */
  readonly schedule: Schedule;
  /** An event of a request has come: @returns whether the request still waits for it. */
  takes(nowMs: number, kind: number, request: number): boolean;
  /** Whether the request waits for an event of that kind. */
  waitsFor(request: number, kind: number): boolean;
  /** Nothing that was scheduled for it will happen. */
  forget(request: number): void;
}

const NEVER = -1;

export function watchRequests(queue: Schedule, { columns }: RequestTable): RequestWatch {
  return {
    schedule: {
      push(atMs, kind, id) {
        if (kind >= CORE_DONE && kind < FAULT_EVENTS_FROM) {
          columns.dueAtMs[id] = atMs;
          columns.dueKind[id] = kind;
        }
        queue.push(atMs, kind, id);
      },
    },
    takes(nowMs, kind, request) {
      if (columns.dueAtMs[request] !== nowMs || columns.dueKind[request] !== kind) return false;
      columns.dueAtMs[request] = NEVER;
      return true;
    },
    waitsFor: (request, kind) => columns.dueAtMs[request] !== NEVER && columns.dueKind[request] === kind,
    forget(request) {
      columns.dueAtMs[request] = NEVER;
      columns.dueKind[request] = 0;
      columns.owedMs[request] = 0;
    },
  };
}
