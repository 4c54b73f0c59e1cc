// What polling alone makes of the lock waits: of n requests at once the first finds the session free, and at each beat one more of those
// that wait gets it, as long as a page holds it much shorter than a beat. So the k-th waits k beats.
// Source: .NET reference source, SessionStateModule.cs: a locked session is looked at again each LOCKED_ITEM_POLLING_INTERVAL.

import type { ClosedForm } from "../../../metrics/run-result.ts";
import type { LockStep } from "../../../metrics/study.ts";

export interface LockTimes {
  /** null: the site does not poll. */
  readonly pollMs: number | null;
  readonly holdMs: number | null;
}

/** A tick less than this after the last try is skipped, so that shorter polls beat otherwise. */
const BEAT_MS_MIN = 250;
const HOLD_SHARE_MAX = 0.5;

/** The longest wait of a step; null where something else than polling had its hand in them. */
export function longestLockWaitForm(step: LockStep, { pollMs, holdMs }: LockTimes): ClosedForm | null {
  const { concurrency, rounds, requests, completed, waits } = step;
  if (pollMs === null || holdMs === null || pollMs < BEAT_MS_MIN || holdMs > HOLD_SHARE_MAX * pollMs) return null;
  if (waits === null || completed !== rounds * concurrency || requests !== completed) return null;
  const waiting = concurrency - 1;
  const value = waiting * pollMs;
  const sum = `${waiting} × ${pollMs} ms = ${value} ms, the last of ${waiting} waiting`;
  return { value, name: "one a poll", sum };
}
