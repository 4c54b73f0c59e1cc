// Workers that are replaced once they have taken so many requests, or hold so much memory. IIS starts the new worker before it lets
// the old one go, so nobody waits: the next request finds the new one, and the sessions of the old one are lost.
// Source: IIS, periodicRestart (requests, privateMemory).

import type { Scenario } from "../../config/scenario.ts";
import type { SessionTable } from "./session-table.ts";

export interface WorkerWear {
  /** A request has come to a worker process: one that is worn out is replaced first. */
  take(nowMs: number, process: number): void;
  /** The worker has been replaced for another reason. */
  renew(process: number): void;
}

/** @returns null where no worker wears out. */
export function createWorkerWear(
  { site, calibration }: Scenario,
  sessions: SessionTable,
  replace: (nowMs: number, process: number) => void,
): WorkerWear | null {
  const { recycleAfterRequests: requestsMax = Number.POSITIVE_INFINITY } = site;
  const { recycleAtMemoryBytes: bytesMax = Number.POSITIVE_INFINITY } = site;
  if (requestsMax === Number.POSITIVE_INFINITY && bytesMax === Number.POSITIVE_INFINITY) return null;
  const { fixedBytes, bytesPerSession, bytesPerStateByte } = calibration.memory;
  const taken = new Float64Array(site.servers * site.workersPerServer);
  const holdsSessions = site.mode === "InProc";

  /** What sessions take elsewhere is no memory of a worker's. */
  function bytesOf(process: number): number {
    if (!holdsSessions) return 0;
    const { sessionsIn, bytesIn } = sessions;
    return fixedBytes + bytesPerSession * sessionsIn[process] + bytesPerStateByte * bytesIn[process];
  }

  return {
    take(nowMs, process) {
      if (taken[process] >= requestsMax || bytesOf(process) > bytesMax) {
        replace(nowMs, process);
        taken[process] = 0;
      }
      taken[process]++;
    },
    renew(process) {
      taken[process] = 0;
    },
  };
}
