// Which memory of which store is weighed, and how: the one place that knows the providers apart.

import { InputError } from "../../../config/problem.ts";
import type { Scenario, StoreProvider } from "../../../config/scenario.ts";
import { storeSettings } from "../../host/host-settings.ts";
import { openNamedStore } from "../../providers/open-session-store.ts";
import { connectRedis, parseRedisConnection } from "../../providers/redis/redis-connection.ts";
import type { StoreSettings } from "../../providers/store-settings.ts";
import { startMariaDb } from "../../servers/mariadb-server.ts";
import { type OwnStore, startOwnStore } from "../../servers/own-store.ts";
import { startPostgreSql } from "../../servers/postgresql-server.ts";
import { startStateServer } from "../../servers/state-server-process.ts";
import { emptyTable } from "./empty-table.ts";
import { pagesInUseBytes } from "./mariadb-pages.ts";
import type { Measure, MemorySubject, SubjectKind } from "./memory-subject.ts";
import { openOutsideStore, type Scale } from "./outside-store.ts";
import { rehearse } from "./rehearse.ts";
import { HEAP, RESIDENT_SET, residentSetBytes } from "./resident-set.ts";
import { openVault } from "./vault.ts";

/** Sessions shall expire while one waits for it. */
const MINUTE_MS = 500;
/** In a process of ours nothing takes longer than a look at the table. */
const INSIDE_MINUTE_MS = 30;
/** SQL Server counts its own minutes. */
const SQLSERVER_MINUTE_MS = 60_000;

const USED_MEMORY: Measure = { name: "used_memory", resolutionBytes: 8 };

/** What `bytes` of a store's census is. */
const censusMeasures: Readonly<Partial<Record<StoreProvider, Measure>>> = {
  postgresql: { name: "relation size", resolutionBytes: 8_192 },
  sqlserver: { name: "relation size", resolutionBytes: 8_192 },
  mariadb: { name: "size of the table's file", resolutionBytes: 2 ** 20 },
  sqlite: { name: "pages in use", resolutionBytes: 4_096 },
  redis: USED_MEMORY,
};

/**
 * Until the tree of the table has some thirty pages InnoDB tells one page, whatever there is (seen with MariaDB 10.11); from then on
 * every page.
 */
const MARIADB_BASE_SESSIONS = 1_000;

/** Of the state service; what it does for a session is compiled by then. */
const REHEARSALS = 8;

const COLLECTIONS_MAX = 6;
const SETTLED_BYTES = 4_096;

const OWN_COUNT: Measure = { name: "bytes by the store's own count", resolutionBytes: 1 };

/** Sessions stay in these until somebody runs the job, so that we alone decide when. */
const expiredByJob: readonly StoreProvider[] = ["postgresql", "mariadb", "sqlite"];

/** @throws InputError for a store whose memory cannot be told. */
export async function subjectKind(scenario: Scenario): Promise<SubjectKind> {
  const { site, store } = scenario;
  if (site.mode === "Off") {
    throw refusal("site.mode", "Off", "a mode that keeps sessions", "take InProc, StateServer, SQLServer or Custom");
  }
  const minuteMs = site.mode !== "InProc" && store.provider === "sqlserver" ? SQLSERVER_MINUTE_MS : MINUTE_MS;
  const given = store.connections;
  const settings = withMinutes(storeSettings(scenario, given), minuteMs);
  const insideSettings = withMinutes(settings, INSIDE_MINUTE_MS);
  const inside = (ownTime: boolean): SubjectKind => ({
    freshEachTime: true,
    expiresByItself: ownTime,
    ours: true,
    baseSessions: 0,
    minuteMs: INSIDE_MINUTE_MS,
    open: () =>
      openVault({ store: insideSettings, technology: site.technology, expirySlideMinMs: site.expirySlideMinMs }),
    close: nothingLeft,
  });
  const byJob = expiredByJob.includes(store.provider);
  const outside = (freshEachTime: boolean, open: () => Promise<MemorySubject>, close = nothingLeft): SubjectKind => ({
    freshEachTime: freshEachTime && given.length === 0,
    expiresByItself: !byJob,
    ours: given.length === 0,
    baseSessions: store.provider === "mariadb" ? MARIADB_BASE_SESSIONS : 0,
    minuteMs,
    open,
    close,
  });
  switch (settings.provider) {
    case "in-proc":
    case "sealed-cookie":
      return inside(false);
    case "state-server":
      if (given.length > 0) {
        const expected = "none: the memory of a state service that somebody else started cannot be asked";
        throw refusal("store.connection", "that of a state service", expected, "leave it out");
      }
      return { ...outside(true, () => openStateServer(insideSettings)), minuteMs: INSIDE_MINUTE_MS };
    case "redis":
    case "sqlite":
      return outside(true, () => openOutside(scenario, settings));
    case "postgresql":
    case "mariadb": {
      if (given.length > 0) return outside(false, () => openOutside(scenario, settings));
      const server = oneServer(scenario, settings, settings.provider);
      return outside(true, server.open, server.close);
    }
    case "sqlserver":
      return outside(false, () => openOutside(scenario, settings));
    case "express-session":
    case "module":
      return (await livesInItsUser(scenario, settings))
        ? inside(true)
        : outside(store.module === "connect-redis", () => openOutside(scenario, settings));
  }
}

