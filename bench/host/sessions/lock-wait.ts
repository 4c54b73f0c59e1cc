// How a request waits for a session that another has locked: it asks again at a fixed beat. Nobody queues, whoever asks first after
// a release has the session. A lock held too long is broken by who waits for it, a waiter himself gives up in the end, and so many
// may wait for one session and no more.
// Source: .NET reference source, SessionStateModule.cs (PollLockedSession, QueueRef).

import type { Clock } from "../../clock.ts";
import type { GetResult, SessionStore } from "../../providers/session-store.ts";
import type { HostCounts } from "../counts.ts";

export interface LockWaitSettings {
  readonly lockPollMs: number;
  readonly executionTimeoutMs: number;
  readonly requestQueueLimitPerSession: number;
}

export interface LockWaitParts {
  readonly settings: LockWaitSettings;
  readonly store: Pick<SessionStore, "releaseItemExclusive">;
  readonly counts: Pick<HostCounts, "lockWaits" | "lockPolls" | "lockBreaks">;
  readonly clock: Clock;
  readonly delay: (ms: number) => Promise<void>;
}

export interface Waiter {
  readonly id: string;
  readonly startedAtMs: number;
  /** Kept up to date while it waits. */
  lockWaitMs: number;
}

export type WaitFailure = "request timed out" | "queue limit of the session";

export interface LockWait {
  /**
   * @param tryGet one try; whatever it gives that is no locked session ends the wait.
   * @returns what the last try gave, or why the waiter gave up.
   */
  untilFree<R extends string>(
    waiter: Waiter,
    tryGet: () => Promise<GetResult | R>,
  ): Promise<GetResult | R | WaitFailure>;
}

/** A timer tick is skipped when the last poll ended less than this ago. */
const POLL_GAP_MIN_MS = 250;

export function createLockWait({ settings, store, counts, clock, delay }: LockWaitParts): LockWait {
  const waitingById = new Map<string, number>();

  function leaveQueue(id: string): void {
    const left = (waitingById.get(id) ?? 0) - 1;
    if (left > 0) waitingById.set(id, left);
    else waitingById.delete(id);
  }

  return {
    async untilFree(waiter, tryGet) {
      const { id } = waiter;
      let firstFailedAtMs: number | null = null;
      let beats = 0;
      try {
        for (;;) {
          const got = await tryGet();
          if (firstFailedAtMs !== null) waiter.lockWaitMs = clock() - firstFailedAtMs;
          if (typeof got === "string" || got.item !== null || !got.locked) return got;
          if (got.lockAgeMs >= settings.executionTimeoutMs && got.lockId !== null) {
            counts.lockBreaks++;
            await store.releaseItemExclusive(id, got.lockId);
          }
          const lastPollEndedAtMs = clock();
          if (firstFailedAtMs === null) {
            counts.lockWaits++;
            if ((waitingById.get(id) ?? 0) >= settings.requestQueueLimitPerSession) return "queue limit of the session";
            waitingById.set(id, (waitingById.get(id) ?? 0) + 1);
            firstFailedAtMs = lastPollEndedAtMs;
          } else if (clock() - waiter.startedAtMs > settings.executionTimeoutMs) {
            return "request timed out";
          }
          do beats++;
          while (firstFailedAtMs + beats * settings.lockPollMs - lastPollEndedAtMs < POLL_GAP_MIN_MS);
          await delay(firstFailedAtMs + beats * settings.lockPollMs - lastPollEndedAtMs);
          counts.lockPolls++;
        }
      } finally {
        if (firstFailedAtMs !== null) leaveQueue(id);
      }
    },
  };
}
