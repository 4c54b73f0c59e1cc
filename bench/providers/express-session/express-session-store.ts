// Any store of express-session behind the contract of the session module. Such a store has no locks: every exclusive get succeeds,
// and who writes last wins (lost-updates.ts counts what that costs). It is asked as express-session itself asks it: a request
// begins with `get` and ends with `set` where it changed the session, else with `touch`.
// Source: expressjs/session README, "Session Store Implementation"; express-session 1.19.0, index.js, session/cookie.js.

import type { Clock } from "../../clock.ts";
import type { Census, GetResult, LockId, SessionStore } from "../session-store.ts";
import { StoreError } from "../store-error.ts";
import { answerOf, isNoEntry } from "./answer.ts";
import {
  cookieOf,
  type ExpressCookie,
  type ExpressSession,
  type ExpressStore,
  itemsOf,
  plainItems,
  type StoreCallback,
  sessionOf,
} from "./shape.ts";

export interface ExpressStoreParts {
  readonly store: ExpressStore;
  /** Stands in errors: "connect-redis". */
  readonly name: string;
  readonly survivesRecycle: boolean;
  readonly sharedBetweenServers: boolean;
  /** The one that the store goes by: Date.now of this machine. */
  readonly clock: Clock;
  /** How long a call may take; null: no limit. */
  readonly timeoutMs: number | null;
  /** Counts better than the store's own `length`. */
  readonly census?: () => Promise<Census>;
  /** Called once. */
  close(): Promise<void>;
}

/** A request that has read a session exclusively and has not ended. */
interface Reading {
  readonly id: string;
  readonly session: ExpressSession;
  readonly readAtMs: number;
  readonly slideTimer: NodeJS.Timeout;
  /** The slide that its length has made necessary, while it is under way. */
  sliding: Promise<void> | undefined;
}

/** Beyond so many the oldest is forgotten: its lock id means nothing any more. */
const READINGS_MAX = 10_000;

/** An exclusive get whose request takes longer than this, or than this share of the timeout, slides the expiry by itself. */
const SLIDE_AFTER_MAX_MS = 1_000;
const SLIDE_AFTER_SHARE = 0.1;

const missing: GetResult = { item: null, locked: false, lockAgeMs: 0, lockId: null, initialize: false };

/**
 * Without locks, four things go differently than the contract says. A lock id only names a reading. `createUninitializedItem` looks
 * and then puts: a session put there in between is overwritten. Two that read a new session at once may both be told to initialise
 * it. A write after the session was removed brings it back.
 * The expiry slides when a request ends, or when it has taken a second or a tenth of the timeout, counted from its exclusive get;
 * `getItem`, which nothing ends, slides it at once. A store without `touch` has its expiry slid by writing back what was read, as
 * express-session does with `resave`: that may itself overwrite what another request has written.
 * All rejections are StoreErrors.
 */
