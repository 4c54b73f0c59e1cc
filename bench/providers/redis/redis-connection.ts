// Where a Redis is and how to speak with it: the two ways of writing its address, a client that fails soon instead of queueing without
// end, and every failure as a StoreError. Source: StackExchange.Redis, "Configuration"; node-redis 5, client configuration.

import { createClient, RESP_TYPES } from "redis";
import { holdsCredentials, maskSecrets } from "../../../config/connection-strings.ts";
import { InputError, type Problem } from "../../../config/problem.ts";
import { StoreError, type StoreErrorKind } from "../store-error.ts";

export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  readonly database: number;
  /** null: Redis' own default user. */
  readonly user: string | null;
  readonly password: string | null;
  readonly tls: boolean;
  /** The name the certificate must bear, where it is not `host`. */
  readonly tlsName: string | null;
}

/** Of a reply: nested lists of bytes and whole numbers. */
export type RedisReply = Buffer | number | null | RedisReply[];

export interface RedisConnection {
  readonly engine: string;
  /**
   * One command, tried once.
   * @param limitMs how long to wait for the reply; null: as long as the connection holds.
   * @throws StoreError
   */
  send(command: readonly (string | Buffer)[], limitMs: number | null): Promise<RedisReply>;
  close(): void;
}

/** Words of StackExchange.Redis about its own ways of connecting, which are not ours: accepted, without effect. */
const keywordsWithoutEffect = new Set(
  "abortconnect allowadmin asynctimeout channelprefix checkcertificaterevocation configchannel configcheckseconds connectretry connecttimeout highprioritysocketthreads keepalive name preserveasyncorder protocol proxy resolvedns responsetimeout setlib sslprotocols synctimeout tiebreaker tunnel version writebuffer".split(
    " ",
  ),
);

/**
 * Reads `redis://[user][:password@]host[:port][/database]`, `rediss://…`, or the form of the provider of ASP.NET,
 * `host[:port],password=…,ssl=…,defaultDatabase=…`.
 * @throws InputError
 */
export function parseRedisConnection(connection: string): RedisAddress {
  const problems: Problem[] = [];
  const address = /^\w+:\/\//.test(connection)
    ? parseUrl(connection, problems)
    : parseStackExchange(connection, problems);
  if (problems.length > 0) throw new InputError("Cannot read the Redis connection", problems);
  return address;
}

function parseUrl(text: string, problems: Problem[]): RedisAddress {
  const url = URL.parse(text);
  const database = /^\/?$/.test(url?.pathname ?? "") ? 0 : databaseNumber(url!.pathname.slice(1));
  const wellFormed = url !== null && /^rediss?:$/.test(url.protocol) && url.search === "" && url.hash === "";
  if (!wellFormed || url.hostname === "" || database === undefined) {
    problems.push({
      at: "connection",
      // A password may hold any sign at all, so everything before the last @ goes.
      given: `"${maskSecrets(text.replace(/\/\/.*@/s, "//***@"))}"`,
      expected: "redis://[user][:password@]host[:port][/database]",
      mend: "write signs such as @ and / of a password as %40 and %2F, and nothing behind the database",
    });
  }
  return {
    host: (url?.hostname ?? "").replace(/^\[|\]$/g, ""),
    port: Number(url?.port || 6379),
    database: database ?? 0,
    user: url?.username ? decodeURIComponent(url.username) : null,
    password: url?.password ? decodeURIComponent(url.password) : null,
    tls: url?.protocol === "rediss:",
    tlsName: null,
  };
}

function parseStackExchange(text: string, problems: Problem[]): RedisAddress {
  const parts = text.split(",").map((part) => part.trim());
  const servers = parts.filter((part) => part !== "" && !part.includes("="));
  const settings = new Map<string, string>();
  for (const part of parts) {
    const equals = part.indexOf("=");
    if (equals >= 0) settings.set(part.slice(0, equals).trim().toLowerCase(), part.slice(equals + 1).trim());
  }
  const [, host, port] = /^(\[[^\]]+\]|[^:\s]+)(?::(\d{1,5}))?$/.exec(servers[0] ?? "") ?? [];
  if (servers.length !== 1 || host === undefined || Number(port ?? 1) > 65_535) {
    problems.push({
      at: "connection",
      given: servers.length === 0 ? "" : `"${servers.join(",")}"`,
      expected: "one server, host or host:port",
      mend: 'write "127.0.0.1:6379,password=…", or redis://127.0.0.1:6379',
    });
  }
  const known = ["password", "user", "ssl", "sslhost", "defaultdatabase"];
  for (const name of settings.keys()) {
    if (known.includes(name) || keywordsWithoutEffect.has(name)) continue;
    problems.push({ at: name, given: "unknown", expected: known.join(", "), mend: "leave it out" });
  }
  const ssl = settings.get("ssl") ?? "false";
  if (!/^(true|false)$/i.test(ssl))
    problems.push({ at: "ssl", given: ssl, expected: "true or false", mend: "leave it out to go without TLS" });
  const database = databaseNumber(settings.get("defaultdatabase") ?? "0");
  if (database === undefined) {
    const given = settings.get("defaultdatabase")!;
    problems.push({ at: "defaultDatabase", given, expected: "a whole number from 0", mend: "leave it out to get 0" });
  }
  const tls = ssl.toLowerCase() === "true";
  return {
    host: (host ?? "").replace(/^\[|\]$/g, ""),
    port: Number(port ?? (tls ? 6380 : 6379)),
    database: database ?? 0,
    user: settings.get("user") || null,
    password: settings.get("password") || null,
    tls,
    tlsName: settings.get("sslhost") || null,
  };
}

