// When a session is over, and what puts its end off. How its end is told from outside: expiry-timing.ts.

import { allEnded } from "./all-ended.ts";
import {
  aliveUntil,
  deleteExpired,
  deleteExpiredIfNeeded,
  elapsed,
  foundBefore,
  goneAfter,
  overAt,
  spanOf,
} from "./expiry-timing.ts";
import type { Rule, RuleContext, Subject } from "./rule.ts";
import { Broken, Unsure } from "./rule-errors.ts";
import { describeResult, mustFind, mustHold, type Session, takeLock } from "./session-probe.ts";

const phase = "timed";
const slides =
  ".NET reference source, cacheexpires.cspp (every lookup), StateRuntime.cs (GET even when locked, PUT, HEAD); InstallSqlState.sql (Expires = now + Timeout)";
const readCannotSlide = "the client holds the session: an answer without a new cookie cannot put its end off";

export const expiryRules: readonly Rule[] = [
  {
    id: "expiry-boundary",
    title: "A session is there until just before its timeout has passed, and gone right after",
    source: ".NET reference source, cacheexpires.cspp (access after expiry removes); Redis EXPIRE",
    phase,
    exempt: ({ behaviour }) =>
      behaviour.expiry === "until-deleted"
        ? "an expired row can be had until it is deleted (see expired-deleted and expired-revives)"
        : null,
    async check(context) {
      const [before, after] = await allEnded([foundBefore(context), goneAfter(context)]);
      return `${before}, ${after}`;
    },
  },
  {
    id: "expired-deleted",
    title:
      "The deletion of expired sessions leaves one whose timeout has not quite passed and removes one whose timeout has",
    source: "InstallSqlState.sql, DeleteExpiredSessions (WHERE Expires < now)",
    phase,
    exempt: notUntilDeleted,
    async check(context) {
      const [before, after] = await allEnded([foundBefore(context), goneAfter(context)]);
      return `${before}, ${after}`;
    },
  },
  {
    id: "expired-revives",
    title:
      "An expired session that is not yet deleted is revived by whoever asks for it, and then outlives the deletion",
    source: "InstallSqlState.sql, TempGetStateItemExclusive3 (Expires is not asked)",
    phase: "alone",
    exempt: notUntilDeleted,
    async check(context) {
      const { session, subject } = context;
      const probe = session();
      const stored = await spanOf(context, () => probe.put({ n: 1 }, 1));
      await context.waitUntil(overAt(context, stored));
      const revived = await spanOf(context, () => probe.get());
      if (revived.result.item === null && !subject.ours) throw new Unsure("somebody else may have deleted it by then");
      mustHold(
        revived.result,
        { n: 1 },
        `a read ${Math.round(revived.startedAtMs - stored.endedAtMs)} ms after it was stored`,
      );
      await deleteExpired(context);
      if (context.nowMs() > aliveUntil(context, revived)) throw new Unsure("the deletion took too long");
      mustHold(await probe.get(), { n: 1 }, "a read after the deletion that followed the revival");
      return "revived, and kept by the deletion";
    },
  },
  slideRule("slide-by-read", "A read-only get", (probe) => probe.get(), { byRead: true }),
  slideRule("slide-by-exclusive-get", "An exclusive get", slideByExclusiveGet, { byRead: true }),
  slideRule("slide-by-reset", "resetItemTimeout", (probe) => probe.reset()),
  {
    ...slideRule("slide-by-set", "Writing back", async () => undefined),
    check: (context) =>
      slideOf(context, async (probe) => {
        const taken = await probe.getExclusive();
        return () => probe.set({ n: 1 }, taken.lockId, 1);
      }),
  },
  ownerRule("slide-by-release", "Releasing the lock", (probe, lockId) => probe.release(lockId)),
  ownerRule("slide-by-locked-read", "A read-only get that finds the session locked", (probe) => probe.get()),
  ownerRule("slide-by-locked-exclusive-get", "An exclusive get that finds the session locked", (probe) =>
    probe.getExclusive(),
  ),
  {
    id: "expiry-after-timeout-change",
    title: "A session whose timeout was made longer lives by the new one",
    source: "[MS-ASP], PUT Timeout; InstallSqlState.sql, TempUpdateStateItemShort (@timeout)",
    phase,
    async check(context) {
      const { subject, session, nowMs, waitUntil } = context;
      const probe = session();
      const stored = await spanOf(context, () => probe.put({ n: 1 }, 1));
      const taken = await probe.getExclusive();
      const written = await spanOf(context, () => probe.set({ n: 2 }, taken.lockId, 3));
      if (nowMs() > aliveUntil(context, stored)) throw new Unsure("the timeout had passed before it could be changed");
      await waitUntil(overAt(context, written) + subject.minuteMs / 4);
      await deleteExpiredIfNeeded(context);
      const read = await spanOf(context, () => probe.get());
      if (read.endedAtMs > aliveUntil(context, written, 3)) throw new Unsure("the read came too late");
      mustHold(read.result, { n: 2 }, `a read ${elapsed(written, read)} after the timeout was made 3 minutes`);
      return `found ${elapsed(written, read)} after the write`;
    },
  },
  {
    id: "expired-id-starts-anew",
    title: "Under the id of an expired session a new one is made, which knows nothing of the old one",
    source:
      ".NET reference source, SessionIDManager.cs (cookie mode keeps the id), InProcStateClientManager.cs (cache Add)",
    phase,
    exempt: ({ behaviour, opened }) => {
      if (opened.store.capabilities.heldByClient) return "the client holds the session, and its id with it";
      return behaviour.expiry === "exact" ? null : "an expired session may still be there and is then kept";
    },
    async check(context) {
      const { session, waitUntil } = context;
      const probe = session();
      const stored = await spanOf(context, () => probe.put({ n: 1 }, 1));
      await waitUntil(overAt(context, stored));
      await probe.createUninitialized();
      const fresh = await probe.getExclusive();
      mustHold(fresh, {}, "an exclusive get after createUninitializedItem under the id of an expired session");
      if (!fresh.initialize) throw new Broken("the new session must be marked for initialisation, and is not");
      return describeResult(fresh);
    },
  },
];

