// What an express-session store is asked with and what it keeps: its methods, and the session object with its cookie.
// Source: expressjs/session README, "Session Store Implementation"; express-session 1.19.0, session/cookie.js.

import { SessionItems } from "../session-items.ts";
import { StoreError } from "../store-error.ts";

/** What is kept under one id. Stores look at `cookie` only; they may add fields of their own beside it. */
export interface ExpressSession {
  readonly cookie: ExpressCookie;
  /** Plain JSON. What JSON alters (a Date becomes text, an undefined goes) is altered by most stores, as it is for every Express site. */
  readonly items: Readonly<Record<string, unknown>>;
  /** Put there by createUninitializedItem; whoever reads it first takes it away. */
  readonly uninitialized?: true;
}

/** As express-session's Cookie; all null for a session that never ends, which most stores end after a day. */
export interface ExpressCookie {
  readonly originalMaxAge: number | null;
  readonly maxAge?: number | null;
  readonly expires: Date | string | null;
  readonly path: "/";
  readonly httpOnly: true;
}

export type StoreCallback = (error?: unknown, value?: unknown) => void;

/** Older stores call back, newer ones return a promise, some do both. */
export interface ExpressStore {
  get(id: string, callback: StoreCallback): unknown;
  set(id: string, session: ExpressSession, callback: StoreCallback): unknown;
  destroy(id: string, callback: StoreCallback): unknown;
  touch?(id: string, session: ExpressSession, callback: StoreCallback): unknown;
  length?(callback: StoreCallback): unknown;
  on?(event: string, listener: (...rest: unknown[]) => void): unknown;
}

/** Of no session: whoever can look for it answers. */
export const PROBE_ID = "sessionlab-asks-whether-you-answer";

export function isExpressStore(value: unknown): value is ExpressStore {
  return missingMethods(value).length === 0;
}

/** Those of get, set and destroy that it lacks. */
export function missingMethods(value: unknown): string[] {
  const methods = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  return ["get", "set", "destroy"].filter((name) => typeof methods[name] !== "function");
}

/** What a store answered to a get. One that holds a cookie and nothing else is an empty session: some leave that after a late touch. */
export function sessionOf(answer: unknown, name: string): ExpressSession | null {
  if (answer === undefined || answer === null || answer === false) return null;
  const { cookie, items, uninitialized } = answer as Partial<Record<keyof ExpressSession, unknown>>;
  if (typeof cookie !== "object" || cookie === null || (items !== undefined && typeof items !== "object")) {
    throw new StoreError("state", `${name} get: the session is not one that was put there`);
  }
  const { originalMaxAge, expires } = cookie as Partial<ExpressCookie>;
  return {
    cookie: cookieOf(typeof originalMaxAge === "number" ? originalMaxAge : null, expires ?? null, null),
    items: { ...items },
    ...(uninitialized === true ? { uninitialized } : {}),
  };
}

/** `maxAge` can be asked for but is not written, as in express-session's Cookie. */
export function cookieOf(
  originalMaxAge: number | null,
  expires: ExpressCookie["expires"],
  maxAge: number | null,
): ExpressCookie {
  const cookie: ExpressCookie = { originalMaxAge, expires, path: "/", httpOnly: true };
  return Object.defineProperty(cookie, "maxAge", { value: maxAge, enumerable: false });
}

export function itemsOf(session: ExpressSession): SessionItems {
  const items = new SessionItems(Object.entries(session.items));
  items.dirty = false;
  return items;
}

export function plainItems(items: SessionItems): Record<string, unknown> {
  return Object.fromEntries(Array.from(items.keys(), (name) => [name, items.peek(name)]));
}
