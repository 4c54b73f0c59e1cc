// One store and several web servers: they see the same sessions and locks, one may end and another begin, their clocks may differ,
// and the sessions of different applications stay apart.

import { allEnded } from "./all-ended.ts";
import { foundBefore, goneAfter } from "./expiry-timing.ts";
import type { Rule, RuleContext, Subject } from "./rule.ts";
import { Broken, NotJudged, Unsure } from "./rule-errors.ts";
import { mustBeLocked, mustBeMissing, mustHold, takeLock } from "./session-probe.ts";
import type { SkewedClient } from "./start-skewed-client.ts";
import { startSkewedClient } from "./start-skewed-client.ts";

const phase = "together";
const farm = "MSDN, Session-State Modes; .NET reference source, OutOfProcStateClientManager.cs, SqlSessionStateStore";

export const sharingRules: readonly Rule[] = [
  {
    id: "shared-sessions",
    title: "A second web server sees the sessions of the first, and the first what the second wrote",
    source: farm,
    phase,
    exempt: notShared,
    async check({ session, openAgain }) {
      const first = session();
      const second = first.through((await openAgain()).store);
      await first.put({ n: 1 });
      const taken = await second.getExclusive();
      mustHold(taken, { n: 1 }, "an exclusive get by the second server");
      await second.set({ n: 2 }, taken.lockId);
      mustHold(await first.get(), { n: 2 }, "a read by the first server after the second wrote");
      return "seen and changed from both sides";
    },
  },
  {
    id: "shared-locks",
    title: "A lock that one web server took keeps the other out, and the other can break it",
    source: farm,
    needs: "exclusive locks",
    phase,
    exempt: notShared,
    async check({ session, openAgain }) {
      const first = session();
      const second = first.through((await openAgain()).store);
      await first.put({ n: 1 });
      const owner = await takeLock(first);
      mustBeLocked(await second.getExclusive(), owner, "an exclusive get by the second server");
      await second.release(owner);
      const taken = await takeLock(second, "an exclusive get by the second server after it broke the lock");
      mustBeLocked(await first.getExclusive(), taken, "an exclusive get by the first server");
      return `lock ${owner} seen and broken, ${taken} taken`;
    },
  },
  {
    id: "survives-restart",
    title: "Sessions, and locks where there are any, outlive the web server that made them",
    source:
      "MSDN, Session-State Modes; .NET reference source, SessionStateModule.cs (a dead owner's lock stays until it is broken)",
    phase,
    exempt: ({ opened, openAgain }) =>
      opened.store.capabilities.survivesRecycle && openAgain !== null
        ? null
        : "its sessions are declared to end with their process",
    async check({ session, subject, openAgain }) {
      const before = await openAgain();
      const probe = session().through(before.store);
      await probe.put({ n: 1 });
      const taken = subject.opened.store.capabilities.exclusiveLocks ? await takeLock(probe) : null;
      await before.close();
      const after = probe.through((await openAgain()).store);
      if (taken !== null) {
        mustBeLocked(await after.getExclusive(), taken, "an exclusive get by the next server");
        await after.release(taken);
      }
      mustHold(await after.get(), { n: 1 }, "a read by the next server");
      return taken === null ? "found" : `found, still locked by ${taken}`;
    },
  },
  {
    id: "applications-apart",
    title: "Two applications that are given the same session id each have a session of their own",
    source:
      "[MS-ASP], request URI (application id); InstallSqlState.sql, ASPStateTempApplications; aspnet-redis-providers, KeyGenerator.cs",
    phase,
    exempt: (subject) => {
      const { family } = subject.behaviour;
      if (family === "lock-free" || family === "undeclared") return "nothing is laid down about applications";
      return notShared(subject);
    },
    async check({ session, openAgain }) {
      const here = session();
      const there = here.through((await openAgain({ applicationId: OTHER_APPLICATION_ID })).store);
      await here.put({ n: "here" });
      mustBeMissing(await there.get(), "a read by the other application");
      await there.put({ n: "there" });
      mustHold(await here.get(), { n: "here" }, "a read after the other application stored one under the same id");
      const taken = await there.getExclusive();
      await there.remove(taken.lockId);
      mustHold(await here.get(), { n: "here" }, "a read after the other application removed its own");
      return "apart";
    },
  },
  {
    id: "skewed-lock-age",
    title:
      "The age of a lock is told by the store's clock: a web server whose clock is an hour ahead tells and is told the truth",
    source: "[MS-ASP] LockAge; InstallSqlState.sql, TempGetStateItemExclusive3 (DATEDIFF on the server)",
    needs: "exclusive locks",
    phase: "timed",
    exempt: (subject) =>
      subject.behaviour.lockAgeClock === "web server"
        ? "the web servers' own clocks tell how old a lock is: keep them in step"
        : notShared(subject),
    check: (context) =>
      withSkewedClient(context, async (other) => {
        const { session, nowMs, waitUntil } = context;
        const ours = session();
        const theirs = session();
        await ours.put({ n: 1 });
        await theirs.put({ n: 1 });
        const beforeMs = nowMs();
        const ourLock = await takeLock(ours);
        await other.call({ operation: "getExclusive", id: theirs.id() });
        const takenMs = nowMs();
        await waitUntil(takenMs + LOCK_HELD_MS);
        const askedMs = nowMs();
        const told = await other.call({ operation: "getExclusive", id: ours.id() });
        const shown = await theirs.getExclusive();
        const held = [askedMs - takenMs - SECOND_MS, nowMs() - beforeMs + SECOND_MS] as const;
        if (told?.locked !== true || told.lockId !== ourLock)
          throw new Broken("a lock of ours is no lock to the other server");
        if (!shown.locked) throw new Broken("a lock of the other server is no lock to us");
        const ages = { "our lock, told to the other": told.lockAgeMs, "the other's lock, told to us": shown.lockAgeMs };
        for (const [which, ageMs] of Object.entries(ages)) {
          if (ageMs < held[0] || ageMs > held[1]) {
            throw new Broken(
              `${which}: held for about ${Math.round(askedMs - takenMs)} ms, saw an age of ${Math.round(ageMs)} ms`,
            );
          }
        }
        await other.call({ operation: "release", id: theirs.id(), lockId: shown.lockId ?? ourLock });
        const saw = Object.values(ages).map((ageMs) => `${Math.round(ageMs)} ms`);
        return `held for about ${Math.round(askedMs - takenMs)} ms, ages ${saw.join(" and ")}`;
      }),
  },
  {
    id: "skewed-expiry",
    title:
      "A session's end is counted by the store's clock: one stored by a web server whose clock is an hour ahead lives neither shorter nor longer",
    source: "InstallSqlState.sql (GETUTCDATE on the server); .NET reference source, StateRuntime.cs; Redis EXPIRE",
    // Where the store does count by the other's clock, the other's deletion takes the sessions of other rules with it.
    phase: "alone",
    exempt: (subject) => {
      const { expiryClock, family } = subject.behaviour;
      return expiryClock === "web server" || family === "lock-free"
        ? "it is told by the web servers' own clocks when a session ends: keep them in step"
        : notShared(subject);
    },
    check: (context) =>
      withSkewedClient(context, async (other) => {
        const { minuteMs } = context.subject;
        const put = async (probe: { id(): string }) => {
          await other.call({ operation: "put", id: probe.id(), timeoutMs: minuteMs });
        };
        const [before, after, seen] = await allEnded([
          foundBefore(context, put),
          goneAfter(context, put),
          seenByOther(context, other),
        ]);
        return `${before}, ${after}, ${seen}`;
      }),
  },
  {
    id: "census",
    title: "The count of what is stored goes up with sessions that are stored and down with those that are removed",
    source: "[MS-ASP] service, counter State Server Sessions Active; SELECT COUNT(*) FROM ASPStateTempSessions",
    phase: "alone",
    exempt: ({ opened }) => (opened.store.census === undefined ? "it cannot count its sessions" : null),
    async check({ session, subject }) {
      const census = async () => (await subject.opened.store.census?.()) ?? { stored: 0, live: null, bytes: null };
      const probes = Array.from({ length: COUNTED }, () => session());
      for (const probe of probes) await probe.put({ n: 1 });
      const full = await census();
      if (full.stored < COUNTED)
        throw new Broken(`with ${COUNTED} sessions: expected ${COUNTED} or more, saw ${full.stored} stored`);
      if (full.live !== null && (full.live < COUNTED || full.live > full.stored)) {
        throw new Broken(`with ${COUNTED} live sessions and ${full.stored} stored: saw ${full.live} live`);
      }
      for (const probe of probes) await probe.remove((await probe.getExclusive()).lockId);
      if (!subject.ours) return `${full.stored} stored, ours among them; others may come and go`;
      const rest = await census();
      if (rest.stored > full.stored - COUNTED) {
        throw new Broken(
          `after ${COUNTED} of ${full.stored} were removed: expected ${full.stored - COUNTED}, saw ${rest.stored} stored`,
        );
      }
      return `${full.stored} stored, ${rest.stored} after ${COUNTED} were removed`;
    },
  },
];

