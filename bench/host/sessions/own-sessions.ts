// Sessions that the worker process keeps itself: those of mode InProc and of classic ASP. They can be counted at any moment, so here
// alone is a cap; they go when their time is over and the next sweep comes by.

import { createInProcStore } from "../../providers/in-proc.ts";
import { countCalls, zeroHostCounts } from "../counts.ts";
import { createSessionIdManager } from "../ids/session-id-manager.ts";
import { createAdmission } from "./admission.ts";
import { createSessionModule } from "./session-module.ts";
import type { SessionParts, WorkerSessions } from "./worker-sessions.ts";

/** With `expirySweepMs` 0 a session should go when its time is over; it goes within so many real milliseconds. */
const SWEEP_MS_MIN = 10;

export function createOwnSessions({ settings, clock, delay }: SessionParts): WorkerSessions {
  const counts = zeroHostCounts();
  let storedMax = 0;
  let level = 0;
  let levelSinceMs = clock();
  const changeLevel = (change: -1 | 0 | 1, nowMs: number) => {
    counts.storedSessionMs += level * (nowMs - levelSinceMs);
    levelSinceMs = nowMs;
    level += change;
  };
  const store = createInProcStore({
    clock,
    expirySlideMinMs: settings.expirySlideMinMs,
    events: {
      started(id) {
        counts.started++;
        changeLevel(1, clock());
        storedMax = Math.max(storedMax, store.stored());
        admission.started(id);
      },
      ended(_id, how, lifetimeMs) {
        counts[how]++;
        changeLevel(-1, clock());
        counts.lifetimesMs += lifetimeMs;
      },
    },
  });
  const admission = createAdmission(settings.sessionsMax, store.stored);
  const ids = createSessionIdManager(settings, false);
  // Classic ASP has no store to call: its sessions are objects of the process, and no calls are reported.
  const counted = settings.technology === "asp" ? store : countCalls(store, counts.storeCalls);
  const { createId } = ids;
  const module = createSessionModule({
    settings,
    store: counted,
    inProc: true,
    createId,
    admission,
    counts,
    clock,
    delay,
  });
  const sweeping = setInterval(() => store.sweep(), Math.max(SWEEP_MS_MIN, settings.expirySweepMs));
  return {
    handling: () => ({ module, ids }),
    counts(atMs = clock()) {
      changeLevel(0, atMs);
      return { ...counts, arrivals: admission.arrivals(), refused: admission.refused() };
    },
    census: () => ({ stored: store.stored(), live: store.live() }),
    takeStoredMax() {
      const max = storedMax;
      storedMax = store.stored();
      return max;
    },
    async close() {
      clearInterval(sweeping);
    },
  };
}
