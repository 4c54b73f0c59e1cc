// The session module: which store calls a request makes before and after its page, how it waits for a locked session, and what
// becomes of a new one. Cookie mode. Classic ASP differs in one thing: requests of one session queue, first come first served.
// Source: .NET reference source, SessionStateModule.cs; classic ASP: ms525328 (one request of a session at a time).

import type { PageSession, Site } from "../../config/scenario.ts";
import type { Clock } from "../clock.ts";
import { SessionItems } from "../providers/session-items.ts";
import type { GetResult, LockId, SessionItem, SessionStore } from "../providers/session-store.ts";
import type { Admission } from "./admission.ts";
import type { HostCounts } from "./counts.ts";
import { createSessionId } from "./session-id.ts";
import { createTurns } from "./turns.ts";

export interface ModuleSettings {
  readonly technology: Site["technology"];
  /** Of new sessions, real milliseconds; null means never. */
  readonly timeoutMs: number | null;
  readonly sessionStart: boolean;
  readonly lockPollMs: number;
  readonly executionTimeoutMs: number;
  readonly requestQueueLimitPerSession: number;
}

export interface ModuleParts {
  readonly settings: ModuleSettings;
  readonly store: SessionStore;
  readonly admission: Admission;
  readonly counts: Pick<HostCounts, "lockWaits" | "lockPolls" | "lockBreaks">;
  readonly clock: Clock;
  readonly delay: (ms: number) => Promise<void>;
}

export interface SessionRequest {
  /** The well-formed id the client sent, or null. */
  readonly sessionId: string | null;
  readonly session: PageSession;
  /** Known beforehand, so that the cap can be asked before the page runs. */
  readonly changes: boolean;
  readonly abandons: boolean;
}

export type Failure = "request timed out" | "queue limit of the session" | "page error";

export type Outcome =
  | { readonly kind: "served"; readonly newSessionId: string | null; readonly lockWaitMs: number }
  | { readonly kind: "refused"; readonly lockWaitMs: number }
  | { readonly kind: "failed"; readonly failure: Failure; readonly lockWaitMs: number };

/** Runs the page. `items` is null on a page without session state. A rejection is the page's own error. */
export type Page = (items: SessionItems | null) => Promise<void>;

export interface SessionModule {
  handle(request: SessionRequest, page: Page): Promise<Outcome>;
}

/** A timer tick is skipped when the last poll ended less than this ago. */
const POLL_GAP_MIN_MS = 250;

interface Acquired {
  readonly id: string;
  readonly item: SessionItem;
  readonly lockId: LockId | null;
  /** The store has it already, if only as a fresh uninitialised item. */
  readonly found: boolean;
  readonly isNew: boolean;
}

/** One request on its way through the module: what is known of it so far. */
interface Passage {
  readonly id: string;
  readonly readOnly: boolean;
  readonly startedAtMs: number;
  lockWaitMs: number;
  admitted: boolean;
}

