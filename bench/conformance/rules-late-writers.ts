// What becomes of the owner whose lock a waiter broke, and who comes back all the same. Once another has taken the lock he is
// ignored everywhere. Before that, the providers differ: it depends on whether they look at the lock or only at its id.

import type { LockId } from "../providers/session-store.ts";
import type { Rule, RuleContext, Subject } from "./rule.ts";
import { Broken } from "./rule-errors.ts";
import { describeResult, mustBeLocked, mustFind, mustHold, type Session, takeLock } from "./session-probe.ts";

const needs = "exclusive locks";
const phase = "together";

const beforeTaken =
  ".NET reference source, InProcStateClientManager.cs (not locked: ignored), StateRuntime.cs (PUT and DELETE on an unlocked item); InstallSqlState.sql (WHERE LockCookie, Locked not asked)";
const afterTaken =
  ".NET reference source, InProcStateClientManager.cs, OutOfProcStateClientManager.cs (423 ignored); InstallSqlState.sql (0 rows)";

export const lateWriterRules: readonly Rule[] = [
  {
    id: "late-write-before-taken",
    title:
      "An owner whose lock was broken, and not yet taken by another, writes: it lands or is ignored as in the store it stands for",
    source: beforeTaken,
    needs,
    phase,
    exempt: unlaidDown,
    async check({ session, subject }) {
      const { probe, owner } = await brokenLock(session);
      await probe.set({ n: "late" }, owner);
      const lands = subject.behaviour.lateWriter === "lands";
      mustHold(await probe.get(), { n: lands ? "late" : 1 }, `a read after the late write, which ${expected(subject)}`);
      return lands ? "the late write landed" : "the late write was ignored";
    },
  },
  {
    id: "late-remove-before-taken",
    title:
      "An owner whose lock was broken, and not yet taken by another, removes: it lands or is ignored as in the store it stands for",
    source: beforeTaken,
    needs,
    phase,
    exempt: unlaidDown,
    async check({ session, subject }) {
      const { probe, owner } = await brokenLock(session);
      await probe.remove(owner);
      const read = await probe.get();
      const lands = subject.behaviour.lateWriter === "lands";
      if (lands !== (read.item === null)) {
        throw new Broken(`a read after the late removal, which ${expected(subject)}: saw ${describeResult(read)}`);
      }
      return lands ? "the late removal landed" : "the late removal was ignored";
    },
  },
  {
    id: "late-write-after-taken",
    title:
      "An owner whose lock was broken and taken by another writes: ignored, and the new owner's lock and state stand",
    source: afterTaken,
    needs,
    phase,
    check: ({ session }) => overtaken(session, (probe, owner) => probe.set({ n: "late" }, owner), "write"),
  },
  {
    id: "late-release-after-taken",
    title: "An owner whose lock was broken and taken by another releases: ignored, and the new owner's lock stands",
    source: afterTaken,
    needs,
    phase,
    check: ({ session }) => overtaken(session, (probe, owner) => probe.release(owner), "release"),
  },
  {
    id: "late-remove-after-taken",
    title: "An owner whose lock was broken and taken by another removes: ignored, and the session is still there",
    source: afterTaken,
    needs,
    phase,
    check: ({ session }) => overtaken(session, (probe, owner) => probe.remove(owner), "removal"),
  },
];

function unlaidDown({ behaviour }: Subject): string | null {
  return behaviour.lateWriter === null && behaviour.family !== "lock-free" ? "nothing is laid down about it" : null;
}

function expected({ behaviour }: Subject): string {
  return behaviour.lateWriter === "lands" ? "must land" : "must be ignored";
}

async function brokenLock(session: RuleContext["session"]): Promise<{ probe: Session; owner: LockId }> {
  const probe = session();
  await probe.put({ n: 1 });
  const owner = await takeLock(probe);
  await probe.release(owner);
  return { probe, owner };
}

async function overtaken(
  session: RuleContext["session"],
  act: (probe: Session, owner: LockId) => Promise<unknown>,
  what: string,
): Promise<string> {
  const { probe, owner } = await brokenLock(session);
  const newOwner = await takeLock(probe);
  await act(probe, owner);
  mustBeLocked(await probe.getExclusive(), newOwner, `an exclusive get after the late ${what} with lock id ${owner}`);
  await probe.set({ n: "new owner" }, newOwner);
  mustHold(await probe.get(), { n: "new owner" }, `a read after the late ${what} and the new owner's write`);
  mustFind(await probe.getExclusive(), "an exclusive get after the new owner's write");
  return `the ${what} of lock ${owner} did nothing to lock ${newOwner}`;
}
