// A worker process that is killed or stands still. Requests that come meanwhile wait at the door, as http.sys keeps them. A kill ends
// those under way: their visitors see the connection reset, the sessions that the process kept are lost, and a lock that one of them
// had in a store outside stays until somebody breaks it.

import { assert } from "../../config/assert.ts";
import type { Site } from "../../config/scenario.ts";
import { CORE_DONE, type Cores } from "./cores.ts";
import type { RequestTable } from "./request-table.ts";
import type { RequestWatch } from "./request-watch.ts";
import { NONE } from "./session-rows.ts";

/** Kind of the event that lets those at the door of a worker in. */
export const WORKER_BACK = 25;
const CONNECTION_RESET = "connection reset";

export interface WorkerFaults {
  /** @returns whether the worker takes the request now; else it waits at the door. */
  admits(nowMs: number, request: number): boolean;
  /** When an event of a request can take effect: now, or when its worker goes on. */
  dueMs(nowMs: number, kind: number, request: number): number;
  kill(nowMs: number, process: number, downMs: number): void;
  pause(nowMs: number, process: number, forMs: number): void;
  back(nowMs: number, process: number): void;
}

interface WorkerFaultsOptions {
  readonly site: Site;
  readonly requests: RequestTable;
  readonly watch: RequestWatch;
  readonly cores: Cores;
  /** Begins with a request that was let in. */
  readonly begin: (nowMs: number, request: number) => void;
  /** The worker is gone: the store does what it was sent, and answers nobody. */
  readonly withdrawCall: (nowMs: number, request: number) => void;
  readonly loseSessions: (nowMs: number, process: number) => void;
  readonly fail: (nowMs: number, request: number, failure: string) => void;
}

export function createWorkerFaults(options: WorkerFaultsOptions): WorkerFaults {
  const { site, requests, watch, cores, begin, withdrawCall, loseSessions, fail } = options;
  const { columns } = requests;
  const { push } = watch.schedule;
  const processes = site.servers * site.workersPerServer;
  const goneUntilMs = new Float64Array(processes).fill(Number.NEGATIVE_INFINITY);
  const standsUntilMs = new Float64Array(processes).fill(Number.NEGATIVE_INFINITY);
  const atDoor: number[][] = Array.from({ length: processes }, () => []);

  /** In a web garden the other workers of the server take what would wait. */
  function stepsIn(nowMs: number, gone: number): number {
    const first = gone - (gone % site.workersPerServer);
    for (let process = first; process < first + site.workersPerServer; process++) {
      if (nowMs >= goneUntilMs[process]) return process;
    }
    return gone;
  }

  function requestsOf(process: number): number[] {
    const found: number[] = [];
    for (let request = 0; request < requests.top; request++) {
      if (columns.process[request] === process && columns.visitor[request] !== NONE) found.push(request);
    }
    return found;
  }

  return {
    admits(nowMs, request) {
      if (!site.affinity && nowMs < goneUntilMs[columns.process[request]]) {
        columns.process[request] = stepsIn(nowMs, columns.process[request]);
      }
      const process = columns.process[request];
      if (nowMs >= goneUntilMs[process] && nowMs >= standsUntilMs[process]) return true;
      atDoor[process].push(request);
      return false;
    },
    dueMs(nowMs, kind, request) {
      const owedMs = columns.owedMs[request];
      if (kind === CORE_DONE && owedMs > 0) {
        columns.owedMs[request] = 0;
        return nowMs + owedMs;
      }
      return Math.max(nowMs, standsUntilMs[columns.process[request]]);
    },
    kill(nowMs, process, downMs) {
      goneUntilMs[process] = nowMs + downMs;
      assert(atDoor[process].length === 0, "nobody waits at the door of a worker that is up");
      const struck = requestsOf(process);
      for (const request of struck) withdrawCall(nowMs, request);
      loseSessions(nowMs, process);
      cores.empty(nowMs, process);
      for (const request of struck) {
        watch.forget(request);
        columns.onCore[request] = 0;
      }
      for (const request of struck) fail(nowMs, request, CONNECTION_RESET);
      push(nowMs + downMs, WORKER_BACK, process);
    },
    pause(nowMs, process, forMs) {
      standsUntilMs[process] = nowMs + forMs;
      // What is on a core takes so much longer.
      for (const request of requestsOf(process)) if (columns.onCore[request] === 1) columns.owedMs[request] += forMs;
      push(nowMs + forMs, WORKER_BACK, process);
    },
    back(nowMs, process) {
      for (const request of atDoor[process].splice(0)) begin(nowMs, request);
    },
  };
}
