// The runner's side of a store out of process: it starts the store where none is given, counts what is in it, runs the job that
// deletes expired rows where nobody else does, and strikes the store or the way to it when the scenario says so.

import { setTimeout as delay } from "node:timers/promises";
import { assert } from "../config/assert.ts";
import { InputError } from "../config/problem.ts";
import type { Scenario, StoreFault } from "../config/scenario.ts";
import { machineClock } from "./clock.ts";
import { strikesStoreProcess } from "./faults/refuse-faults.ts";
import { openWayToStore, type WayToStore } from "./faults/way-to-store.ts";
import { storeSettings } from "./host/host-settings.ts";
import { type OpenedStore, openNamedStore } from "./providers/open-session-store.ts";
import type { Census } from "./providers/session-store.ts";
import { StoreError } from "./providers/store-error.ts";
import type { ProxyMode } from "./servers/fault-proxy.ts";
import { startOwnPartitions } from "./servers/own-partitions.ts";
import type { OwnStore } from "./servers/own-store.ts";
import { pauseProcess } from "./servers/pause-process.ts";

/** What is known of a store by now; sessions that were in it before the run are left out. */
export interface StoreState {
  /** null where the store cannot be counted. */
  readonly stored: number | null;
  readonly live: number | null;
  readonly bytes: number | null;
  /** Every worker has a store of its own behind the provider; only the worker can count it. */
  readonly ofEachWorker: boolean;
  /** A service that somebody else started counts minutes of its own; how long ours last, null where they agree. */
  readonly minuteMsAsked: number | null;
  /** Rows that the job deleted, and the sum of their lifetimes; null where the store removes them itself and does not tell. */
  readonly deleted: number | null;
  readonly deletedLifetimesMs: number | null;
  /** Gone with a fault: there before a kill and not after it, or found gone too early. */
  readonly lost: number;
  readonly kills: number;
  /** Sessions of others when the run began, not expired; as they go, too few of ours are counted. */
  readonly before: number;
  /** It did not answer when counted last, so that its figures are older. */
  readonly silent: boolean;
  /** What the proxy for slow-store and cut-store adds to a round trip while it does nothing; null where there is none. */
  readonly proxyAddedMs: number | null;
}

export interface StoreWatch {
  /** Engine and version. */
  readonly engine: string;
  /** With the passwords, and through the proxy where there is one; for the host alone. */
  readonly connections: readonly string[];
  state(): StoreState;
  /** Counts now; keeps the last count where the store does not answer. */
  count(): Promise<void>;
  /** From here on the job runs. */
  begin(): void;
  /** @returns when store and way are as before: once the fault has lasted, or the run is over. */
  strike(fault: StoreFault, over: AbortSignal): Promise<void>;
  /** So many more sessions are lost than its own counts around a kill tell. */
  lose(sessions: number): void;
  /** The load is over: the job ends, and the store is counted a last time. */
  finish(): Promise<void>;
  /** Ends the job, the connections and a server of ours, and removes its files. */
  close(): Promise<void>;
}

/** How long a restarted store may take until it can be counted. */
const RECOVERY_MS = 20_000;

/**
 * @returns null where sessions live in the worker itself, or nowhere.
 * @throws InputError when the store cannot be started or used.
 */
export async function openStoreWatch(scenario: Scenario): Promise<StoreWatch | null> {
  if (scenario.site.mode === "Off" || scenario.site.mode === "InProc") return null;
  const { options } = storeSettings(scenario, []);
  const given = scenario.store.connections;
  const own = given.length > 0 ? null : await startOwnPartitions(scenario.store, options.minuteMs);
  try {
    if (own !== null && own.server === null) refuseProcessFaults(scenario);
    const connections = own?.connections ?? given;
    const way = await openWayToStore(scenario, connections);
    try {
      const opened = await openNamedStore(storeSettings(scenario, connections));
      return await createStoreWatch(scenario, opened, own, way);
    } catch (error) {
      await way.proxy?.close();
      throw error;
    }
  } catch (error) {
    await own?.stop();
    throw error;
  }
}

function refuseProcessFaults({ name, faults, store }: Scenario): void {
  const fault = faults.find(strikesStoreProcess);
  if (fault === undefined) return;
  throw new InputError(`Cannot bench "${name}"`, [
    {
      at: "faults",
      given: `${fault.kind} with ${store.module ?? store.provider}`,
      expected: "a store with a server process of its own: state-server, postgresql, mariadb, redis",
      mend: "take one of these, or leave the fault out",
    },
  ]);
}