export function expressSessionStore(parts: ExpressStoreParts): SessionStore {
  const { store, name, clock, timeoutMs } = parts;
  const { length } = store;
  const readings = new Map<LockId, Reading>();
  const removals = new Map<string, Promise<boolean>>();
  let readingCount = 0;
  let closing: Promise<void> | undefined;
  // Without a listener an "error" event would end the process; what failed is also told to whoever asked.
  store.on?.("error", () => undefined);

  function ask(what: string, parameters: number, call: (callback: StoreCallback) => unknown): Promise<unknown> {
    return answerOf(`${name} ${what}`, parameters, timeoutMs, call);
  }

  function renewed(timeoutMs: number | null, fromMs: number = clock()): ExpressCookie {
    if (timeoutMs === null) return cookieOf(null, null, null);
    return cookieOf(timeoutMs, new Date(fromMs + timeoutMs), fromMs + timeoutMs - clock());
  }

  async function read(id: string): Promise<ExpressSession | null> {
    try {
      return sessionOf(await ask("get", store.get.length - 1, (callback) => store.get(id, callback)), name);
    } catch (error) {
      if (isNoEntry(error)) return null;
      throw error;
    }
  }

  async function write(id: string, session: ExpressSession): Promise<void> {
    await ask("set", store.set.length - 2, (callback) => store.set(id, session, callback));
  }

  async function slide(id: string, read: ExpressSession, fromMs: number = clock()): Promise<void> {
    const session = { ...read, cookie: renewed(read.cookie.originalMaxAge, fromMs) };
    const { touch } = store;
    if (touch === undefined) return write(id, session);
    try {
      await ask("touch", touch.length - 2, (callback) => touch.call(store, id, session, callback));
    } catch (error) {
      // The session has gone meanwhile: there is nothing to slide.
      if (!isNoEntry(error)) throw error;
    }
  }

  async function get(id: string, exclusive: boolean): Promise<GetResult> {
    const found = await read(id);
    if (found === null) return missing;
    const { uninitialized, ...session } = found;
    const initialize = uninitialized === true;
    if (initialize) await write(id, { ...session, cookie: renewed(session.cookie.originalMaxAge) });
    else if (!exclusive) await slide(id, session);
    const item = { items: itemsOf(session), timeoutMs: session.cookie.originalMaxAge };
    return { item, locked: false, lockAgeMs: 0, lockId: exclusive ? begin(id, session) : null, initialize };
  }

  function begin(id: string, session: ExpressSession): number {
    const lockId = ++readingCount;
    const timeoutMs = session.cookie.originalMaxAge ?? Number.POSITIVE_INFINITY;
    const slideAfterMs = Math.min(SLIDE_AFTER_MAX_MS, timeoutMs * SLIDE_AFTER_SHARE);
    const slideTimer = setTimeout(() => {
      // Where the store does not answer, the end of the request meets the same, and tells it.
      reading.sliding = slide(id, session, reading.readAtMs).catch(() => undefined);
    }, slideAfterMs).unref();
    const reading: Reading = { id, session, readAtMs: clock(), slideTimer, sliding: undefined };
    readings.set(lockId, reading);
    if (readings.size > READINGS_MAX) readings.delete(readings.keys().next().value!);
    return lockId;
  }

  /** @returns what was read under this lock id; undefined when it was not this session, or has ended already. */
  async function end(id: string, lockId: LockId | null): Promise<ExpressSession | undefined> {
    const reading = lockId === null ? undefined : readings.get(lockId);
    if (lockId === null || reading?.id !== id) return undefined;
    readings.delete(lockId);
    clearTimeout(reading.slideTimer);
    await reading.sliding;
    return reading.session;
  }

  /** A store does not tell whether there was anything to destroy. */
  async function remove(id: string): Promise<boolean> {
    const found = (await read(id)) !== null;
    if (found) await ask("destroy", store.destroy.length - 1, (callback) => store.destroy(id, callback));
    return found;
  }

  async function census(): Promise<Census> {
    const stored = await ask("length", length!.length, (callback) => length!.call(store, callback));
    if (typeof stored === "number") return { stored, live: null, bytes: null };
    throw new StoreError("protocol", `${name} length: answered ${typeof stored}, not a number`);
  }

  const count = parts.census ?? (typeof length === "function" ? census : undefined);
  return {
    capabilities: {
      exclusiveLocks: false,
      sessionEnd: false,
      survivesRecycle: parts.survivesRecycle,
      sharedBetweenServers: parts.sharedBetweenServers,
      liveReferences: false,
      heldByClient: false,
    },
    getItem: (id) => get(id, false),
    getItemExclusive: (id) => get(id, true),
    async setAndReleaseItemExclusive(id, item, lockId) {
      await end(id, lockId);
      await write(id, { cookie: renewed(item.timeoutMs), items: plainItems(item.items) });
      return undefined;
    },
    async releaseItemExclusive(id, lockId) {
      const session = await end(id, lockId);
      if (session !== undefined) await slide(id, session);
      return undefined;
    },
    async removeItem(id, lockId) {
      await end(id, lockId);
      // Of two that remove one session at once, only the first has removed it.
      const before = removals.get(id);
      if (before !== undefined) return before.then(() => false);
      const removal = remove(id).finally(() => removals.delete(id));
      removals.set(id, removal);
      return removal;
    },
    async resetItemTimeout(id) {
      const session = await read(id);
      if (session !== null) await slide(id, session);
      return undefined;
    },
    async createUninitializedItem(id, timeoutMs) {
      if ((await read(id)) !== null) return;
      await write(id, { cookie: renewed(timeoutMs), items: {}, uninitialized: true });
    },
    ...(count === undefined ? {} : { census: count }),
    close() {
      for (const { slideTimer } of readings.values()) clearTimeout(slideTimer);
      readings.clear();
      closing ??= parts.close();
      return closing;
    },
  };
}
