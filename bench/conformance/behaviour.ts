// Where stores rightly differ. ASP.NET's own providers agree on who holds a lock and when a session is over, but not on what
// becomes of a late write, nor on whether an expired session can still be had. Each row says what its source says; a null says
// that nobody has laid it down, so that either is right.

import type { StoreProvider } from "../../config/scenario.ts";
import type { StoreCapabilities } from "../providers/session-store.ts";

/** What a module of the user's own may say that it stands for. */
export const models = ["in-proc", "state-server", "database", "redis", "lock-free"] as const;
export type Model = (typeof models)[number];

export interface Behaviour {
  readonly family: "cache" | "database" | "redis" | "lock-free" | "undeclared";
  /** A write or removal by an owner whose lock was broken and not yet taken by another. */
  readonly lateWriter: "ignored" | "lands" | null;
  /** The id of the first lock on a new session, and the step to the next; null where ids are opaque. */
  readonly firstLockId: number | null;
  /** A session put there as new where one already is, unlocked or locked. */
  readonly putOnExisting: "replaces" | "keeps" | null;
  readonly putOnLocked: "replaces" | "keeps" | null;
  /** A write under an id that the store does not know, by somebody who believes to own a lock on it. */
  readonly writeToMissing: "ignored" | "creates" | null;
  /** exact: gone for every reader once its time is over. until-deleted: whoever comes before the deletion revives it. */
  readonly expiry: "exact" | "until-deleted" | null;
  /** Locks end by themselves at the execution timeout. */
  readonly locksExpire: boolean | null;
  /** Whose clock decides how old a lock is. */
  readonly lockAgeClock: "store" | "web server" | null;
  /** Whose clock decides when a session is over. */
  readonly expiryClock: "store" | "web server" | null;
  /** typed: the values that ASP.NET serialises by type. json: what JSON keeps. */
  readonly values: "typed" | "json" | null;
  /** A session may be over that much before its time, for want of finer clocks or because small slides are not recorded; shares of a minute. */
  readonly earlyMinutes: number;
  /** The store counts its time in steps of so many real milliseconds. */
  readonly grainMs: number;
}

/** Source: .NET reference source, InProcStateClientManager.cs; cacheexpires.cspp (MIN_UPDATE_DELTA, 1 s). */
const inProc: Behaviour = {
  family: "cache",
  lateWriter: "ignored",
  firstLockId: 2,
  putOnExisting: "replaces",
  putOnLocked: "replaces",
  writeToMissing: "ignored",
  expiry: "exact",
  locksExpire: false,
  lockAgeClock: "store",
  expiryClock: "store",
  values: "typed",
  earlyMinutes: 1 / 60,
  grainMs: 4,
};

/** A PUT on an unlocked item is stored whoever sends it; on a locked one only its owner's. Source: .NET reference source, StateRuntime.cs. */
const stateServer: Behaviour = { ...inProc, lateWriter: "lands", putOnLocked: "keeps", writeToMissing: "creates" };

/**
 * Writers match the lock cookie and not the Locked column; readers never look at Expires; inserting a key that is there is ignored.
 * Source: InstallSqlState.sql; .NET reference source, SqlSessionStateStore.
 */
const database: Behaviour = {
  ...inProc,
  family: "database",
  lateWriter: "lands",
  putOnExisting: "keeps",
  putOnLocked: "keeps",
  expiry: "until-deleted",
  earlyMinutes: 0,
};

/** Source: Azure/aspnet-redis-providers, RedisSessionStateConnectionWrapper.cs (scripts; lock ids are the web server's time). */
const redis: Behaviour = {
  ...inProc,
  family: "redis",
  firstLockId: null,
  putOnLocked: "replaces",
  locksExpire: true,
  lockAgeClock: "web server",
  earlyMinutes: 0,
};

/** Source: express-session, README, "Session Store Implementation": get, set, destroy, touch; the last writer wins. */
const lockFree: Behaviour = {
  family: "lock-free",
  lateWriter: null,
  firstLockId: null,
  putOnExisting: "replaces",
  putOnLocked: null,
  writeToMissing: null,
  expiry: "exact",
  locksExpire: null,
  lockAgeClock: null,
  expiryClock: "web server",
  values: "json",
  earlyMinutes: 0,
  grainMs: 4,
};

const undeclared: Behaviour = {
  family: "undeclared",
  lateWriter: null,
  firstLockId: null,
  putOnExisting: null,
  putOnLocked: null,
  writeToMissing: null,
  expiry: null,
  locksExpire: null,
  lockAgeClock: null,
  expiryClock: null,
  values: null,
  earlyMinutes: 1 / 60,
  grainMs: 4,
};

const byModel: Readonly<Record<Model, Behaviour>> = {
  "in-proc": inProc,
  "state-server": stateServer,
  database,
  redis,
  "lock-free": lockFree,
};

/** express-session stores that keep a session's end to the millisecond; the others count seconds. */
const millisecondStores: readonly string[] = ["express-session", "memorystore"];
const SECOND_MS = 1_000;

/**
 * What is expected of a store.
 * @param module the package or path of an express-session store or a module of the user's, else null.
 * @param like what the user says of his own module; null: nothing.
 */
export function behaviourOf(
  provider: StoreProvider,
  module: string | null,
  capabilities: Pick<StoreCapabilities, "exclusiveLocks">,
  like: Model | null = null,
): Behaviour {
  switch (provider) {
    case "in-proc":
      return inProc;
    case "state-server":
      return stateServer;
    case "sqlserver":
    case "postgresql":
    case "mariadb":
      return database;
    case "sqlite":
      // A file has no clock of its own.
      return { ...database, lockAgeClock: "web server", expiryClock: "web server" };
    case "redis":
      return redis;
    case "sealed-cookie":
      return { ...lockFree, values: "typed" };
    case "express-session":
      return { ...lockFree, grainMs: millisecondStores.includes(module ?? "") ? lockFree.grainMs : SECOND_MS };
    case "module":
      if (like !== null) return byModel[like];
      return capabilities.exclusiveLocks ? undeclared : { ...undeclared, family: "lock-free" };
  }
}
