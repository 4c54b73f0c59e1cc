// What may be written over what, the mark of a session that nobody has read yet, and removal.

import type { Rule } from "./rule.ts";
import { Broken } from "./rule-errors.ts";
import { describeResult, mustBeLocked, mustBeMissing, mustFind, mustHold, takeLock } from "./session-probe.ts";

const phase = "together";
const inserts =
  ".NET reference source, InProcStateClientManager.cs (cache Add), StateRuntime.cs (ExtraFlags 1: nothing done); InstallSqlState.sql, TempInsertUninitializedItem (2627 ignored)";
const heldByClient = "the client holds the session: there is nothing in the store to mark or to remove";

export const overwritingRules: readonly Rule[] = [
  {
    id: "new-is-found",
    title:
      "A session stored as new is there at once, with its state and its timeout, unlocked and not marked for initialisation",
    source: ".NET reference source, SessionStateStoreProviderBase.cs, SetAndReleaseItemExclusive (newItem)",
    phase,
    async check({ session, subject }) {
      const probe = session();
      await probe.put({ n: 1, name: "Ed" }, STORED_MINUTES);
      const read = await probe.get();
      mustHold(read, { n: 1, name: "Ed" }, "a read after it was stored");
      if (read.initialize) throw new Broken("a stored session must not be marked for initialisation, but is");
      const timeoutMs = read.item?.timeoutMs ?? null;
      const wanted = STORED_MINUTES * subject.minuteMs;
      if (timeoutMs !== wanted) throw new Broken(`timeout: expected ${wanted} ms, saw ${timeoutMs} ms`);
      return `${describeResult(read)}, timeout ${STORED_MINUTES} min`;
    },
  },
  {
    id: "set-replaces-whole-state",
    title: "Writing back replaces the whole state: what the page removed is gone",
    source: ".NET reference source, OutOfProcSessionStateStore.cs (the whole session is serialised)",
    phase,
    async check({ session }) {
      const probe = session();
      await probe.put({ a: 1, b: 2 });
      const taken = await probe.getExclusive();
      mustHold(taken, { a: 1, b: 2 }, "the exclusive get");
      await probe.set({ b: 3, c: 4 }, taken.lockId);
      mustHold(await probe.get(), { b: 3, c: 4 }, "a read after the write");
      return "items added, changed and removed";
    },
  },
  {
    id: "timeout-changes-with-set",
    title: "A timeout that the page changed is stored with the state, and the lock is given up all the same",
    source:
      ".NET reference source, InProcStateClientManager.cs, StateRuntime.cs (another timeout: new entry); InstallSqlState.sql (Timeout = @timeout)",
    phase,
    async check({ session, subject }) {
      const probe = session();
      await probe.put({ n: 1 }, STORED_MINUTES);
      const taken = await probe.getExclusive();
      await probe.set({ n: 2 }, taken.lockId, STORED_MINUTES * 2);
      const again = await probe.getExclusive();
      mustHold(again, { n: 2 }, "an exclusive get after the write with another timeout");
      const timeoutMs = again.item?.timeoutMs ?? null;
      const wanted = STORED_MINUTES * 2 * subject.minuteMs;
      if (timeoutMs !== wanted) throw new Broken(`timeout: expected ${wanted} ms, saw ${timeoutMs} ms`);
      return `from ${STORED_MINUTES} to ${STORED_MINUTES * 2} min`;
    },
  },
  {
    id: "create-never-overwrites",
    title: "createUninitializedItem leaves a session that is there as it is",
    source: inserts,
    phase,
    exempt: ({ opened }) => (opened.store.capabilities.heldByClient ? heldByClient : null),
    async check({ session }) {
      const probe = session();
      await probe.put({ n: 1 });
      await probe.createUninitialized();
      const read = await probe.get();
      mustHold(read, { n: 1 }, "a read after createUninitializedItem");
      if (read.initialize) throw new Broken("the session is marked for initialisation again, and must not be");
      return describeResult(read);
    },
  },
  {
    id: "create-leaves-lock",
    title: "createUninitializedItem leaves a locked session locked by the same lock",
    source: inserts,
    needs: "exclusive locks",
    phase,
    async check({ session }) {
      const probe = session();
      await probe.put({ n: 1 });
      const lockId = await takeLock(probe);
      await probe.createUninitialized();
      mustBeLocked(await probe.getExclusive(), lockId, "an exclusive get after createUninitializedItem");
      await probe.set({ n: 2 }, lockId);
      mustHold(await probe.get(), { n: 2 }, "a read after the owner's write");
      return `lock ${lockId} stood`;
    },
  },
  {
    id: "put-on-existing",
    title:
      "A session stored as new under an id that is taken replaces the other or is ignored, as in the store it stands for",
    source:
      ".NET reference source, InProcStateClientManager.cs (cache Insert), StateRuntime.cs (PUT replaces), SqlSessionStateStore (2627 ignored)",
    phase,
    exempt: ({ behaviour, opened }) =>
      opened.store.capabilities.heldByClient
        ? heldByClient
        : behaviour.putOnExisting === null
          ? "nothing is laid down about it"
          : null,
    async check({ session, subject }) {
      const probe = session();
      await probe.put({ n: 1 });
      await probe.put({ n: 2 });
      const replaces = subject.behaviour.putOnExisting === "replaces";
      mustHold(await probe.get(), { n: replaces ? 2 : 1 }, "a read after it was stored as new twice");
      return replaces ? "the second replaced the first" : "the second was ignored";
    },
  },
  {
    id: "put-on-locked",
    title: "A session stored as new over a locked one replaces it or is ignored, as in the store it stands for",
    source:
      ".NET reference source, InProcStateClientManager.cs (cache Insert), StateRuntime.cs (423), SqlSessionStateStore (2627 ignored)",
    needs: "exclusive locks",
    phase,
    exempt: ({ behaviour }) =>
      behaviour.putOnLocked === null && behaviour.family !== "lock-free" ? "nothing is laid down about it" : null,
    async check({ session, subject }) {
      const probe = session();
      await probe.put({ n: 1 });
      const lockId = await takeLock(probe);
      await probe.put({ n: 2 });
      if (subject.behaviour.putOnLocked === "keeps") {
        mustBeLocked(await probe.getExclusive(), lockId, "an exclusive get after another stored it as new");
        await probe.release(lockId);
        mustHold(await probe.get(), { n: 1 }, "a read after the release");
        return "ignored; the lock stood";
      }
      await probe.release(lockId);
      mustHold(await probe.get(), { n: 2 }, "a read after another stored it as new");
      return "replaced";
    },
  },
  {
    id: "uninitialised-once-exclusive",
    title: "The first exclusive get of an uninitialised session says so, and no later get does",
    source: ".NET reference source, StateRuntime.cs (ActionFlags: 1); InstallSqlState.sql, TempGetStateItemExclusive3",
    phase,
    exempt: ({ opened }) => (opened.store.capabilities.heldByClient ? heldByClient : null),
    async check({ session, subject }) {
      const probe = session();
      await probe.createUninitialized(STORED_MINUTES);
      const first = await probe.getExclusive();
      mustHold(first, {}, "the first exclusive get after createUninitializedItem");
      if (!first.initialize) throw new Broken("the first exclusive get must say that it is uninitialised, and did not");
      const wanted = STORED_MINUTES * subject.minuteMs;
      if (first.item?.timeoutMs !== wanted)
        throw new Broken(`timeout: expected ${wanted} ms, saw ${first.item?.timeoutMs} ms`);
      if (first.lockId !== null) await probe.release(first.lockId);
      for (const get of [probe.getExclusive, probe.get]) {
        const later = await get();
        if (later.initialize)
          throw new Broken(`a later get must not say that it is uninitialised; saw ${describeResult(later)}`);
      }
      return "said once";
    },
  },
  {
    id: "uninitialised-once-read",
    title: "A read-only first get of an uninitialised session says so too, and then no exclusive get does",
    source:
      ".NET reference source, StateRuntime.cs (cleared by the first GET of any kind); InstallSqlState.sql, TempGetStateItem3",
    phase,
    exempt: ({ opened }) => (opened.store.capabilities.heldByClient ? heldByClient : null),
    async check({ session }) {
      const probe = session();
      await probe.createUninitialized();
      const first = await probe.get();
      mustHold(first, {}, "the first read after createUninitializedItem");
      if (!first.initialize) throw new Broken("the first read must say that it is uninitialised, and did not");
      for (const get of [probe.get, probe.getExclusive]) {
        const later = await get();
        mustFind(later, "a later get");
        if (later.initialize)
          throw new Broken(`a later get must not say that it is uninitialised; saw ${describeResult(later)}`);
      }
      return "said once";
    },
  },
  {
    id: "owner-removes",
    title: "The owner of the lock removes the session: it is gone, and the removal says so",
    source:
      ".NET reference source, SessionStateStoreProviderBase.cs, RemoveItem; InstallSqlState.sql, TempRemoveStateItem",
    phase,
    exempt: ({ opened }) => (opened.store.capabilities.heldByClient ? heldByClient : null),
    async check({ session }) {
      const probe = session();
      await probe.put({ n: 1 });
      const taken = await probe.getExclusive();
      mustFind(taken, "the exclusive get");
      if (!(await probe.remove(taken.lockId)))
        throw new Broken("the removal must say that a session was removed, and did not");
      mustBeMissing(await probe.get(), "a read after the removal");
      mustBeMissing(await probe.getExclusive(), "an exclusive get after the removal");
      if (await probe.remove(taken.lockId))
        throw new Broken("a second removal must say that nothing was removed, and did not");
      return "gone";
    },
  },
  {
    id: "removed-id-starts-anew",
    title: "After a removal the id can be used for a new session, which knows nothing of the old one",
    source: ".NET reference source, SessionIDManager.cs (cookie mode keeps the id); SessionStateModule.cs",
    phase,
    exempt: ({ opened }) => (opened.store.capabilities.heldByClient ? heldByClient : null),
    async check({ session }) {
      const probe = session();
      await probe.put({ n: 1 });
      await probe.remove((await probe.getExclusive()).lockId);
      await probe.createUninitialized();
      const fresh = await probe.getExclusive();
      mustHold(fresh, {}, "an exclusive get of the new session");
      if (!fresh.initialize) throw new Broken("the new session must be marked for initialisation, and is not");
      return describeResult(fresh);
    },
  },
];

const STORED_MINUTES = 600;