export function createSessionModule(parts: ModuleParts): SessionModule {
  const { settings, store, admission, counts, clock, delay } = parts;
  const waitingById = new Map<string, number>();
  const turns = createTurns();
  let storedOnce = false;

  function newItem(): SessionItem {
    return { items: new SessionItems(), timeoutMs: settings.timeoutMs };
  }

  function admit(passage: Passage): boolean {
    if (!passage.admitted) passage.admitted = admission.admit(passage.id);
    return passage.admitted;
  }

  /** One try to get the session of an id that the client sent; ASP.NET creates an unknown one at once when the page may write. */
  async function tryGet(passage: Passage): Promise<GetResult | "refused"> {
    const { id } = passage;
    if (passage.readOnly) return store.getItem(id);
    const got = await store.getItemExclusive(id);
    if (got.item !== null || got.locked || settings.technology === "asp") return got;
    if (!admit(passage)) return "refused";
    await store.createUninitializedItem(id, settings.timeoutMs);
    storedOnce = true;
    return store.getItemExclusive(id);
  }

  /** Waits by asking again at a fixed beat: nobody queues, whoever asks first after a release has it. */
  async function acquire(passage: Passage): Promise<Acquired | "refused" | Failure> {
    const { id } = passage;
    let firstFailedAtMs: number | null = null;
    let beats = 0;
    try {
      for (;;) {
        const got = await tryGet(passage);
        if (got === "refused") return got;
        if (firstFailedAtMs !== null) passage.lockWaitMs = clock() - firstFailedAtMs;
        if (!got.locked) return acquired(passage, got);
        if (got.lockAgeMs >= settings.executionTimeoutMs && got.lockId !== null) {
          counts.lockBreaks++;
          await store.releaseItemExclusive(id, got.lockId);
        }
        const lastPollEndedAtMs = clock();
        if (firstFailedAtMs === null) {
          counts.lockWaits++;
          if ((waitingById.get(id) ?? 0) >= settings.requestQueueLimitPerSession) return "queue limit of the session";
          waitingById.set(id, (waitingById.get(id) ?? 0) + 1);
          firstFailedAtMs = lastPollEndedAtMs;
        } else if (clock() - passage.startedAtMs > settings.executionTimeoutMs) {
          return "request timed out";
        }
        do beats++;
        while (firstFailedAtMs + beats * settings.lockPollMs - lastPollEndedAtMs < POLL_GAP_MIN_MS);
        await delay(firstFailedAtMs + beats * settings.lockPollMs - lastPollEndedAtMs);
        counts.lockPolls++;
      }
    } finally {
      if (firstFailedAtMs !== null) leaveQueue(id);
    }
  }

  function leaveQueue(id: string): void {
    const left = (waitingById.get(id) ?? 0) - 1;
    if (left > 0) waitingById.set(id, left);
    else waitingById.delete(id);
  }

  function acquired({ id }: Passage, got: GetResult): Acquired {
    const found = got.item !== null;
    return { id, item: got.item ?? newItem(), lockId: got.lockId, found, isNew: !found || got.initialize };
  }

  /** After the page, in the order of the reference source. @returns whether the session is in the store as far as we know. */
  async function release(session: Acquired, request: SessionRequest, failed: boolean): Promise<boolean> {
    const { id, item, lockId, found, isNew } = session;
    const readWrite = request.session === "read-write";
    const dirty = readWrite && request.changes && !failed;
    if (!found && !settings.sessionStart && !dirty) return false;
    if (request.abandons && !failed) {
      if (found && lockId !== null) await store.removeItem(id, lockId);
      return found;
    }
    const mayWrite = readWrite || (isNew && settings.sessionStart);
    if (mayWrite && !failed && (!found || dirty)) {
      await store.setAndReleaseItemExclusive(id, item, lockId, !found);
      storedOnce = true;
      return true;
    }
    if (found && lockId !== null) await store.releaseItemExclusive(id, lockId);
    return found;
  }

  async function serve(
    carriedId: string | null,
    request: SessionRequest,
    page: Page,
    turnWaitMs: number,
  ): Promise<Outcome> {
    const passage: Passage = {
      id: carriedId ?? createSessionId(),
      readOnly: request.session === "read-only",
      startedAtMs: clock(),
      lockWaitMs: turnWaitMs,
      admitted: false,
    };
    const willStore = !request.abandons && (settings.sessionStart || (!passage.readOnly && request.changes));
    try {
      const session: Acquired | "refused" | Failure =
        carriedId === null
          ? { id: passage.id, item: newItem(), lockId: null, found: false, isNew: true }
          : await acquire(passage);
      if (session === "refused" || (typeof session === "object" && !session.found && willStore && !admit(passage))) {
        return { kind: "refused", lockWaitMs: passage.lockWaitMs };
      }
      if (typeof session === "string") {
        return { kind: "failed", failure: session, lockWaitMs: passage.lockWaitMs };
      }
      const failed = await page(session.item.items).then(
        () => false,
        () => true,
      );
      const kept = await release(session, request, failed);
      if (failed) return { kind: "failed", failure: "page error", lockWaitMs: passage.lockWaitMs };
      const newSessionId = kept && carriedId === null ? session.id : null;
      return { kind: "served", newSessionId, lockWaitMs: passage.lockWaitMs };
    } finally {
      if (passage.admitted) admission.settle(passage.id);
    }
  }

  return {
    async handle(request, page) {
      // In process, as long as no session was ever stored, the id that a client sends is not even read.
      const carriedId = storedOnce || store.capabilities.survivesRecycle ? request.sessionId : null;
      if (request.session === "none") {
        if (carriedId !== null) await store.resetItemTimeout(carriedId);
        return page(null).then<Outcome, Outcome>(
          () => ({ kind: "served", newSessionId: null, lockWaitMs: 0 }),
          () => ({ kind: "failed", failure: "page error", lockWaitMs: 0 }),
        );
      }
      if (settings.technology === "aspnet" || carriedId === null) return serve(carriedId, request, page, 0);
      if (!turns.taken(carriedId)) return turns.take(carriedId, () => serve(carriedId, request, page, 0));
      counts.lockWaits++;
      const askedAtMs = clock();
      return turns.take(carriedId, () => serve(carriedId, request, page, clock() - askedAtMs));
    },
  };
}
