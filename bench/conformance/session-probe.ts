// One session as a rule drives it: calls the store as the session module would, refuses answers that are not of the contract's
// shape, and says in words what it saw. A store held by the client gives out a new id at each write; the probe carries it on.

import { inspect, isDeepStrictEqual } from "node:util";
import { maskSecrets } from "../../config/connection-strings.ts";
import { SessionItems } from "../providers/session-items.ts";
import type { Awaitable, GetResult, LockId, NewId, SessionStore } from "../providers/session-store.ts";
import { Broken } from "./rule-errors.ts";

export type Values = Readonly<Record<string, unknown>>;

/** What is known of a session on the client's side. */
export interface Holder {
  /** The id that the next request carries. */
  id: string;
  /** Requests that were given the session to change it, and have not ended. */
  readonly begun: Set<LockId>;
}

export interface Session {
  id(): string;
  get(): Promise<GetResult>;
  getExclusive(): Promise<GetResult>;
  /** setAndReleaseItemExclusive of a new item. */
  put(values: Values, timeoutMinutes?: number): Promise<void>;
  /** setAndReleaseItemExclusive by the owner of a lock, or by who believes to be. */
  set(values: Values, lockId: LockId | null, timeoutMinutes?: number): Promise<void>;
  release(lockId: LockId): Promise<void>;
  remove(lockId: LockId | null): Promise<boolean>;
  reset(): Promise<void>;
  createUninitialized(timeoutMinutes?: number): Promise<void>;
  /** Lock ids under which the session was given out, and neither written back, released nor removed. */
  begun(): readonly LockId[];
  /** The same session as another web server sees it. */
  through(store: SessionStore): Session;
}

/** A call that takes longer than this is taken for one that never returns. */
const CALL_MS_MAX = 20_000;

/** @param defaultMinutes timeout of what is written without one. */
export function probeSession(store: SessionStore, holder: Holder, minuteMs: number, defaultMinutes: number): Session {
  const follow = async (operation: string, call: () => Awaitable<NewId>) => {
    const newId = await callStore(operation, call);
    if (newId !== undefined) holder.id = newId;
  };
  const itemOf = (values: Values, timeoutMinutes: number) => ({
    items: itemsOf(values),
    timeoutMs: timeoutMinutes * minuteMs,
  });
  const ended = (lockId: LockId | null) => {
    if (lockId !== null) holder.begun.delete(lockId);
  };
  return {
    id: () => holder.id,
    begun: () => [...holder.begun],
    get: async () => shaped("getItem", await callStore("getItem", () => store.getItem(holder.id))),
    async getExclusive() {
      const answer = await callStore("getItemExclusive", () => store.getItemExclusive(holder.id));
      const result = shaped("getItemExclusive", answer);
      if (result.item !== null && result.lockId !== null) holder.begun.add(result.lockId);
      return result;
    },
    put: (values, timeoutMinutes = defaultMinutes) =>
      follow("setAndReleaseItemExclusive", () =>
        store.setAndReleaseItemExclusive(holder.id, itemOf(values, timeoutMinutes), null, true),
      ),
    set(values, lockId, timeoutMinutes = defaultMinutes) {
      ended(lockId);
      return follow("setAndReleaseItemExclusive", () =>
        store.setAndReleaseItemExclusive(holder.id, itemOf(values, timeoutMinutes), lockId, false),
      );
    },
    release(lockId) {
      ended(lockId);
      return follow("releaseItemExclusive", () => store.releaseItemExclusive(holder.id, lockId));
    },
    remove(lockId) {
      ended(lockId);
      return callStore("removeItem", () => store.removeItem(holder.id, lockId));
    },
    reset: () => follow("resetItemTimeout", () => store.resetItemTimeout(holder.id)),
    createUninitialized: (timeoutMinutes = defaultMinutes) =>
      callStore("createUninitializedItem", () => store.createUninitializedItem(holder.id, timeoutMinutes * minuteMs)),
    through: (other) => probeSession(other, holder, minuteMs, defaultMinutes),
  };
}

/** The values of a session that must be there and unlocked. @throws Broken saying `when` it was not. */
export function mustFind(result: GetResult, when: string): Values {
  if (result.item === null) throw new Broken(`${when}: expected the session, saw ${describeResult(result)}`);
  return valuesOf(result);
}

