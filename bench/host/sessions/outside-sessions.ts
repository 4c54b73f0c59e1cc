// Sessions in a store out of process. The worker comes up whether or not the store does, as one of IIS would: until the store can be
// opened every request that needs it fails, and each tries anew. Nobody is refused here: only who keeps the sessions himself can
// count them before he lets one in.

import { setTimeout as sleep } from "node:timers/promises";
import { countLostUpdates } from "../../providers/lost-updates.ts";
import type { OpenedStore } from "../../providers/open-session-store.ts";
import { StoreError } from "../../providers/store-error.ts";
import type { StoreSettings } from "../../providers/store-settings.ts";
import { countCalls, zeroHostCounts } from "../counts.ts";
import { createSessionIdManager } from "../ids/session-id-manager.ts";
import { createAdmission } from "./admission.ts";
import { countSessions } from "./count-sessions.ts";
import { createSessionModule } from "./session-module.ts";
import type { SessionHandling, SessionParts, WorkerCensus, WorkerSessions } from "./worker-sessions.ts";

/** A store that takes longer to open does not keep the worker from coming up. */
const OPENING_MS_MAX = 5_000;

export async function openOutsideSessions(parts: SessionParts, store: StoreSettings): Promise<WorkerSessions> {
  const { settings, clock, delay, openStore } = parts;
  const counts = zeroHostCounts();
  const admission = createAdmission(Number.POSITIVE_INFINITY, () => 0);
  let opened: OpenedStore | null = null;
  let handling: SessionHandling | null = null;
  let opening: Promise<SessionHandling> | null = null;
  let lastCensus: WorkerCensus | null = null;
  let closed = false;

  function handle({ store: bare }: OpenedStore): SessionHandling {
    const ids = createSessionIdManager(settings, bare.capabilities.heldByClient);
    const countLoss = () => {
      counts.lostUpdates++;
    };
    const watched = bare.capabilities.exclusiveLocks ? bare : countLostUpdates(bare, countLoss);
    const counted = countCalls(countSessions(watched, counts, admission), counts.storeCalls);
    const { createId } = ids;
    const module = createSessionModule({
      settings,
      store: counted,
      inProc: false,
      createId,
      admission,
      counts,
      clock,
      delay,
    });
    return { module, ids };
  }

  async function open(): Promise<SessionHandling> {
    opened = await openStore(store);
    if (closed) await opened.close();
    handling = handle(opened);
    return handling;
  }

  function ready(): SessionHandling | Promise<SessionHandling> {
    if (handling !== null) return handling;
    opening ??= open().finally(() => {
      opening = null;
    });
    return opening;
  }

  /** A store that is not shared lives in this process, or answers to it alone. */
  async function census(): Promise<WorkerCensus | null> {
    if (opened === null || opened.store.capabilities.sharedBetweenServers || closed) return lastCensus;
    try {
      lastCensus = (await opened.store.census?.()) ?? null;
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
    }
    return lastCensus;
  }

  const opensNow = Promise.resolve(ready()).then(() => undefined, unlessStoreFailed);
  await Promise.race([opensNow, sleep(OPENING_MS_MAX, undefined, { ref: false })]);
  return {
    handling: ready,
    counts: () => ({ ...counts, arrivals: admission.arrivals(), refused: admission.refused() }),
    census,
    takeStoredMax: () => null,
    async close() {
      await census();
      closed = true;
      await opened?.close();
    },
  };
}

function unlessStoreFailed(error: unknown): void {
  if (!(error instanceof StoreError)) throw error;
}