function databaseNumber(text: string): number | undefined {
  return /^\d{1,6}$/.test(text) ? Number(text) : undefined;
}

/**
 * Connects, logs in and asks for the version. Once connected it connects again by itself; a command in between fails at once.
 * @param limitMs for connecting and for the first answer; null: no limit.
 * @throws StoreError
 */
export async function connectRedis(address: RedisAddress, limitMs: number | null): Promise<RedisConnection> {
  const place = `${address.host}:${address.port}`;
  let opened = false;
  let lastProblem: Error | undefined;
  const client = createClient({
    socket: {
      host: address.host,
      port: address.port,
      connectTimeout: limitMs ?? 0,
      ...(address.tls && { tls: true as const, servername: address.tlsName ?? address.host }),
      reconnectStrategy: (retries) => opened && Math.min(20 * 2 ** retries, 1_000),
    },
    database: address.database,
    disableOfflineQueue: true,
    ...(address.user !== null && { username: address.user }),
    ...(address.password !== null && { password: address.password }),
  });
  const strangeAnswer = Promise.withResolvers<never>();
  client.on("error", (error: Error) => {
    lastProblem = error;
    if (isStrangeAnswer(error)) strangeAnswer.reject(error);
  });
  // Rejected or not, somebody listens.
  strangeAnswer.promise.catch(() => undefined);
  client.on("ready", () => {
    lastProblem = undefined;
  });
  const typeMapping = { [RESP_TYPES.BLOB_STRING]: Buffer };

  async function send(command: readonly (string | Buffer)[], replyLimitMs: number | null): Promise<RedisReply> {
    try {
      return await within(replyLimitMs, client.sendCommand<RedisReply>([...command], { typeMapping }));
    } catch (error) {
      // "The client is offline" says less than why it is.
      throw storeErrorOf(client.isReady ? error : (lastProblem ?? error), place);
    }
  }

  function close(): void {
    if (client.isOpen) client.destroy();
  }

  try {
    await within(limitMs, Promise.race([client.connect(), strangeAnswer.promise]));
    const info = await within(limitMs, Promise.race([client.sendCommand(["INFO", "server"]), strangeAnswer.promise]));
    opened = true;
    return { engine: engineOf(String(info)), send, close };
  } catch (error) {
    close();
    throw storeErrorOf(error, place);
  }
}

/** Engine and version of the Redis there; rejects while it does not answer. */
export async function askRedisEngine(connection: string): Promise<string> {
  const opened = await connectRedis(parseRedisConnection(connection), 5_000);
  opened.close();
  return opened.engine;
}

function engineOf(info: string): string {
  const version = /^redis_version:(\S+)/m.exec(info)?.[1];
  if (version === undefined) throw new StoreError("protocol", "The server does not tell its version as Redis does.");
  return `Redis ${version}`;
}

class NoReplyInTime extends Error {}

async function within<T>(limitMs: number | null, promise: Promise<T>): Promise<T> {
  if (limitMs === null) return promise;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NoReplyInTime(`no reply in ${Math.round(limitMs)} ms`)), limitMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function isStrangeAnswer(error: Error): boolean {
  return /^Unknown RESP type/.test(error.message);
}

const kindsOfReplies: readonly (readonly [RegExp, StoreErrorKind])[] = [
  [/^(WRONGPASS|NOAUTH|NOPERM|ERR (invalid password|AUTH|Client sent AUTH))/, "login"],
  [/^OOM /, "full"],
  [/^(LOADING|MASTERDOWN|BUSY|CLUSTERDOWN|TRYAGAIN|READONLY) /, "unreachable"],
  [/^[A-Z]+ /, "protocol"],
];

function storeErrorOf(error: unknown, place: string): StoreError {
  if (error instanceof StoreError) return error;
  const { name, code } = error as NodeJS.ErrnoException;
  // Of several addresses tried at once the error has no words, only a code.
  const message = (error as Error).message || (code ?? name);
  const options = holdsCredentials(message) ? undefined : { cause: error };
  if (error instanceof NoReplyInTime || message === "Connection timeout") {
    return new StoreError("timeout", `Redis at ${place}: no reply in time.`, options);
  }
  if (isStrangeAnswer(error as Error)) {
    return new StoreError("protocol", `What answers at ${place} is not Redis.`, options);
  }
  const reply =
    code === undefined && name === "Error" ? kindsOfReplies.find(([words]) => words.test(message)) : undefined;
  return new StoreError(reply?.[1] ?? "unreachable", `Redis at ${place}: ${maskSecrets(message)}`, options);
}
