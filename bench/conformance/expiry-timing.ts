// The end of a session, seen from outside. Nothing here trusts a timer: the start and the end of each call are measured, the moments
// between which the store may have counted follow from them, and where the machine was too slow for an answer to mean anything the
// check says so instead of failing.

import type { RuleContext } from "./rule.ts";
import { NotJudged, Unsure } from "./rule-errors.ts";
import { mustBeMissing, mustHold, type Session } from "./session-probe.ts";

/** The moments between which a call was under way, and so between which the store must have counted. */
export interface Span<T> {
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly result: T;
}

export async function spanOf<T>({ nowMs }: RuleContext, call: () => Promise<T>): Promise<Span<T>> {
  const startedAtMs = nowMs();
  const result = await call();
  return { startedAtMs, endedAtMs: nowMs(), result };
}

export function elapsed(from: Span<unknown>, to: Span<unknown>): string {
  return `${Math.round(to.startedAtMs - from.endedAtMs)} ms`;
}

/** A session last touched by that call must be found by any call that ends before this moment. */
export function aliveUntil({ subject }: RuleContext, { startedAtMs }: Span<unknown>, timeoutMinutes = 1): number {
  const { earlyMinutes, grainMs } = subject.behaviour;
  return startedAtMs + (timeoutMinutes - earlyMinutes) * subject.minuteMs - grainMs;
}

/** A session last touched by that call, with a timeout of a minute, must be over for any call that starts after this moment. */
export function overAt({ subject }: RuleContext, { endedAtMs }: Span<unknown>): number {
  return endedAtMs + subject.minuteMs + subject.behaviour.grainMs;
}

/** When in the life of a session it is looked for before its end: late, but with room for a slow answer. */
const JUST_BEFORE = 0.88;

type Put = (probe: Session) => Promise<void>;
const putHere: Put = (probe) => probe.put({ n: 1 }, 1);

/** A call that starts up to so much of a minute after the end still says something about when the end was. */
const RIGHT_AFTER_MINUTES = 0.15;

/** @param put stores the session for a minute, as a web server of the caller's choice. */
export async function foundBefore(context: RuleContext, put: Put = putHere): Promise<string> {
  const probe = context.session();
  const stored = await spanOf(context, () => put(probe));
  const latestMs = aliveUntil(context, stored);
  await context.waitUntil(stored.startedAtMs + (latestMs - stored.startedAtMs) * JUST_BEFORE);
  await deleteExpiredIfNeeded(context);
  const read = await spanOf(context, () => probe.get());
  if (read.endedAtMs > latestMs) throw new Unsure("the read before the end came after it");
  mustHold(read.result, { n: 1 }, `a read ${elapsed(stored, read)} after it was stored with ${minute(context)}`);
  return `there after ${elapsed(stored, read)}`;
}

/** As foundBefore. */
export async function goneAfter(context: RuleContext, put: Put = putHere): Promise<string> {
  const { behaviour, minuteMs } = context.subject;
  const probe = context.session();
  const stored = await spanOf(context, () => put(probe));
  const overAtMs = overAt(context, stored);
  await context.waitUntil(overAtMs);
  await deleteExpiredIfNeeded(context);
  const read = await spanOf(context, () => probe.get());
  if (behaviour.expiry === null && read.result.item !== null) {
    return `kept after ${elapsed(stored, read)} (either is right: nothing is declared)`;
  }
  mustBeMissing(read.result, `a read ${elapsed(stored, read)} after it was stored with ${minute(context)}`);
  if (read.startedAtMs > overAtMs + RIGHT_AFTER_MINUTES * minuteMs)
    throw new Unsure("the read after the end came late");
  return `gone after ${elapsed(stored, read)} of ${minuteMs} ms`;
}

function minute({ subject }: RuleContext): string {
  return `a timeout of 1 minute (${subject.minuteMs} ms)`;
}

/** Where readers do not ask whether a session is over, the deletion does. */
export async function deleteExpiredIfNeeded(context: RuleContext): Promise<void> {
  if (context.subject.behaviour.expiry === "until-deleted") await deleteExpired(context);
}

export async function deleteExpired({ subject }: RuleContext): Promise<void> {
  const { deleteExpired: job } = subject.opened;
  if (job === undefined) throw new NotJudged("the store has no deletion of expired sessions that could be started");
  if (!subject.mayDelete) {
    throw new NotJudged(
      "starting the deletion of expired sessions would remove other people's: allow it with --delete-expired",
    );
  }
  await job();
}
