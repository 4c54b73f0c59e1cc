// The sessions of one worker process: kept by itself, in a store out of process, or none at all. Whatever counts them does so here.

import type { Clock } from "../clock.ts";
import { createInProcStore } from "../providers/in-proc.ts";
import { countLostUpdates } from "../providers/lost-updates.ts";
import type { OpenedStore } from "../providers/open-session-store.ts";
import type { StoreSettings } from "../providers/store-settings.ts";
import { createAdmission } from "./admission.ts";
import { countSessions } from "./count-sessions.ts";
import { countCalls, type HostCounts, zeroHostCounts } from "./counts.ts";
import type { HostSettings } from "./host-settings.ts";
import { createSessionIdManager, type SessionIdManager } from "./session-id-manager.ts";
import { createSessionModule, type SessionModule } from "./session-module.ts";

export interface WorkerSessions {
  /** null where no page has a session. */
  readonly handling: { readonly module: SessionModule; readonly ids: SessionIdManager } | null;
  /** @param atMs the moment of the counts, by the host's clock, not before any it has seen; now when absent. */
  counts(atMs?: number): HostCounts;
  /** null where the worker does not keep them itself. */
  stored(): number | null;
  live(): number | null;
  /** The most sessions stored at any moment since this was last asked. */
  takeStoredMax(): number | null;
  /** Ends the sweeps and closes connections; what is stored elsewhere stays. */
  close(): Promise<void>;
}

export interface SessionParts {
  readonly settings: HostSettings;
  readonly clock: Clock;
  readonly delay: (ms: number) => Promise<void>;
  /** For every store out of process. Rejects when it cannot be opened. */
  readonly openStore: (settings: StoreSettings) => Promise<OpenedStore>;
}

/** With `expirySweepMs` 0 a session should go when its time is over; it goes within so many real milliseconds. */
const SWEEP_MS_MIN = 10;

export async function openWorkerSessions(parts: SessionParts): Promise<WorkerSessions> {
  const { store } = parts.settings;
  if (store === null) return noSessions();
  return store.provider === "in-proc" ? sessionsOfOurOwn(parts) : sessionsInStore(parts, await parts.openStore(store));
}

function noSessions(): WorkerSessions {
  return {
    handling: null,
    counts: zeroHostCounts,
    stored: () => 0,
    live: () => 0,
    takeStoredMax: () => 0,
    close: () => Promise.resolve(),
  };
}

function sessionsOfOurOwn({ settings, clock, delay }: SessionParts): WorkerSessions {
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
  const sweeping = setInterval(() => store.sweep(), Math.max(SWEEP_MS_MIN, settings.expirySweepMs));
  return {
    handling: {
      module: createSessionModule({
        settings,
        store: counted,
        inProc: true,
        createId: ids.createId,
        admission,
        counts,
        clock,
        delay,
      }),
      ids,
    },
    counts(atMs = clock()) {
      changeLevel(0, atMs);
      return { ...counts, arrivals: admission.arrivals(), refused: admission.refused() };
    },
    stored: store.stored,
    live: store.live,
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

/** Nobody is refused: only who keeps the sessions himself can count them before he lets one in. */
function sessionsInStore({ settings, clock, delay }: SessionParts, opened: OpenedStore): WorkerSessions {
  const counts = zeroHostCounts();
  const { capabilities } = opened.store;
  const admission = createAdmission(Number.POSITIVE_INFINITY, () => 0);
  const ids = createSessionIdManager(settings, capabilities.heldByClient);
  const watched = capabilities.exclusiveLocks
    ? opened.store
    : countLostUpdates(opened.store, () => {
        counts.lostUpdates++;
      });
  const store = countCalls(countSessions(watched, counts, admission), counts.storeCalls);
  return {
    handling: {
      module: createSessionModule({
        settings,
        store,
        inProc: false,
        createId: ids.createId,
        admission,
        counts,
        clock,
        delay,
      }),
      ids,
    },
    counts: () => ({ ...counts, arrivals: admission.arrivals(), refused: admission.refused() }),
    stored: () => null,
    live: () => null,
    takeStoredMax: () => null,
    close: () => opened.close(),
  };
}
