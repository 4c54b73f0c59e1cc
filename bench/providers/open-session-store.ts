// The one door to every provider out of process: from settings to a store behind the contract of the session module. A provider's
// code, and its driver with it, is loaded only when it is asked for, so that a bench of one is not weighed down by all.

import { maskSecrets } from "../../config/connection-strings.ts";
import { InputError } from "../../config/problem.ts";
import type { StoreProvider } from "../../config/scenario.ts";
import { machineClock } from "../clock.ts";
import type { ByteStore, Deleted } from "./byte-store.ts";
import type { OpenedStore } from "./opened-store.ts";
import { StoreError, type StoreErrorKind } from "./store-error.ts";
import type { StoreSettings } from "./store-settings.ts";

export type { OpenedStore } from "./opened-store.ts";

/** @param connection null where the settings have none. */
type Open = (connection: string | null, settings: StoreSettings) => Promise<OpenedStore>;

const openers: Readonly<Record<Exclude<StoreProvider, "in-proc">, Open>> = {
  async "state-server"(connection, settings) {
    const place = required(connection, settings);
    const { openStateServerStore } = await import("./state-server/client.ts");
    return ofBytes(await openStateServerStore(place, settings.options), settings);
  },
  async sqlserver(connection, settings) {
    const place = required(connection, settings);
    const { openSqlServerStore } = await import("./sql/sqlserver.ts");
    return ofBytes(await openSqlServerStore(place, settings.options), settings);
  },
  async postgresql(connection, settings) {
    const place = required(connection, settings);
    const { openPostgreSqlStore } = await import("./sql/postgresql.ts");
    return ofBytes(await openPostgreSqlStore(place, settings.options), settings);
  },
  async mariadb(connection, settings) {
    const place = required(connection, settings);
    const { openMariaDbStore } = await import("./sql/mariadb.ts");
    return ofBytes(await openMariaDbStore(place, settings.options), settings);
  },
  async redis(connection, settings) {
    const place = required(connection, settings);
    const { openRedisStore } = await import("./redis/redis.ts");
    return ofBytes(await openRedisStore(place, settings.options), settings);
  },
  async sqlite(connection, settings) {
    const { openSqlite } = await import("./sql/sqlite.ts");
    return ofBytes(await openSqlite(connection ?? ":memory:", settings.options), settings);
  },
  async "sealed-cookie"(connection, { compression, options }) {
    const { sealedCookieStore } = await import("./sealed-cookie.ts");
    const { minuteMs } = options;
    const secret = connection === null ? {} : { secret: connection };
    const store = sealedCookieStore({ clock: machineClock, minuteMs, compress: compression, ...secret });
    return { store, engine: "sealed cookie", close: async () => store.close?.() };
  },
  async "express-session"(connection, settings) {
    const { openExpressSessionStore } = await import("./express-session/open-express-session.ts");
    return openExpressSessionStore(requiredModule(settings), connection, settings.options);
  },
  async module(connection, settings) {
    const { loadProvider } = await import("./provider-module.ts");
    const provider = await loadProvider(requiredModule(settings), { ...settings.options, connection });
    if (provider.kind === "bytes") return ofBytes(provider.store, settings);
    const { store, engine } = provider;
    return { store, engine, close: async () => store.close?.() };
  },
};

/** What a connection looks like where one is needed. */
const connectionExamples: Readonly<Partial<Record<StoreProvider, string>>> = {
  "state-server": "tcpip=127.0.0.1:42424",
  sqlserver: "data source=127.0.0.1;user id=sa;password=…",
  postgresql: "postgresql://user:password@127.0.0.1:5432/database",
  mariadb: "mysql://user:password@127.0.0.1:3306/database",
  redis: "redis://:password@127.0.0.1:6379/0",
};

/**
 * Opens the store and asks it something, so that a bad connection is known at once. In-proc has no such door: it lives in its host.
 * @throws InputError when a connection is malformed or the module cannot be used, StoreError when the store cannot be reached.
 */
export async function openSessionStore(settings: StoreSettings): Promise<OpenedStore> {
  const { provider, connections } = settings;
  if (provider === "in-proc") {
    throw refusal("store.provider", "in-proc", "a store outside the worker process", "set site.mode to InProc");
  }
  const twice = connections.find((connection, at) => connections.indexOf(connection) < at);
  if (twice !== undefined) {
    const expected = "another store for each partition: of one store every session would count twice";
    throw refusal("store.connection", `"${shown(provider, twice)}" twice`, expected, "name it once");
  }
  const open = openers[provider];
  const places = connections.length === 0 ? [null] : connections;
  const openings = await Promise.allSettled(places.map((connection) => open(connection, settings)));
  const opened = openings.flatMap((opening) => (opening.status === "fulfilled" ? [opening.value] : []));
  const failed = openings.find((opening) => opening.status === "rejected");
  if (failed !== undefined) {
    await Promise.allSettled(opened.map((store) => store.close()));
    throw failed.reason;
  }
  if (opened.length > 1 && opened.some(({ store }) => store.capabilities.heldByClient)) {
    await Promise.allSettled(opened.map((store) => store.close()));
    const expected = "one connection: a session held by its client is in no partition";
    throw refusal("store.connection", `${opened.length} connections`, expected, "keep one");
  }
  return closedOnce(opened.length === 1 ? opened[0] : await partitioned(opened));
}

