// How each known express-session store is made from a connection string: as its own README tells, with what a bench must not leave to
// a default set, which is where it is, how long to wait, and that it keeps quiet.
// Sources: the READMEs of express-session 1.19, memorystore 1.6, connect-redis 9, connect-pg-simple 10, session-file-store 1.5.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { maskSecrets } from "../../../config/connection-strings.ts";
import { InputError } from "../../../config/problem.ts";
import { storeErrorOf } from "../foreign-error.ts";
import { parseRedisConnection } from "../redis/redis-connection.ts";
import { answerOf } from "./answer.ts";
import { findModule } from "./modules.ts";
import {
  type Constructor,
  expressSession,
  type Factory,
  type MadeStore,
  type Recipe,
  type RecipeParts,
} from "./recipe.ts";
import type { ExpressStore, StoreCallback } from "./shape.ts";
import { unknownPackage } from "./unknown-packages.ts";

/** A Redis client as connect-redis wants it: that of the `redis` package. */
interface RedisClient {
  readonly isOpen: boolean;
  on(event: "error", listener: (error: Error) => void): unknown;
  connect(): Promise<unknown>;
  info(section: string): Promise<string>;
  destroy(): void;
}

/** What connect-pg-simple has beside a store's methods. */
interface PgStore extends ExpressStore {
  query(text: string, values: readonly unknown[], callback: StoreCallback): void;
  quotedTable(): string;
  close(): Promise<void>;
}

const MINUTE_MS = 60_000;

const recipes: Readonly<Record<string, Recipe>> = {
  "express-session": memoryStore,
  memorystore: memorystore,
  "connect-redis": connectRedis,
  "connect-pg-simple": connectPgSimple,
  "session-file-store": sessionFileStore,
};

/** A connection string as the known package wants it; undefined where it wants none. */
const connectionExamples: Readonly<Record<string, string>> = {
  "connect-redis": "redis://:password@127.0.0.1:6379",
  "connect-pg-simple": "postgresql://user:password@127.0.0.1:5432/database",
};

/** Those that keep their sessions in the very process that uses them. */
const withoutConnection: readonly string[] = ["express-session", "memorystore"];

/**
 * @throws InputError when the store cannot be made from what is given, StoreError when what is behind it cannot be reached.
 */
export async function makeExpressStore(parts: RecipeParts): Promise<MadeStore> {
  const { name } = parts.package;
  const example = connectionExamples[name];
  if (parts.connection === null && example !== undefined) {
    throw new InputError("Cannot open the store", [
      { at: "store.connection", given: "", expected: `where ${name} keeps its sessions`, mend: `write "${example}"` },
    ]);
  }
  if (parts.connection !== null && withoutConnection.includes(name)) {
    const expected = `none: ${name} keeps its sessions in the memory of the worker`;
    throw new InputError("Cannot open the store", [
      { at: "store.connection", given: `"${shown(parts.connection)}"`, expected, mend: "leave it out" },
    ]);
  }
  return (recipes[name] ?? unknownPackage)(parts);
}

const inThisProcess = { server: null, survivesRecycle: false, sharedBetweenServers: false };

async function memoryStore({ package: { exports } }: RecipeParts): Promise<MadeStore> {
  const MemoryStore = exports.MemoryStore as Constructor;
  return { ...inThisProcess, store: new MemoryStore() as ExpressStore, close: async () => undefined };
}

/** Looks for expired sessions once a day, as its README advises; without that it never does. */
async function memorystore({ package: { exports }, options, folder }: RecipeParts): Promise<MadeStore> {
  const MemoryStore = (exports.default as Factory)(await expressSession(folder)) as Constructor;
  const store = new MemoryStore({ checkPeriod: 24 * 60 * options.minuteMs }) as ExpressStore & { stopInterval(): void };
  return { ...inThisProcess, store, close: async () => store.stopInterval() };
}

