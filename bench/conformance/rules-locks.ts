// The exclusive lock of a session: who is kept out, who may end it, and that nobody else can.

import type { LockId } from "../providers/session-store.ts";
import type { Rule } from "./rule.ts";
import { Broken } from "./rule-errors.ts";
import { describeResult, mustBeLocked, mustHold, type Session, takeLock } from "./session-probe.ts";

const needs = "exclusive locks";
const phase = "together";
const providerBase = ".NET reference source, SessionStateStoreProviderBase.cs";
const ignoredStrangers =
  ".NET reference source, InProcStateClientManager.cs; [MS-ASP], 423 Locked; InstallSqlState.sql, WHERE LockCookie";

/** Lock ids that no store gives out: each must be met with nothing at all, or with an error, but never with the owner's rights. */
const absurdLockIds: readonly LockId[] = [
  0,
  -1,
  1.5,
  2 ** 31,
  2 ** 53,
  Number.NaN,
  "",
  "0",
  "no such lock",
  "9".repeat(400),
];

export const lockRules: readonly Rule[] = [
  {
    id: "lock-excludes",
    title:
      "While one request holds the lock, an exclusive get by another is told that the session is locked, since when and by which lock",
    source: `${providerBase}; InProcStateClientManager.cs, DoGet`,
    needs,
    phase,
    async check({ session }) {
      const probe = session();
      await probe.put({ n: 1 });
      const lockId = await takeLock(probe);
      const second = await probe.getExclusive();
      mustBeLocked(second, lockId, "a third exclusive get");
      if (second.lockAgeMs < 0) throw new Broken(`lock age: expected 0 or more, saw ${describeResult(second)}`);
      return describeResult(second);
    },
  },
  {
    id: "reader-sees-lock",
    title: "A read-only request finds a locked session locked, and is not given its state",
    source: `${providerBase}; SessionStateModule.cs, GetSessionStateItem`,
    needs,
    phase,
    async check({ session }) {
      const probe = session();
      await probe.put({ n: 1 });
      const lockId = await takeLock(probe);
      const read = await probe.get();
      mustBeLocked(read, lockId, "a read while another holds the lock");
      return describeResult(read);
    },
  },
  {
    id: "reader-takes-no-lock",
    title: "A read-only request takes no lock: neither readers nor a writer wait for it",
    source: `${providerBase}; SessionStateModule.cs, GetSessionStateItem`,
    phase,
    async check({ session }) {
      const probe = session();
      await probe.put({ n: 1 });
      mustHold(await probe.get(), { n: 1 }, "a first read");
      mustHold(await probe.get(), { n: 1 }, "a second read, the first not ended");
      mustHold(await probe.getExclusive(), { n: 1 }, "an exclusive get, two reads not ended");
      return "two reads and an exclusive get, all given the session";
    },
  },
  {
    id: "first-lock-id",
    title: "The first lock on a new session has id 2, and each further taking counts one up",
    source:
      ".NET reference source, InProcStateClientManager.cs, StateRuntime.cs; InstallSqlState.sql (LockCookie starts at 1)",
    needs,
    phase,
    exempt: ({ behaviour }) =>
      behaviour.firstLockId === null && behaviour.family !== "lock-free" ? "its lock ids are opaque" : null,
    async check({ session, subject }) {
      const probe = session();
      await probe.put({ n: 1 });
      const seen: LockId[] = [];
      for (let turn = 0; turn < 3; turn++) {
        const lockId = await takeLock(probe);
        seen.push(lockId);
        await probe.release(lockId);
      }
      const first = subject.behaviour.firstLockId ?? 2;
      const expected = [first, first + 1, first + 2].join(", ");
      if (seen.join(", ") !== expected) throw new Broken(`lock ids: expected ${expected}, saw ${seen.join(", ")}`);
      return `lock ids ${expected}`;
    },
  },
  {
    id: "lock-id-changes",
    title: "Each taking of the lock has an id of its own, whether the one before ended by release or by writing back",
    source: ".NET reference source, InProcStateClientManager.cs (lockCookie++); RedisSessionStateProvider, lock ids",
    needs,
    phase,
    async check({ session }) {
      const probe = session();
      await probe.put({ n: 1 });
      const seen: LockId[] = [];
      for (let turn = 0; turn < 6; turn++) {
        const lockId = await takeLock(probe);
        if (seen.includes(lockId))
          throw new Broken(`lock ids: expected each once, saw ${[...seen, lockId].join(", ")}`);
        seen.push(lockId);
        if (turn % 2 === 0) await probe.release(lockId);
        else await probe.set({ n: turn }, lockId);
      }
      return `lock ids ${seen.join(", ")}`;
    },
  },
  {
    id: "release-frees",
    title: "Releasing gives the lock up and leaves the state as it was",
    source: `${providerBase}; InstallSqlState.sql, TempReleaseStateItemExclusive`,
    needs,
    phase,
    async check({ session }) {
      const probe = session();
      await probe.put({ n: 1 });
      await probe.release(await takeLock(probe));
      mustHold(await probe.get(), { n: 1 }, "a read after the release");
      mustHold(await probe.getExclusive(), { n: 1 }, "an exclusive get after the release");
      return "read and locked again after the release";
    },
  },
  {
    id: "set-frees",
    title: "Writing back stores the state and gives the lock up in one step",
    source: `${providerBase}; InstallSqlState.sql, TempUpdateStateItemShort (Locked = 0)`,
    needs,
    phase,
    async check({ session }) {
      const probe = session();
      await probe.put({ n: 1 });
      await probe.set({ n: 2 }, await takeLock(probe));
      mustHold(await probe.get(), { n: 2 }, "a read after the write");
      mustHold(await probe.getExclusive(), { n: 2 }, "an exclusive get after the write");
      return "read and locked again after the write";
    },
  },
  {
    id: "release-by-stranger",
    title: "A release with any lock id but the current one changes nothing",
    source: ignoredStrangers,
    needs,
    phase,
    check: ({ session }) => strangers(session(), (probe, lockId) => probe.release(lockId), "release"),
  },
  {
    id: "set-by-stranger",
    title: "A write with any lock id but the current one changes nothing",
    source: ignoredStrangers,
    needs,
    phase,
    check: ({ session }) => strangers(session(), (probe, lockId) => probe.set({ n: "stranger" }, lockId), "write"),
  },
  {
    id: "remove-by-stranger",
    title: "A removal with any lock id but the current one changes nothing",
    source: ignoredStrangers,
    needs,
    phase,
    check: ({ session }) => strangers(session(), (probe, lockId) => probe.remove(lockId), "removal"),
  },
  {
    id: "lock-break",
    title: "A waiter breaks a lock by releasing it with the id it was shown; the next taking has a new id",
    source: ".NET reference source, SessionStateModule.cs, PollLockedSession",
    needs,
    phase,
    async check({ session }) {
      const probe = session();
      await probe.put({ n: 1 });
      const owner = await takeLock(probe);
      const shown = await probe.getExclusive();
      mustBeLocked(shown, owner, "the waiter's exclusive get");
      await probe.release(shown.lockId ?? owner);
      const waiter = await takeLock(probe, "the waiter's exclusive get after it broke the lock");
      if (waiter === owner) throw new Broken(`lock id after a break: expected another than ${owner}, saw ${waiter}`);
      return `lock ${owner} broken, ${waiter} taken`;
    },
  },
];

/** Every wrong id is tried, and after each the lock and the state must be what they were. An error is as good as silence. */
async function strangers(
  probe: Session,
  act: (probe: Session, lockId: LockId) => Promise<unknown>,
  what: string,
): Promise<string> {
  await probe.put({ n: 1 });
  const former = await takeLock(probe);
  await probe.release(former);
  const lockId = await takeLock(probe);
  const next = typeof lockId === "number" ? lockId + 1 : `${lockId}0`;
  const wrong = [former, next, ...absurdLockIds];
  for (const stranger of wrong) {
    await act(probe, stranger).catch((error: unknown) => {
      if (!(error instanceof Broken)) throw error;
    });
    const when = `an exclusive get after a ${what} with lock id ${JSON.stringify(stranger).slice(0, 20)}, the lock being ${lockId}`;
    mustBeLocked(await probe.getExclusive(), lockId, when);
  }
  await probe.release(lockId);
  mustHold(await probe.get(), { n: 1 }, `a read after ${wrong.length} ${what}s by strangers`);
  return `${wrong.length} wrong lock ids, none had an effect`;
}