/** However often it is closed: a driver may not take it well twice. */
function closedOnce(opened: OpenedStore): OpenedStore {
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= opened.close();
    return closing;
  };
  return { ...opened, store: { ...opened.store, close }, close };
}

async function partitioned(partitions: readonly OpenedStore[]): Promise<OpenedStore> {
  const { partitionedStore } = await import("./partitioned-store.ts");
  const store = partitionedStore(
    partitions.map((partition) => ({ ...partition.store, close: () => partition.close() })),
  );
  const jobs = partitions.flatMap(({ deleteExpired }) => (deleteExpired === undefined ? [] : [deleteExpired]));
  return {
    store,
    engine: enginesOf(partitions),
    ...(jobs.length === 0 ? {} : { deleteExpired: async () => addUp(await Promise.all(jobs.map((job) => job()))) }),
    close: async () => store.close?.(),
  };
}

/** "2 × Redis 7.0.15"; each that is there, where they differ. */
function enginesOf(partitions: readonly OpenedStore[]): string {
  const counts = new Map<string, number>();
  for (const { engine } of partitions) counts.set(engine, (counts.get(engine) ?? 0) + 1);
  return [...counts].map(([engine, count]) => (count === 1 ? engine : `${count} × ${engine}`)).join(" and ");
}

function addUp(all: readonly Deleted[]): Deleted {
  return all.reduce((sum, { sessions, lifetimesMs }) => ({
    sessions: sum.sessions + sessions,
    lifetimesMs: sum.lifetimesMs === null || lifetimesMs === null ? null : sum.lifetimesMs + lifetimesMs,
  }));
}

async function ofBytes(bytes: ByteStore, { compression, options }: StoreSettings): Promise<OpenedStore> {
  const { serialisingStore } = await import("./serialising-store.ts");
  const store = serialisingStore(bytes, { minuteMs: options.minuteMs, compress: compression });
  const { deleteExpired } = bytes;
  return {
    store,
    engine: bytes.engine,
    ...(deleteExpired === undefined ? {} : { deleteExpired: () => deleteExpired.call(bytes) }),
    close: () => bytes.close(),
  };
}

function required(connection: string | null, { provider }: StoreSettings): string {
  if (connection !== null) return connection;
  throw refusal("store.connection", "", `where ${provider} is`, `write "${connectionExamples[provider]}"`);
}

function requiredModule({ provider, module }: StoreSettings): string {
  if (module !== null) return module;
  throw provider === "module"
    ? refusal("store.module", "", "the path of a provider", 'write "./my-provider.mjs"')
    : refusal("store.module", "", "the package of an express-session store", 'write "connect-redis", or another');
}

function refusal(at: string, given: string, expected: string, mend: string): InputError {
  return new InputError("Cannot open the store", [{ at, given, expected, mend }]);
}

const mends: Readonly<Record<StoreErrorKind, string>> = {
  unreachable: "see whether it runs, and whether the name, the port and the firewall are right",
  timeout: "see whether it is another kind of server or overloaded, or give it longer with store.networkTimeoutSeconds",
  login: "mend the user and the password, or let that user in",
  schema: "have the database and its tables made, or name the right one",
  protocol: "see whether the address is that of this kind of server",
  full: "make room in the store",
  state: "name a store that holds no sessions of another application, or clear it",
};

/** As openSessionStore, for a store that the user has just named: one that cannot be used is a mistake in what he gave. */
export async function openNamedStore(settings: StoreSettings): Promise<OpenedStore> {
  try {
    return await openSessionStore(settings);
  } catch (error) {
    throw error instanceof StoreError ? storeErrorAsInput(error, settings) : error;
  }
}

/**
 * For whoever opens a store at the very start: what the store said, as a mistake in the settings. No password is in it.
 * @param error that openSessionStore threw.
 */
export function storeErrorAsInput(error: StoreError, { provider, connections, module }: StoreSettings): InputError {
  const what = module === null ? provider : `${provider} ${module}`;
  const expected = `a store that answers; ${what} says: ${maskSecrets(error.message)}`;
  if (connections.length === 0) return refusal("store.provider", what, expected, mends[error.kind]);
  const given = connections.map((connection) => `"${shown(provider, connection)}"`).join(", ");
  return refusal("store.connection", given, expected, mends[error.kind]);
}

/** Passwords with an @ in them end a mask too soon, so all before the last one goes. */
function shown(provider: StoreProvider, connection: string): string {
  return provider === "sealed-cookie" ? "***" : maskSecrets(connection.replace(/:\/\/.*@/s, "://***@"));
}
