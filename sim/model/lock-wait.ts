// A request that finds its session locked by another: it gives up its core and, in ASP.NET, tries again to the beat of a timer, breaks
// a lock that is too old, or gives up itself; in classic ASP it stands in line until it is woken.

import type { Site } from "../../config/scenario.ts";
import type { MutableCounters } from "../../metrics/run-record.ts";
import type { Schedule } from "../engine/event-queue.ts";
import type { Cores } from "./cores.ts";
import type { RequestTable } from "./request-table.ts";
import type { SessionCalls } from "./session-calls.ts";

/** Kind of the event that lets a request try again. */
export const POLL = 15;

/** A timer tick is skipped when the last poll ended less than this ago (.NET reference source, SessionStateModule.cs). */
const POLL_GAP_MIN_MS = 250;
/** Share of a beat by which sums of moments may be off. */
const BEAT_ROUNDING = 1e-6;

export interface LockWait {
  /** The last try found the session locked. */
  wait(nowMs: number, request: number): void;
  poll(nowMs: number, request: number): void;
}

interface LockWaitOptions {
  readonly site: Site;
  readonly requests: RequestTable;
  readonly cores: Cores;
  readonly calls: SessionCalls;
  readonly queue: Schedule;
  readonly counters: MutableCounters;
  readonly tryAgain: (nowMs: number, request: number) => void;
  readonly fail: (nowMs: number, request: number, kind: string) => void;
}

export function createLockWait(options: LockWaitOptions): LockWait {
  const { site, requests, cores, calls, queue, counters, tryAgain, fail } = options;
  const { columns } = requests;
  const classic = site.technology === "asp";

  /** Polls keep the beat that the first failed try has set, however long an answer takes; a beat too soon after one is skipped. */
  function nextPollAtMs(nowMs: number, request: number): number {
    const fromMs = columns.lockWaitFromMs[request];
    const beats = Math.ceil((nowMs + POLL_GAP_MIN_MS - fromMs) / site.lockPollMs - BEAT_ROUNDING);
    return fromMs + beats * site.lockPollMs;
  }

  return {
    wait(nowMs, request) {
      if (columns.lockWaitFromMs[request] < 0 && !calls.startWaiting(nowMs, request)) {
        fail(nowMs, request, "queue limit of the session");
        return;
      }
      cores.leave(nowMs, request);
      if (classic) {
        calls.joinLine(request);
        return;
      }
      calls.breakOldLock(nowMs, request);
      queue.push(nextPollAtMs(nowMs, request), POLL, request);
    },
    poll(nowMs, request) {
      if (nowMs - columns.startedAtMs[request] >= site.executionTimeoutMs) {
        calls.stopWaiting(nowMs, request);
        fail(nowMs, request, "request timed out");
        return;
      }
      counters.lockPolls++;
      tryAgain(nowMs, request);
    },
  };
}
