// The lock as time passes: how old it is said to be, and whether it ends by itself.

import type { Rule } from "./rule.ts";
import { Broken } from "./rule-errors.ts";
import { mustBeLocked, mustFind, takeLock } from "./session-probe.ts";

const needs = "exclusive locks";

export const lockTimeRules: readonly Rule[] = [
  {
    id: "lock-age",
    title: "The lock age that a waiter is shown grows with real time, to within a second",
    source:
      ".NET reference source, SessionStateModule.cs (lockAge against executionTimeout); [MS-ASP] LockAge, whole seconds",
    needs,
    phase: "timed",
    async check({ session, nowMs, waitUntil }) {
      const probe = session();
      await probe.put({ n: 1 });
      const beforeMs = nowMs();
      const lockId = await takeLock(probe);
      const takenMs = nowMs();
      await waitUntil(takenMs + LOCK_HELD_MS);
      const askedMs = nowMs();
      const shown = await probe.getExclusive();
      const answeredMs = nowMs();
      mustBeLocked(shown, lockId, "an exclusive get while the lock is held");
      const least = askedMs - takenMs - SECOND_MS;
      const most = answeredMs - beforeMs + SECOND_MS;
      const held = `held for ${Math.round(askedMs - takenMs)} to ${Math.round(answeredMs - beforeMs)} ms`;
      const saw = `saw ${Math.round(shown.lockAgeMs)} ms`;
      if (shown.lockAgeMs < least || shown.lockAgeMs > most) throw new Broken(`lock age: ${held}, ${saw}`);
      return `${held}, ${saw}`;
    },
  },
  {
    id: "lock-lasts",
    title: "A lock does not end by itself, however old: only a waiter breaks it",
    source:
      ".NET reference source, SessionStateModule.cs, PollLockedSession; InProcStateClientManager.cs, StateRuntime.cs",
    needs,
    phase: "timed",
    exempt: ({ behaviour }) =>
      behaviour.locksExpire === true ? "its locks are meant to end by themselves" : undeclaredLocks(behaviour),
    async check({ session, subject, nowMs, waitUntil }) {
      const probe = session();
      await probe.put({ n: 1 });
      const lockId = await takeLock(probe);
      const takenMs = nowMs();
      await waitUntil(takenMs + subject.executionTimeoutMs + SECOND_MS);
      const shown = await probe.getExclusive();
      const ageMs = Math.round(nowMs() - takenMs);
      mustBeLocked(shown, lockId, `an exclusive get ${ageMs} ms after the lock was taken`);
      return `still locked after ${ageMs} ms`;
    },
  },
  {
    id: "lock-ends-by-itself",
    title: "A lock ends by itself at the execution timeout, and not before",
    source: "Azure/aspnet-redis-providers, RedisSessionStateConnectionWrapper.cs (SETNX, EXPIRE requestTimeout)",
    needs,
    phase: "timed",
    exempt: ({ behaviour }) => (behaviour.locksExpire === true ? null : "its locks are not meant to end by themselves"),
    async check({ session, subject, nowMs, waitUntil }) {
      const probe = session();
      await probe.put({ n: 1 });
      const beforeMs = nowMs();
      const lockId = await takeLock(probe);
      const takenMs = nowMs();
      await waitUntil(beforeMs + subject.executionTimeoutMs / 2);
      const early = await probe.getExclusive();
      if (nowMs() < beforeMs + subject.executionTimeoutMs - SECOND_MS) {
        mustBeLocked(early, lockId, "an exclusive get halfway to the execution timeout");
      }
      await waitUntil(takenMs + subject.executionTimeoutMs + SECOND_MS);
      mustFind(await probe.getExclusive(), "an exclusive get a second after the execution timeout");
      return `locked at half of ${subject.executionTimeoutMs} ms, free a second after`;
    },
  },
];

const SECOND_MS = 1_000;
/** Long enough for an age in whole seconds to show. */
const LOCK_HELD_MS = 1_300;

function undeclaredLocks({ locksExpire, family }: { locksExpire: boolean | null; family: string }): string | null {
  return locksExpire === null && family !== "lock-free" ? "nothing is laid down about the end of its locks" : null;
}
