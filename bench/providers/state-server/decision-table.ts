// What becomes of each request: the decision table of the state service, row by row. Every answer is counted.
// Sources: [MS-ASP] section 3.1.5; .NET reference source, StateRuntime.cs.

import type { Outbox } from "./outbox.ts";
import { ABSENT, type RequestHead, UNUSABLE, type Verb } from "./request-head.ts";
import type { Received, SessionTable, StoredItem } from "./session-table.ts";

export type Status = 200 | 400 | 404 | 423;

/** Answers so far, by verb and status. */
export type RequestCounts = Record<Verb, Record<Status, number>>;

export interface DecisionTable {
  /** Anything but PUT. @param close the connection ends after this answer. */
  answer(head: RequestHead, key: string, nowMs: number, close: boolean): void;
  /** What can be said of a PUT before its body is there: what is wrong with it, or null. */
  faultOfPut(head: RequestHead): string | null;
  /** A PUT, its body there and its head without fault. */
  answerPut(put: PutHead, received: Received, nowMs: number, close: boolean): void;
  refuse(verb: Verb, reason: string, close: boolean): void;
  readonly counts: RequestCounts;
}

/** What is kept of the head of a PUT while its body arrives. */
export interface PutHead {
  readonly key: string;
  readonly timeoutMinutes: number;
  readonly extraFlags: number;
  readonly lockCookie: number;
}

/**
 * ASP.NET's client ignores every answer to a write but 400, so a refusal with any other status would lose the session silently.
 * Source: .NET reference source, OutOfProcStateClientManager.cs.
 */
export const FULL = "The state service is full: its memory limit is reached. Sessions already stored are kept.";

const TIMEOUT_DEFAULT_MINUTES = 20;
const TIMEOUT_MAX_MINUTES = 525_600;
const FIRST_LOCK_COOKIE = 1;
/** The last cookie before they start over; below the largest int32, so that clients can count on as well. */
const LAST_LOCK_COOKIE = 2_147_483_646;
const UNINITIALIZED = 1;