/** @returns once the sessions that were there before are counted; the expired ones of a run before are deleted. */
async function createStoreWatch(
  scenario: Scenario,
  opened: OpenedStore,
  own: OwnStore | null,
  way: WayToStore,
): Promise<StoreWatch> {
  const over = new AbortController();
  const { deleteExpired } = opened;
  const { deleteJobMs } = scenario.site;
  const jobIsOurs = deleteExpired !== undefined && deleteJobMs !== null && scenario.store.provider !== "sqlserver";
  let census: Census | null = null;
  let silent = false;
  let deleted = 0;
  let deletedLifetimesMs: number | null = 0;
  let lost = 0;
  let kills = 0;
  let job = Promise.resolve();
  let counting = Promise.resolve();
  let down = false;

  async function ask(): Promise<Census | null> {
    const { store } = opened;
    if (!store.capabilities.sharedBetweenServers) return null;
    // A server of our own that cannot answer is being killed or has been.
    if (own?.server?.census !== undefined) return own.server.census().catch(() => null);
    return Promise.resolve(store.census?.() ?? null).catch(nothingUnlessFault);
  }

  /** One after another: an answer that was long on its way must not replace a newer one. */
  function count(): Promise<void> {
    counting = counting.then(async () => {
      const now = down ? null : await ask();
      silent = now === null;
      census = now ?? census;
    });
    return counting;
  }

  async function runJob(everyMs: number, work: NonNullable<typeof deleteExpired>): Promise<void> {
    while (!over.signal.aborted) {
      await delay(everyMs, undefined, { signal: over.signal }).catch(() => undefined);
      if (over.signal.aborted) return;
      const done = await work().catch(nothingUnlessFault);
      if (done === null) continue;
      deleted += done.sessions;
      deletedLifetimesMs =
        deletedLifetimesMs === null || done.lifetimesMs === null ? null : deletedLifetimesMs + done.lifetimesMs;
    }
  }

  async function kill(downMs: number, over: AbortSignal): Promise<void> {
    const { server } = own ?? {};
    assert(server != null, "only a server of ours is killed");
    await count();
    const stored = census?.stored ?? null;
    down = true;
    await server.kill();
    kills++;
    await lasting(downMs, over);
    await server.restart();
    const until = machineClock() + RECOVERY_MS;
    let now = await ask();
    while (now === null && machineClock() < until && !over.aborted) {
      await delay(20);
      now = await ask();
    }
    // In one step, so that nobody else who counts takes for gone what is lost.
    if (stored !== null && now !== null) lost += Math.max(0, stored - now.stored);
    census = now ?? census;
    silent = now === null;
    down = false;
  }

  async function pause(forMs: number, over: AbortSignal): Promise<void> {
    const { server } = own ?? {};
    assert(server != null, "only a server of ours is paused");
    down = true;
    const goOn = pauseProcess(server.pid());
    await lasting(forMs, over);
    goOn();
    down = false;
  }

  async function setWay(mode: ProxyMode, forMs: number, over: AbortSignal): Promise<void> {
    assert(way.proxy !== null, "a proxy stands in the way that is struck");
    await way.proxy.set(mode);
    await lasting(forMs, over);
    await way.proxy.set({ kind: "pass" });
  }

  if (jobIsOurs) await deleteExpired().catch(nothingUnlessFault);
  await count();
  const before: Census = census ?? { stored: 0, live: 0, bytes: null };

  return {
    // A state service tells the version of the protocol alone; of our own we know more.
    engine: scenario.store.provider === "state-server" ? (own?.server?.engine ?? opened.engine) : opened.engine,
    connections: way.connections,
    state: () => ({
      stored: census === null ? null : census.stored - before.stored,
      live: census?.live == null ? null : Math.max(0, census.live - (before.live ?? 0)),
      bytes: census?.bytes ?? null,
      minuteMsAsked:
        own === null && scenario.store.provider === "state-server" && scenario.run.timeScale !== 1
          ? storeSettings(scenario, []).options.minuteMs
          : null,
      ofEachWorker: !opened.store.capabilities.sharedBetweenServers,
      deleted: deleteExpired === undefined ? null : deleted,
      deletedLifetimesMs: deleteExpired === undefined ? null : deletedLifetimesMs,
      lost,
      kills,
      before: before.live ?? before.stored,
      silent: silent && census !== null,
      proxyAddedMs: way.proxy?.addedMs ?? null,
    }),
    count,
    begin() {
      if (jobIsOurs) job = runJob(deleteJobMs / scenario.run.timeScale, deleteExpired);
    },
    strike(fault, over) {
      switch (fault.kind) {
        case "kill-store":
          return kill(fault.downMs, over);
        case "pause-store":
          return pause(fault.forMs, over);
        case "slow-store":
          return setWay({ kind: "slow", delayMs: fault.delayMs }, fault.forMs, over);
        case "cut-store":
          return setWay({ kind: fault.silent ? "silent" : "cut" }, fault.forMs, over);
      }
    },
    lose(sessions) {
      lost += sessions;
    },
    async finish() {
      over.abort();
      await job;
      await count();
    },
    async close() {
      over.abort();
      try {
        await job;
        await opened.close();
      } finally {
        await way.proxy?.close();
        await own?.stop();
      }
    },
  };
}

/** For so long, or until the run is over. */
async function lasting(ms: number, over: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal: over }).catch(() => undefined);
}

/** A store that fails is no fault of ours; the next count or job may find it back. */
function nothingUnlessFault(error: unknown): null {
  if (error instanceof StoreError) return null;
  throw error;
}