async function nothingLeft(): Promise<void> {}

function withMinutes(settings: StoreSettings, minuteMs: number): StoreSettings {
  return { ...settings, options: { ...settings.options, minuteMs } };
}

/** Whether the sessions are in the memory of the process that uses the store; only the opened store can tell. */
async function livesInItsUser(scenario: Scenario, settings: StoreSettings): Promise<boolean> {
  const own = await ownStore(scenario, settings);
  try {
    const { store, close } = await openNamedStore({ ...settings, connections: connectionsOf(own, settings) });
    const { sharedBetweenServers } = store.capabilities;
    await close();
    return !sharedBetweenServers;
  } finally {
    await own?.stop();
  }
}

async function ownStore({ store }: Scenario, { options }: StoreSettings): Promise<OwnStore | null> {
  return store.connections.length > 0 ? null : startOwnStore(store, options.minuteMs);
}

function connectionsOf(own: OwnStore | null, { connections }: StoreSettings): readonly string[] {
  return own?.connections ?? connections;
}

/** A database server takes seconds to start, so one serves all fillings. */
function oneServer(scenario: Scenario, settings: StoreSettings, provider: "postgresql" | "mariadb") {
  let own: OwnStore | null = null;
  return {
    async open(): Promise<MemorySubject> {
      if (own === null) own = await startDatabase(provider);
      else for (const connection of own.connections) await emptyTable(provider, connection);
      return openOutside(scenario, settings, { ...own, stop: nothingLeft });
    },
    close: async () => own?.stop(),
  };
}

/** What rows take does not depend on when they are on disk, so that nobody waits for the disk here. */
async function startDatabase(provider: "postgresql" | "mariadb"): Promise<OwnStore> {
  const durable = { durable: false };
  const server = provider === "postgresql" ? await startPostgreSql(durable) : await startMariaDb(durable);
  return { connections: [server.connection], server, stop: () => server.stop() };
}

/** @param running a server that is there already and outlives the subject. */
async function openOutside(
  scenario: Scenario,
  settings: StoreSettings,
  running: OwnStore | null = null,
): Promise<MemorySubject> {
  const own = running ?? (await ownStore(scenario, settings));
  const connections = connectionsOf(own, settings);
  const measure = censusMeasures[settings.provider] ?? OWN_COUNT;
  const scales: Scale[] = [{ measure, bytes: (census) => census?.bytes ?? null }];
  if (settings.provider === "mariadb" && connections.length === 1) scales.unshift(pagesInUse(connections[0]));
  if (settings.module === "connect-redis") scales.push(usedMemory(connections[0]));
  // Other servers keep sessions in files, and in their memory what fits into it.
  const server = own?.server ?? null;
  if (server !== null && (settings.provider === "redis" || settings.module === "connect-redis")) {
    scales.push({ measure: RESIDENT_SET, bytes: () => residentSetBytes(server.pid()) });
  }
  const subject = await openOutsideStore({
    settings: { ...settings, connections },
    scales,
    stop: async () => own?.stop(),
  });
  if (subject.measures.length > 0) return subject;
  await subject.close();
  const given = settings.module ?? settings.provider;
  throw refusal("store.provider", given, "a store that tells how many bytes it takes: census().bytes", "take another");
}

function pagesInUse(connection: string): Scale {
  return { measure: { name: "pages in use", resolutionBytes: 16_384 }, bytes: () => pagesInUseBytes(connection) };
}

/** Of a Redis behind a store that does not tell it itself. */
function usedMemory(connection: string): Scale {
  return {
    measure: USED_MEMORY,
    async bytes() {
      const redis = await connectRedis(parseRedisConnection(connection), null);
      try {
        const bytes = /^used_memory:(\d+)/m.exec(String(await redis.send(["INFO", "memory"], null)))?.[1];
        return bytes === undefined ? null : Number(bytes);
      } finally {
        redis.close();
      }
    },
  };
}

async function openStateServer(settings: StoreSettings): Promise<MemorySubject> {
  const server = await startStateServer({ minuteMs: settings.options.minuteMs });
  const subject = await openOutsideStore({
    settings: { ...settings, connections: [server.connection] },
    engine: server.engine,
    census: server.census,
    scales: [
      { measure: HEAP, bytes: () => settled(() => server.memoryBytes()) },
      { measure: RESIDENT_SET, bytes: () => residentSetBytes(server.pid()) },
    ],
    stop: () => server.stop(),
  });
  try {
    await rehearse(subject, settings.options.minuteMs, REHEARSALS);
    return subject;
  } catch (error) {
    await subject.close();
    throw error;
  }
}

/** Buffers are given back behind a collection, not in it: collects until nothing more is. */
async function settled(collectedBytes: () => Promise<number>): Promise<number> {
  let bytes = await collectedBytes();
  for (let again = 0; again < COLLECTIONS_MAX; again++) {
    const next = await collectedBytes();
    if (next >= bytes - SETTLED_BYTES) return next;
    bytes = next;
  }
  return bytes;
}

function refusal(at: string, given: string, expected: string, mend: string): InputError {
  return new InputError("Cannot measure the memory of a session", [{ at, given, expected, mend }]);
}