/** Redis keeps times in whole seconds here: a session lives up to one second longer than its timeout. */
async function connectRedis({
  package: { name, exports },
  connection,
  options,
  folder,
}: RecipeParts): Promise<MadeStore> {
  const { createClient } = (await findModule("redis", folder)).exports as {
    createClient(options: unknown): RedisClient;
  };
  const { host, port, database, user, password, tls, tlsName } = parseRedisConnection(connection!);
  let connected = false;
  const client = createClient({
    socket: {
      host,
      port,
      ...(tls ? { tls: true, servername: tlsName ?? host } : {}),
      ...(options.networkTimeoutMs === null ? {} : { connectTimeout: options.networkTimeoutMs }),
      reconnectStrategy: (retries: number) => connected && Math.min(20 * 2 ** retries, 1_000),
    },
    database,
    // While Redis is away its users see an error at once, not a request that hangs.
    disableOfflineQueue: true,
    ...(user === null ? {} : { username: user }),
    ...(password === null ? {} : { password }),
  });
  const firstError = Promise.withResolvers<never>();
  firstError.promise.catch(() => undefined);
  client.on("error", firstError.reject);
  const close = async () => {
    if (client.isOpen) client.destroy();
  };
  try {
    // A peer that is no Redis makes the client report an error, or nothing, and wait.
    const info = await answerOf(`${name} at ${host}:${port}`, 0, options.networkTimeoutMs, () =>
      Promise.race([client.connect().then(() => client.info("server")), firstError.promise]),
    );
    const version = /^redis_version:(\S+)/m.exec(String(info))?.[1] ?? "of unknown version";
    connected = true;
    const RedisStore = (exports.RedisStore ?? exports.default) as Constructor;
    // No sign of the application id may be one that SCAN takes for a pattern.
    const prefix = `sess:${encodeURIComponent(options.applicationId).replaceAll("*", "%2A")}:`;
    const store = new RedisStore({ client, prefix }) as ExpressStore;
    return { store, server: `Redis ${version}`, survivesRecycle: true, sharedBetweenServers: true, close };
  } catch (error) {
    await close();
    throw storeErrorOf(error, name);
  }
}

/**
 * Keeps times in whole seconds, as connect-redis does, and all applications in one table, `session`, which it makes where there is
 * none. It deletes what has expired about every 15 minutes, as is its default.
 */
async function connectPgSimple({ package: found, connection, options, folder }: RecipeParts): Promise<MadeStore> {
  if (!/^postgres(ql)?:\/\//.test(connection!) || !URL.canParse(connection!)) {
    throw new InputError("Cannot open the store", [
      {
        at: "store.connection",
        given: `"${shown(connection!)}"`,
        expected: connectionExamples[found.name]!,
        mend: "write signs such as @ and / of a password as %40 and %2F",
      },
    ]);
  }
  const PgStore = (found.exports.default as Factory)(await expressSession(folder)) as Constructor;
  const store = new PgStore({
    conObject: {
      connectionString: connection,
      ...(options.networkTimeoutMs === null ? {} : { connectionTimeoutMillis: options.networkTimeoutMs }),
    },
    createTableIfMissing: true,
    pruneSessionInterval: (15 * 60 * options.minuteMs) / MINUTE_MS,
    errorLog: () => undefined,
  }) as PgStore;
  const ask = async (text: string) => {
    const asked = answerOf(found.name, 1, options.networkTimeoutMs, (callback) => store.query(text, [], callback));
    return (await asked) as Record<string, string>;
  };
  try {
    const { version } = await ask("SELECT split_part(current_setting('server_version'), ' ', 1) AS version");
    return {
      store,
      server: `PostgreSQL ${version}`,
      survivesRecycle: true,
      sharedBetweenServers: true,
      async census() {
        const table = store.quotedTable();
        const counts = await ask(
          `SELECT count(*) AS stored, count(*) FILTER (WHERE expire >= now()) AS live,
                  pg_total_relation_size('${table}') AS bytes FROM ${table}`,
        );
        return { stored: Number(counts.stored), live: Number(counts.live), bytes: Number(counts.bytes) };
      },
      close: () => store.close(),
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/**
 * The connection is a folder; without one, a temporary folder that goes when the store is closed. Not retried: by default it asks
 * six times, a quarter of a second long, before it believes that there is no such session. Expired files are deleted each hour. Its
 * touch reads the whole file and writes it again, so that beside a write of another request it may undo that.
 */
async function sessionFileStore({
  package: { exports },
  connection,
  options,
  folder,
}: RecipeParts): Promise<MadeStore> {
  const FileStore = (exports.default as Factory)(await expressSession(folder)) as Constructor;
  const made = connection === null ? mkdtempSync(path.join(tmpdir(), "sessionlab-files-")) : null;
  const remove = () => {
    if (made !== null) rmSync(made, { recursive: true, force: true });
  };
  if (made !== null) process.once("exit", remove);
  const settings: { reapIntervalObject?: NodeJS.Timeout } = {};
  const close = async () => {
    clearInterval(settings.reapIntervalObject);
    process.off("exit", remove);
    remove();
  };
  try {
    Object.assign(settings, {
      path: made ?? path.resolve(folder, connection!),
      retries: 0,
      reapInterval: (60 * 60 * options.minuteMs) / MINUTE_MS,
      logFn: () => undefined,
    });
    const store = new FileStore(settings) as ExpressStore;
    return { store, server: null, survivesRecycle: made === null, sharedBetweenServers: made === null, close };
  } catch (error) {
    await close();
    throw storeErrorOf(error, "session-file-store");
  }
}

/** Passwords with an @ in them end a mask too soon, so all before the last one goes. */
function shown(connection: string): string {
  return maskSecrets(connection.replace(/:\/\/.*@/s, "://***@"));
}
