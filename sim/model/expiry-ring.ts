// When which live session expires. A sliding deadline moves with every request, so nothing is moved here when it does: a session has
// one entry, filed under the deadline it had, and when that surfaces and the session has moved since, it is filed again under the one
// it has now. Every deadline lies at most a timeout ahead, so a ring of buckets a little longer than the timeout holds them all;
// a bucket is a list through the rows of its sessions, and only the bucket at hand is put in order.

import { assert } from "../../config/assert.ts";
import { createEventQueue } from "../engine/event-queue.ts";
import { DEAD, EXPIRES_AT, MOMENTS, NEXT, NONE, type SessionRows, STANDING, stateIn, WORDS } from "./session-rows.ts";

export interface ExpiryRing {
  /** When the next session expires; Infinity when none will. To be read at every step of time. */
  nextAtMs(): number;
  /** Files a session that has got its first deadline, one timeout from now. */
  add(session: number): void;
  /** Takes out the session whose deadline is the next. */
  take(): number;
}

const FIRST_BUCKETS = 256;
/** More sessions a bucket than this, and there will be eight times as many buckets. */
const SESSIONS_PER_BUCKET_MAX = 8;
/** Narrower ones would have numbers too long to be told apart. */
const BUCKET_MS_MIN = 1e-3;

export function createExpiryRing(rows: SessionRows, timeoutMs: number): ExpiryRing {
  let first = new Int32Array(FIRST_BUCKETS).fill(NONE);
  let bucketMs = lengthOf(FIRST_BUCKETS);
  let linked = 0;
  /** The number, counted from time 0, of the bucket whose sessions are at hand. */
  let opened = 0;
  const atHand = createEventQueue();
  /** The first of those at hand, and the deadline it is filed under. */
  let head = NONE;
  let headAtMs = Number.POSITIVE_INFINITY;

  function lengthOf(buckets: number): number {
    return Math.max(timeoutMs / (buckets - 2), BUCKET_MS_MIN);
  }

  const deadlineOf = (session: number) => rows.moments[session * MOMENTS + EXPIRES_AT];
  const bucketOf = (atMs: number) => Math.floor(atMs / bucketMs);
  const placeOf = (bucket: number) => bucket - Math.floor(bucket / first.length) * first.length;
  const isDead = (session: number) => stateIn(rows.words[session * WORDS + STANDING]) === DEAD;

  function file(session: number): void {
    if (isDead(session)) {
      rows.give(session);
      return;
    }
    const atMs = deadlineOf(session);
    const bucket = bucketOf(atMs);
    if (bucket <= opened) {
      atHand.push(atMs, 0, session);
      return;
    }
    assert(bucket - opened < first.length, "no deadline lies beyond the ring");
    const place = placeOf(bucket);
    rows.words[session * WORDS + NEXT] = first[place];
    first[place] = session;
    linked++;
  }

  /** Takes a bucket's list off, turned round: those filed first come first. */
  function detach(place: number): number {
    let turned = NONE;
    let session = first[place];
    first[place] = NONE;
    while (session !== NONE) {
      const link = session * WORDS + NEXT;
      const after = rows.words[link];
      rows.words[link] = turned;
      turned = session;
      session = after;
      linked--;
    }
    return turned;
  }

  function fileAll(list: number): void {
    for (let session = list; session !== NONE; ) {
      const after = rows.words[session * WORDS + NEXT];
      file(session);
      session = after;
    }
  }

  function openNext(): void {
    let place = placeOf(opened);
    do {
      opened++;
      place = place + 1 === first.length ? 0 : place + 1;
    } while (first[place] === NONE);
    fileAll(detach(place));
  }

  /** Finds the next to expire among entries of sessions that have moved or gone. */
  function settle(): void {
    for (;;) {
      if (head !== NONE) {
        if (deadlineOf(head) === headAtMs && !isDead(head)) return;
        const moved = head;
        head = NONE;
        file(moved);
      } else if (atHand.size > 0) {
        headAtMs = atHand.nextAtMs;
        atHand.pop();
        head = atHand.id;
      } else if (linked > 0) {
        openNext();
      } else {
        headAtMs = Number.POSITIVE_INFINITY;
        return;
      }
    }
  }

  function widen(): void {
    settle();
    const lists = [head];
    if (head !== NONE) rows.words[head * WORDS + NEXT] = NONE;
    head = NONE;
    for (; atHand.size > 0; ) {
      atHand.pop();
      rows.words[atHand.id * WORDS + NEXT] = NONE;
      lists.push(atHand.id);
    }
    const from = placeOf(opened);
    for (let turn = 1; turn < first.length; turn++) lists.push(detach((from + turn) % first.length));
    first = new Int32Array(first.length * SESSIONS_PER_BUCKET_MAX).fill(NONE);
    bucketMs = lengthOf(first.length);
    opened = bucketOf(headAtMs);
    for (const list of lists) fileAll(list);
  }

  return {
    nextAtMs() {
      settle();
      return headAtMs;
    },
    add(session) {
      if (head === NONE && linked === 0 && atHand.size === 0) opened = bucketOf(deadlineOf(session));
      file(session);
      if (linked > first.length * SESSIONS_PER_BUCKET_MAX) widen();
    },
    take() {
      settle();
      assert(head !== NONE, "a session expires only where there is one");
      const session = head;
      head = NONE;
      headAtMs = Number.POSITIVE_INFINITY;
      return session;
    },
  };
}