/** As mustFind, with the very state that was written last. */
export function mustHold(result: GetResult, values: Values, when: string): void {
  const found = mustFind(result, when);
  if (!isDeepStrictEqual(found, values)) {
    throw new Broken(`${when}: expected ${describeValues(values)}, saw ${describeValues(found)}`);
  }
}

export function mustBeMissing(result: GetResult, when: string): void {
  if (result.item !== null || result.locked) {
    throw new Broken(`${when}: expected no session, saw ${describeResult(result)}`);
  }
}

/** @param lockId the lock that must be the current one. */
export function mustBeLocked(result: GetResult, lockId: LockId | null, when: string): void {
  if (!result.locked || result.item !== null) {
    throw new Broken(`${when}: expected it locked, saw ${describeResult(result)}`);
  }
  if (result.lockId !== lockId) {
    throw new Broken(`${when}: expected lock id ${inspect(lockId)}, saw ${describeResult(result)}`);
  }
}

/** Takes the lock of a session that must be free, and makes sure that it is one: somebody else is kept out. @returns its id. */
export async function takeLock(session: Session, when = "an exclusive get of a free session"): Promise<LockId> {
  const taken = await session.getExclusive();
  mustFind(taken, when);
  mustBeLocked(await session.getExclusive(), taken.lockId, "a second exclusive get while the first holds the lock");
  if (taken.lockId === null) throw new Broken(`${when}: expected a lock id, saw null`);
  return taken.lockId;
}

export function describeResult(result: GetResult): string {
  const flag = result.initialize ? ", to be initialised" : "";
  if (result.locked) {
    return `a locked session (lock id ${inspect(result.lockId)}, age ${Math.round(result.lockAgeMs)} ms${flag})`;
  }
  return result.item === null ? "no session" : `a session with ${describeValues(valuesOf(result))}${flag}`;
}

function describeValues(values: Values): string {
  const text = inspect(values, {
    breakLength: Number.POSITIVE_INFINITY,
    depth: 3,
    maxStringLength: 40,
    maxArrayLength: 8,
  });
  return text.length <= 160 ? text : `${text.slice(0, 157)}...`;
}

function valuesOf(result: GetResult): Values {
  return Object.fromEntries(result.item?.items.entries() ?? []);
}

function itemsOf(values: Values): SessionItems {
  const items = new SessionItems();
  for (const [name, value] of Object.entries(values)) items.set(name, value);
  return items;
}

/** Whatever a store throws is something it did, so it speaks against the rule under examination. */
async function callStore<T>(operation: string, call: () => Awaitable<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const seconds = CALL_MS_MAX / 1000;
    timer = setTimeout(() => reject(new Error(`no answer within ${seconds} s`)), CALL_MS_MAX);
  });
  try {
    return await Promise.race([(async () => call())(), late]);
  } catch (error) {
    const said = maskSecrets(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
    throw new Broken(`${operation} answered with an error: ${said}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

function shaped(operation: string, result: GetResult): GetResult {
  const wrong = shapeProblem(result);
  if (wrong !== null) throw new Broken(`${operation} must answer with the contract's GetResult, but ${wrong}`);
  return result;
}

function shapeProblem(result: unknown): string | null {
  if (typeof result !== "object" || result === null) return `it is ${inspect(result)}`;
  const { item, locked, lockAgeMs, lockId, initialize } = result as Partial<Record<keyof GetResult, unknown>>;
  if (typeof locked !== "boolean") return `locked is ${inspect(locked)}, not a boolean`;
  if (typeof initialize !== "boolean") return `initialize is ${inspect(initialize)}, not a boolean`;
  if (typeof lockAgeMs !== "number" || Number.isNaN(lockAgeMs))
    return `lockAgeMs is ${inspect(lockAgeMs)}, not a number`;
  if (lockId !== null && typeof lockId !== "number" && typeof lockId !== "string") {
    return `lockId is ${inspect(lockId)}, not a number, a string or null`;
  }
  if (item === null) return null;
  if (typeof item !== "object") return `item is ${inspect(item)}, not an object or null`;
  const { items, timeoutMs } = item as { items?: unknown; timeoutMs?: unknown };
  if (!(items instanceof Map)) return "item.items is not a Map of SessionItems";
  if (timeoutMs !== null && typeof timeoutMs !== "number") return `item.timeoutMs is ${inspect(timeoutMs)}`;
  return locked ? "a locked session comes with its item" : null;
}