/** Always the same: a SQL store keeps a row for each application that ever used it. */
const OTHER_APPLICATION_ID = "/LM/W3SVC/1/ROOT/sessionlab-other";
const COUNTED = 5;
const SECOND_MS = 1_000;
const LOCK_HELD_MS = 1_300;

function notShared({ opened, openAgain }: Subject): string | null {
  return opened.store.capabilities.sharedBetweenServers && openAgain !== null
    ? null
    : "it is declared to belong to one web server";
}

async function withSkewedClient(
  context: RuleContext,
  check: (other: SkewedClient) => Promise<string>,
): Promise<string> {
  const { settings } = context.subject;
  if (settings === null) throw new NotJudged("no other process can open this store");
  const other = await startSkewedClient(settings);
  try {
    return await check(other);
  } finally {
    other.stop();
  }
}

/** A session of ours, halfway through its minute, is there for the server whose clock says that it ended long ago. */
async function seenByOther({ session, subject, nowMs, waitUntil }: RuleContext, other: SkewedClient): Promise<string> {
  const probe = session();
  const startedAtMs = nowMs();
  await probe.put({ n: 1 }, 1);
  await waitUntil(startedAtMs + subject.minuteMs / 2);
  if (subject.mayDelete) await other.call({ operation: "deleteExpired" });
  const seen = await other.call({ operation: "get", id: probe.id() });
  if (nowMs() > startedAtMs + subject.minuteMs * 0.95 - subject.behaviour.grainMs)
    throw new Unsure("the other server was too slow");
  if (seen?.found !== true)
    throw new Broken("half a minute after it was stored: expected the other server to find it, saw nothing");
  return "seen by the other";
}