export function createDecisionTable(table: SessionTable, outbox: Outbox): DecisionTable {
  const counts = noRequests();

  function ok(verb: Verb, close: boolean): void {
    counts[verb][200]++;
    outbox.ok(close);
  }

  function notFound(verb: Verb, close: boolean): void {
    counts[verb][404]++;
    outbox.notFound(close);
  }

  function locked(verb: Verb, item: StoredItem, nowMs: number, close: boolean): void {
    counts[verb][423]++;
    outbox.locked(item, nowMs, close);
  }

  function refuse(verb: Verb, reason: string, close: boolean): void {
    counts[verb][400]++;
    outbox.badRequest(reason, close);
  }

  function get(item: StoredItem, acquire: boolean, nowMs: number, close: boolean): void {
    const firstRead = firstGet(item);
    if (item.locked) {
      locked("GET", item, nowMs, close);
      return;
    }
    if (acquire) {
      item.locked = true;
      item.lockedAtMs = nowMs;
      item.lockCookie = item.lockCookie >= LAST_LOCK_COOKIE ? FIRST_LOCK_COOKIE + 1 : item.lockCookie + 1;
    }
    counts.GET[200]++;
    outbox.item(item, acquire ? item.lockCookie : null, firstRead, close);
  }

  function release(item: StoredItem, lockCookie: number, nowMs: number, close: boolean): void {
    const firstRead = firstGet(item);
    if (item.locked && lockCookie < 0) {
      refuse("GET", badHeader("LockCookie"), close);
    } else if (item.locked && lockCookie !== item.lockCookie) {
      locked("GET", item, nowMs, close);
    } else {
      item.locked = false;
      counts.GET[200]++;
      if (firstRead) outbox.okToFirstGet(close);
      else outbox.ok(close);
    }
  }

  function remove(item: StoredItem, lockCookie: number, nowMs: number, close: boolean): void {
    if (lockCookie === UNUSABLE) {
      refuse("DELETE", badHeader("LockCookie"), close);
    } else if (item.locked && lockCookie !== item.lockCookie) {
      locked("DELETE", item, nowMs, close);
    } else {
      table.abandon(item, nowMs);
      ok("DELETE", close);
    }
  }

  function insert(put: PutHead, received: Received, uninitialized: boolean, nowMs: number, close: boolean): void {
    const { timeoutMinutes } = put;
    const inserted = table.insert(
      put.key,
      received,
      { timeoutMinutes, lockCookie: FIRST_LOCK_COOKIE, uninitialized },
      nowMs,
    );
    if (inserted) ok("PUT", close);
    else refuse("PUT", FULL, close);
  }

  function replace(item: StoredItem, put: PutHead, received: Received, nowMs: number, close: boolean): void {
    if (put.lockCookie === UNUSABLE) refuse("PUT", badHeader("LockCookie"), close);
    else if (item.locked && put.lockCookie !== item.lockCookie) locked("PUT", item, nowMs, close);
    else if (overwrite(item, put, received, nowMs)) ok("PUT", close);
    else refuse("PUT", FULL, close);
  }

  /** @returns false when there is no room. */
  function overwrite(item: StoredItem, put: PutHead, received: Received, nowMs: number): boolean {
    if (put.timeoutMinutes === item.timeoutMinutes) {
      if (!table.replaceBody(item, received)) return false;
      item.locked = false;
      return true;
    }
    // The cookie of a superseding item is the one that came with it, and -1, as which an absent header is read, where none did.
    const { timeoutMinutes, lockCookie } = put;
    return table.supersede(item, received, { timeoutMinutes, lockCookie, uninitialized: false }, nowMs);
  }

  return {
    counts,
    refuse,
    answer(head, key, nowMs, close) {
      const { verb } = head;
      if (verb === "other" || verb === "PUT") {
        refuse(verb, "The verb is not one of this protocol.", close);
        return;
      }
      const item = table.lookUp(key, nowMs);
      if (item === undefined) notFound(verb, close);
      else if (verb === "HEAD") ok(verb, close);
      else if (verb === "DELETE") remove(item, head.lockCookie, nowMs, close);
      else if (head.exclusive === "release") release(item, head.lockCookie, nowMs, close);
      else get(item, head.exclusive === "acquire", nowMs, close);
    },
    faultOfPut(head) {
      if (head.timeoutMinutes === UNUSABLE || head.timeoutMinutes > TIMEOUT_MAX_MINUTES) return badHeader("Timeout");
      return head.extraFlags === UNUSABLE ? badHeader("ExtraFlags") : null;
    },
    answerPut(put, received, nowMs, close) {
      const item = table.lookUp(put.key, nowMs);
      const insertOnly = (put.extraFlags & UNINITIALIZED) !== 0;
      if (item === undefined) insert(put, received, insertOnly, nowMs, close);
      else if (insertOnly) ok("PUT", close);
      else replace(item, put, received, nowMs, close);
    },
  };
}

export function putHead(head: RequestHead, key: string): PutHead {
  return {
    key,
    timeoutMinutes: head.timeoutMinutes === ABSENT ? TIMEOUT_DEFAULT_MINUTES : head.timeoutMinutes,
    extraFlags: head.extraFlags === ABSENT ? 0 : head.extraFlags,
    lockCookie: head.lockCookie,
  };
}

/** A GET of any kind, a release too, ends what an item is until somebody looks at it. @returns whether this is the first. */
function firstGet(item: StoredItem): boolean {
  const first = item.uninitialized;
  item.uninitialized = false;
  return first;
}

export function badHeader(name: string): string {
  return `Invalid header <b>${name}</b>`;
}

function noRequests(): RequestCounts {
  const none = () => ({ 200: 0, 400: 0, 404: 0, 423: 0 });
  return { GET: none(), PUT: none(), HEAD: none(), DELETE: none(), other: none() };
}
