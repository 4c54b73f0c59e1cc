// Who has a core: each worker process has a few, and a queue before them. A request that has one keeps it until it gives it up.

import type { Schedule } from "../engine/event-queue.ts";
import { createStation, type Station } from "../engine/station.ts";
import type { RequestTable } from "./request-table.ts";
import { NONE } from "./session-rows.ts";

export interface Cores {
  /** One a worker process. */
  readonly stations: readonly Station[];
  /**
   * So much work for a request, on the core it has or on the next that is free for it; `CORE_DONE` tells of its end, and the request
   * goes on with the step `onward`.
   */
  use(nowMs: number, request: number, lengthMs: number, onward: number): void;
  /** Gives up the core, if the request has one. */
  leave(nowMs: number, request: number): void;
  /** The process has ended, and with it all that had or awaited a core of it. */
  empty(nowMs: number, process: number): void;
}

/** Kind of the event that ends a turn on a core. */
export const CORE_DONE = 10;

interface CoresOptions {
  readonly processes: number;
  readonly coresPerWorker: number;
  readonly requests: RequestTable;
  readonly queue: Schedule;
}

export function createCores({ processes, coresPerWorker, requests, queue }: CoresOptions): Cores {
  const { columns } = requests;
  const stations = Array.from({ length: processes }, () => createStation(coresPerWorker, () => columns.next));

  function run(nowMs: number, request: number): void {
    columns.onCore[request] = 1;
    queue.push(nowMs + columns.coreMs[request], CORE_DONE, request);
  }

  return {
    stations,
    use(nowMs, request, lengthMs, onward) {
      columns.onward[request] = onward;
      columns.coreMs[request] = lengthMs;
      const has = columns.onCore[request] === 1 || stations[columns.process[request]].enter(nowMs, request);
      if (has) run(nowMs, request);
    },
    leave(nowMs, request) {
      if (columns.onCore[request] === 0) return;
      columns.onCore[request] = 0;
      const successor = stations[columns.process[request]].leave(nowMs);
      if (successor !== NONE) run(nowMs, successor);
    },
    empty: (nowMs, process) => stations[process].empty(nowMs),
  };
}
