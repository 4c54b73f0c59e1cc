// The session module: which store calls a request makes before and after its page, and what becomes of a new session. Classic ASP
// differs in this: requests of one session queue, first come first served, and an id whose session is no more is not used again.
// A request that ends before the module is asked (a bad query) has no handler yet, and so makes no call either.
// Source: .NET reference source, SessionStateModule.cs; classic ASP: ms525328 (one request of a session at a time), KB184574.

import type { PageSession, Site } from "../../../config/scenario.ts";
import type { Clock } from "../../clock.ts";
import { SessionItems } from "../../providers/session-items.ts";
import type { GetResult, LockId, SessionItem, SessionStore } from "../../providers/session-store.ts";
import type { HostCounts } from "../counts.ts";
import type { Admission } from "./admission.ts";
import { createLockWait, type LockWaitSettings, type Waiter } from "./lock-wait.ts";
import { type Outcome, pageFailed, storeFailed, waitFailed } from "./outcome.ts";
import { createTurns } from "./turns.ts";

export interface ModuleSettings extends LockWaitSettings {
  readonly technology: Site["technology"];
  /** Of new sessions, real milliseconds; null means never. */
  readonly timeoutMs: number | null;
  readonly sessionStart: boolean;
  readonly cookieless: Site["cookieless"];
  readonly regenerateExpiredSessionId: boolean;
}

export interface ModuleParts {
  readonly settings: ModuleSettings;
  readonly store: SessionStore;
  /** Mode InProc: as long as no session was ever stored in this process, the id that a cookie brings is not even read. */
  readonly inProc: boolean;
  readonly createId: () => string;
  readonly admission: Admission;
  readonly counts: Pick<HostCounts, "lockWaits" | "lockPolls" | "lockBreaks">;
  readonly clock: Clock;
  readonly delay: (ms: number) => Promise<void>;
}

export interface SessionRequest {
  /** The well-formed id the client sent, or null. */
  readonly sessionId: string | null;
  /** The id travels in the address. */
  readonly cookieless: boolean;
  readonly session: PageSession;
  /** Known beforehand, so that the cap can be asked before the page runs; what is written back goes by what the page did. */
  readonly changes: boolean;
  readonly abandons: boolean;
}

/** The session as the page has it. */
export interface PageState {
  readonly items: SessionItems;
  readonly isNew: boolean;
  /** Session.Timeout: real milliseconds, null for never. */
  timeoutMs: number | null;
  /** Session.Abandon was called: the session goes when the page is done. */
  abandoned: boolean;
}

/** Runs the page. It gets null where it has no session state. A rejection is the page's own error. */
export type Page = (state: PageState | null) => Promise<void>;

export interface SessionModule {
  /** Rejects only for a fault of ours: what the page or the store did wrong is an outcome. */
  handle(request: SessionRequest, page: Page): Promise<Outcome>;
}

interface Acquired {
  readonly item: SessionItem;
  readonly lockId: LockId | null;
  /** The store has it already, if only as a fresh uninitialised item. */
  readonly found: boolean;
  readonly isNew: boolean;
}

/** What was done with the session after the page. */
interface Released {
  /** A new session that nobody made use of: nothing was stored, and the client is not to have its id. */
  readonly untouched: boolean;
  readonly newId: string | undefined;
}

/** One request on its way through the module: what is known of it so far. */
interface Passage extends Waiter {
  id: string;
  readonly readOnly: boolean;
  readonly cookieless: boolean;
  /** Under which ids it has been let in: one, unless it was given another on its way. */
  readonly admittedIds: Set<string>;
}