/** A store without locks may put the end off when the request ends: then the get alone is no whole touch. */
async function slideByExclusiveGet(probe: Session, { opened }: Subject): Promise<void> {
  const taken = await probe.getExclusive();
  if (taken.lockId !== null && !opened.store.capabilities.exclusiveLocks) await probe.release(taken.lockId);
}

function notUntilDeleted({ behaviour }: Subject): string | null {
  return behaviour.expiry === "until-deleted" ? null : "expired sessions are not meant to be had";
}

function slideRule(
  id: string,
  touching: string,
  touch: (probe: Session, subject: Subject) => Promise<unknown>,
  { byRead = false } = {},
): Rule {
  return {
    id,
    title: `${touching} puts the end of the session off by its whole timeout`,
    source: slides,
    phase,
    exempt: ({ opened }) => (byRead && opened.store.capabilities.heldByClient ? readCannotSlide : null),
    check: (context) => slideOf(context, async (probe) => () => touch(probe, context.subject)),
  };
}

/** As slideRule, for a touch of a session whose lock is held. */
function ownerRule(
  id: string,
  touching: string,
  touch: (probe: Session, lockId: Parameters<Session["release"]>[0]) => Promise<unknown>,
): Rule {
  return {
    ...slideRule(id, touching, async () => undefined),
    needs: "exclusive locks",
    exempt: () => null,
    check: (context) =>
      slideOf(context, async (probe) => {
        const lockId = await takeLock(probe);
        return () => touch(probe, lockId);
      }),
  };
}

/**
 * Stores a session for a minute, touches it late in that minute, and looks for it after that minute and within one of the touch.
 * @param prepare makes the session ready to be touched, and answers the touch.
 */
async function slideOf(
  context: RuleContext,
  prepare: (probe: Session) => Promise<() => Promise<unknown>>,
): Promise<string> {
  const { subject, session, nowMs, waitUntil } = context;
  const probe = session();
  const stored = await spanOf(context, () => probe.put({ n: 1 }, 1));
  const mustBeInTime = () => {
    if (nowMs() > aliveUntil(context, stored)) throw new Unsure("the session ended before it could be made ready");
  };
  const prepared = await spanOf(context, () => prepare(probe)).catch((error: unknown) => {
    mustBeInTime();
    throw error;
  });
  mustBeInTime();
  const touch = prepared.result;
  const latestMs = aliveUntil(context, prepared);
  await waitUntil(prepared.startedAtMs + (latestMs - prepared.startedAtMs) * TOUCH_AT);
  const touched = await spanOf(context, touch);
  if (touched.endedAtMs > latestMs) throw new Unsure("the touch came after the end of the session");
  const overAtMs = overAt(context, prepared);
  const aliveUntilMs = aliveUntil(context, touched);
  if (aliveUntilMs <= overAtMs) throw new Unsure("the minute is too short for this store's sense of time");
  await waitUntil(overAtMs + (aliveUntilMs - overAtMs) / 4);
  await deleteExpiredIfNeeded(context);
  const read = await spanOf(context, () => probe.get());
  if (read.endedAtMs > aliveUntilMs) throw new Unsure("the read came too late");
  const when = `${elapsed(prepared, read)} after the touch before and ${elapsed(touched, read)} after this one`;
  if (read.result.locked) return `still there ${when}`;
  mustFind(read.result, `a read ${when}, the timeout being ${subject.minuteMs} ms`);
  return `still there ${when}`;
}

/** When in the life of a session it is touched. */
const TOUCH_AT = 0.6;
