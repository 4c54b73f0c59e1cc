// From what a user names to a store under examination: the provider, its settings, a server of our own where none is given, and how
// long a minute of session timeout may last there.

import { closest, distance } from "fastest-levenshtein";
import { InputError } from "../../config/problem.ts";
import { type StoreProvider, storeProviders } from "../../config/scenario.ts";
import type { ByteStoreOptions } from "../providers/byte-store.ts";
import { openNamedStore, openSessionStore } from "../providers/open-session-store.ts";
import type { StoreSettings } from "../providers/store-settings.ts";
import { startOwnStore } from "../servers/own-store.ts";
import { behaviourOf, type Model } from "./behaviour.ts";
import { openInProc } from "./in-proc-subject.ts";
import type { Subject } from "./rule.ts";

export interface SubjectRequest {
  /** A provider, the package of an express-session store, or the path of a module. */
  readonly name: string;
  /** None: a server of our own is started where one is needed. Several: partitions. */
  readonly connections: readonly string[];
  /** Beside what verifyOptions says. */
  readonly options: Partial<ByteStoreOptions>;
  readonly compression: boolean;
  /** What a module stands for; null: it does not say. */
  readonly like: Model | null;
  /** Expired sessions of a store that is not ours may be deleted. */
  readonly mayDelete: boolean;
}

export interface OpenedSubject {
  readonly subject: Subject;
  /** Closes what is open, stops what was started and removes its files. */
  close(): Promise<void>;
}

/** What the kit tells a store, where the user does not. Locks that end by themselves do so soon enough for a rule to see it. */
export const verifyOptions: Omit<ByteStoreOptions, "minuteMs"> = {
  applicationId: "/LM/W3SVC/1/ROOT/sessionlab",
  networkTimeoutMs: 10_000,
  commandTimeoutMs: 30_000,
  connectionRetryMs: 0,
  allowCustomSqlDatabase: false,
  executionTimeoutMs: 3_000,
};

const REAL_MINUTE_MS = 60_000;
/** Long enough to tell before from after on a busy machine. */
const SHORT_MINUTE_MS = 400;
/** So many grains of a store's sense of time make a minute in which early, late and in between can be told apart. */
const GRAINS_TO_A_MINUTE = 6;

/**
 * How long a minute of session timeout lasts under examination: as short as the store can tell apart. The state service and the
 * procedures of SQL Server count real minutes, whoever asks.
 */
function minuteMsFor(provider: StoreProvider, given: boolean, grainMs: number): number {
  if (given && (provider === "state-server" || provider === "sqlserver")) return REAL_MINUTE_MS;
  return Math.max(SHORT_MINUTE_MS, GRAINS_TO_A_MINUTE * grainMs);
}

/**
 * @throws InputError when the name, an option or a connection is wrong, or the store cannot be reached or started.
 */
export async function openSubject(request: SubjectRequest): Promise<OpenedSubject> {
  const { name, connections, compression, like, mayDelete } = request;
  const { provider, module } = providerOf(name);
  const given = connections.length > 0;
  const unlocked = { exclusiveLocks: false } as const;
  const grainMs = behaviourOf(provider, module, unlocked, like).grainMs;
  const minuteMs = request.options.minuteMs ?? minuteMsFor(provider, given, grainMs);
  const options: ByteStoreOptions = { ...verifyOptions, ...request.options, minuteMs };
  const common = { name, minuteMs, executionTimeoutMs: options.executionTimeoutMs };
  if (provider === "in-proc") {
    const opened = openInProc(minuteMs);
    const behaviour = behaviourOf(provider, module, opened.store.capabilities);
    const subject = { ...common, opened, behaviour, ours: true, mayDelete: true, openAgain: null, settings: null };
    return { subject, close: opened.close };
  }
  const own = given ? null : await startOwnStore({ provider, module }, minuteMs);
  const settings: StoreSettings = {
    provider,
    connections: own?.connections ?? connections,
    module,
    compression,
    options,
  };
  try {
    const opened = await openNamedStore(settings);
    const behaviour = behaviourOf(provider, module, opened.store.capabilities, like);
    const ours = own !== null && provider !== "module";
    const subject: Subject = {
      ...common,
      opened,
      behaviour,
      ours,
      mayDelete: ours || mayDelete,
      openAgain: (changes) => openSessionStore({ ...settings, options: { ...options, ...changes } }),
      settings,
    };
    return {
      subject,
      async close() {
        await opened.close();
        await own?.stop();
      },
    };
  } catch (error) {
    await own?.stop();
    throw error;
  }
}

/** A name so close to one that we know is a slip, and no package to be installed. */
const TYPING_ERRORS_MAX = 2;

/** A path has a slash or the ending of a module; what is no provider of ours is taken for a package. */
function providerOf(name: string): { provider: StoreProvider; module: string | null } {
  const provider = storeProviders.find((known) => known === name);
  if (provider === "module") {
    throw new InputError("Cannot verify the store", [
      { at: "store", given: `"${name}"`, expected: "the path of the module", mend: 'write "./my-provider.mjs"' },
    ]);
  }
  if (name === "MemoryStore" || provider === "express-session")
    return { provider: "express-session", module: "express-session" };
  if (provider !== undefined) return { provider, module: null };
  const known = [...storeProviders, "memorystore", "connect-redis", "connect-pg-simple", "session-file-store"];
  const nearest = known.find((each) => each.startsWith(name)) ?? closest(name, known);
  if (!known.includes(name) && (nearest.startsWith(name) || distance(name, nearest) <= TYPING_ERRORS_MAX)) {
    throw new InputError("Cannot verify the store", [
      { at: "store", given: `"${name}"`, expected: "a provider, a package or a path", mend: `write "${nearest}"` },
    ]);
  }
  const isPath = /^[./~]|[\\]|\.(?:[cm]?[jt]s)$/.test(name);
  return { provider: isPath ? "module" : "express-session", module: name };
}