export function createSessionModule(parts: ModuleParts): SessionModule {
  const { settings, store, inProc, createId, admission, counts, clock } = parts;
  const { heldByClient } = store.capabilities;
  const classic = settings.technology === "asp";
  const lockWait = createLockWait(parts);
  const turns = createTurns();
  let storedOnce = false;

  function admit({ id, admittedIds }: Passage): boolean {
    if (admittedIds.has(id)) return true;
    const admitted = admission.admit(id);
    if (admitted) admittedIds.add(id);
    return admitted;
  }

  /** One try to get the session of an id that the client sent; ASP.NET creates an unknown one at once when the page may write. */
  async function tryGet(passage: Passage): Promise<GetResult | "refused"> {
    const { id } = passage;
    if (passage.readOnly) return store.getItem(id);
    const got = await store.getItemExclusive(id);
    if (got.item !== null || got.locked || classic) return got;
    if (settings.cookieless === "UseUri" && settings.regenerateExpiredSessionId) return got;
    if (!admit(passage)) return "refused";
    await store.createUninitializedItem(id, settings.timeoutMs);
    storedOnce = true;
    return store.getItemExclusive(id);
  }

  function acquired(got: GetResult | null): Acquired {
    const item = got?.item ?? { items: new SessionItems(), timeoutMs: settings.timeoutMs };
    item.items.dirty = false;
    const found = got !== null && got.item !== null;
    return { item, lockId: got?.lockId ?? null, found, isNew: !found || got.initialize };
  }

  /** Gives a client without cookies a new id; when ids are regenerated, its session is there before it comes with it. */
  async function redirect(passage: Passage): Promise<Outcome> {
    const { lockWaitMs } = passage;
    passage.id = createId();
    if (settings.regenerateExpiredSessionId) {
      if (!admit(passage)) return { kind: "refused", lockWaitMs };
      await store.createUninitializedItem(passage.id, settings.timeoutMs);
    }
    return { kind: "redirected", sessionId: passage.id, lockWaitMs };
  }

  /** After the page, in the order of the reference source; "refused" where a cap stands in the way of what the page did. */
  async function release(
    passage: Passage,
    { item, lockId, found, isNew }: Acquired,
    state: PageState,
    failed: boolean,
  ): Promise<Released | "refused"> {
    const { id, readOnly, cookieless } = passage;
    const unwritten = { untouched: false, newId: undefined };
    if (!found && !settings.sessionStart && !item.items.dirty) return { ...unwritten, untouched: true };
    if (state.abandoned) {
      if (found) await store.removeItem(id, lockId);
      return unwritten;
    }
    if (readOnly && !(isNew && settings.sessionStart && !cookieless)) return unwritten;
    const { timeoutMs } = state;
    if (!failed && (!found || item.items.dirty || timeoutMs !== item.timeoutMs)) {
      if (!found && !admit(passage)) return "refused";
      const newId = await store.setAndReleaseItemExclusive(id, { items: item.items, timeoutMs }, lockId, !found);
      storedOnce = true;
      return { untouched: false, newId };
    }
    const newId = found && lockId !== null ? await store.releaseItemExclusive(id, lockId) : undefined;
    return { untouched: false, newId };
  }

  async function pass(
    passage: Passage,
    carriedId: string | null,
    request: SessionRequest,
    page: Page,
  ): Promise<Outcome> {
    if (carriedId === null && request.cookieless) return redirect(passage);
    const got = carriedId === null ? null : await lockWait.untilFree(passage, () => tryGet(passage));
    const { lockWaitMs } = passage;
    if (got === "refused") return { kind: "refused", lockWaitMs };
    if (typeof got === "string") return waitFailed(got, lockWaitMs);
    const session = acquired(got);
    if (!session.found && carriedId !== null) {
      if (request.cookieless && settings.regenerateExpiredSessionId) return redirect(passage);
      if (classic) passage.id = createId();
    }
    // Classic ASP makes the session before the page runs, if only to throw it away afterwards.
    const willStore = !request.abandons && (settings.sessionStart || (!passage.readOnly && request.changes));
    if (!session.found && (classic || willStore) && !admit(passage)) return { kind: "refused", lockWaitMs };
    const { items, timeoutMs } = session.item;
    const state: PageState = { items, timeoutMs, isNew: session.isNew, abandoned: false };
    const pageError = await errorOf(page(state));
    const released = await release(passage, session, state, pageError !== null);
    if (released === "refused") return { kind: "refused", lockWaitMs };
    if (pageError !== null) return pageFailed(pageError, lockWaitMs);
    const idIsOver = heldByClient && state.abandoned;
    return { kind: "served", newSessionId: newSessionId(passage, request, session, released), idIsOver, lockWaitMs };
  }

  /**
   * ASP.NET takes the cookie of an untouched new session back before it is sent; that of one that was abandoned, or changed by a
   * read-only page, stays, though nothing is stored. Classic ASP gives one each time, until there is something to keep.
   */
  function newSessionId(
    { id }: Passage,
    request: SessionRequest,
    { found }: Acquired,
    { untouched, newId }: Released,
  ): string | null {
    if (heldByClient) return newId ?? null;
    return !found && (!untouched || classic) && id !== request.sessionId ? id : null;
  }

  async function serve(carriedId: string | null, request: SessionRequest, page: Page, turnWaitMs: number) {
    const passage: Passage = {
      id: carriedId ?? (classic ? null : request.sessionId) ?? createId(),
      readOnly: request.session === "read-only",
      cookieless: request.cookieless,
      startedAtMs: clock(),
      lockWaitMs: turnWaitMs,
      admittedIds: new Set(),
    };
    try {
      return await pass(passage, carriedId, request, page);
    } catch (error) {
      return storeFailed(error, passage.lockWaitMs);
    } finally {
      for (const id of passage.admittedIds) admission.settle(id);
    }
  }

  /** Even a page without session state keeps the session of its client alive. */
  async function serveWithout(carriedId: string | null, page: Page): Promise<Outcome> {
    try {
      const newId = carriedId === null ? undefined : await store.resetItemTimeout(carriedId);
      const pageError = await errorOf(page(null));
      if (pageError !== null) return pageFailed(pageError, 0);
      return { kind: "served", newSessionId: newId ?? null, idIsOver: false, lockWaitMs: 0 };
    } catch (error) {
      return storeFailed(error, 0);
    }
  }

  return {
    async handle(request, page) {
      const unread = inProc && !storedOnce && (request.session === "none" || !request.cookieless);
      const carriedId = unread ? null : request.sessionId;
      if (request.session === "none") return serveWithout(carriedId, page);
      if (!classic || carriedId === null) return serve(carriedId, request, page, 0);
      if (!turns.taken(carriedId)) return turns.take(carriedId, () => serve(carriedId, request, page, 0));
      counts.lockWaits++;
      const askedAtMs = clock();
      return turns.take(carriedId, () => serve(carriedId, request, page, clock() - askedAtMs));
    },
  };
}

async function errorOf(page: Promise<void>): Promise<Error | null> {
  try {
    await page;
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
