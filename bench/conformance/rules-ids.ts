// Session ids: unknown ones do no harm, similar ones are different ones, and whatever an id manager may give out is an id.

import type { GetResult } from "../providers/session-store.ts";
import type { Rule, Subject } from "./rule.ts";
import { Broken } from "./rule-errors.ts";
import { describeResult, mustBeMissing, mustHold } from "./session-probe.ts";

const phase = "together";

export const idRules: readonly Rule[] = [
  {
    id: "unknown-id",
    title:
      "Under an unknown id there is nothing, not even a lock; releasing, removing and touching it do nothing and are no error",
    source:
      ".NET reference source, StateRuntime.cs (404), OutOfProcStateClientManager.cs (404 ignored); InstallSqlState.sql (0 rows)",
    phase,
    async check({ session }) {
      const probe = session();
      const look = async (when: string) => {
        for (const get of [probe.get, probe.getExclusive]) mustBeNothing(await get(), when);
      };
      await look("a get of an unknown id");
      await probe.reset();
      await look("a get after resetItemTimeout of an unknown id");
      await probe.release(2);
      await look("a get after a release under an unknown id");
      if (await probe.remove(2))
        throw new Broken("the removal of an unknown id must say that nothing was removed, and did not");
      await look("a get after a removal under an unknown id");
      return "nothing before, nothing after";
    },
  },
  {
    id: "write-to-unknown-id",
    title:
      "A write under an unknown id by somebody who believes to own its lock is ignored or stored, as in the store it stands for",
    source:
      ".NET reference source, InProcStateClientManager.cs (ignored), StateRuntime.cs (PUT creates); InstallSqlState.sql (0 rows)",
    phase,
    exempt: ({ behaviour }) => (behaviour.writeToMissing === null ? "nothing is laid down about it" : null),
    async check({ session, subject }) {
      const probe = session();
      await probe.set({ n: 1 }, 2);
      const read = await probe.get();
      if (subject.behaviour.writeToMissing === "ignored")
        mustBeMissing(read, "a read after a write under an unknown id");
      else mustHold(read, { n: 1 }, "a read after a write under an unknown id");
      return `the write was ${read.item === null ? "ignored" : "stored"}`;
    },
  },
  {
    id: "ids-do-not-mix",
    title: "Ids that differ in their last character only, even at the greatest length of 80, are different sessions",
    source:
      ".NET reference source, SessionIDManager.cs (80 characters at most); InstallSqlState.sql, tSessionId nvarchar(88)",
    phase,
    exempt: heldByClient,
    async check({ session, prefix }) {
      const start = prefix.slice(0, 20);
      const long = start.padEnd(79, "q");
      const ids = [`${long}a`, `${long}b`, start.padEnd(23, "q"), start.padEnd(24, "q")];
      const probes = ids.map((id) => session(id));
      for (const [n, probe] of probes.entries()) await probe.put({ n });
      for (const [n, probe] of probes.entries()) mustHold(await probe.get(), { n }, `a read of "${probe.id()}"`);
      await probes[0]!.remove((await probes[0]!.getExclusive()).lockId);
      mustBeMissing(await probes[0]!.get(), "a read of the first after its removal");
      mustHold(await probes[1]!.get(), { n: 1 }, "a read of the second after the removal of the first");
      return `${ids.length} ids, of 23, 24 and 80 characters`;
    },
  },
  {
    id: "odd-ids",
    title:
      "An id of unusual characters, as an id manager of one's own may give out, is stored, found, locked and removed like any other",
    source:
      ".NET reference source, SessionIDManager.cs (derived managers encode), HttpUtility.UrlEncode; [MS-ASP], request URI",
    phase,
    exempt: heldByClient,
    async check({ session, prefix }) {
      for (const odd of oddEnds) {
        const probe = session(`${prefix}${odd}`);
        await probe.put({ odd });
        const taken = await probe.getExclusive();
        mustHold(taken, { odd }, `an exclusive get of an id that ends in ${JSON.stringify(odd)}`);
        await probe.set({ odd, written: true }, taken.lockId);
        mustHold(await probe.get(), { odd, written: true }, `a read of an id that ends in ${JSON.stringify(odd)}`);
        await probe.remove((await probe.getExclusive()).lockId);
        mustBeMissing(await probe.get(), `a read after the removal of an id that ends in ${JSON.stringify(odd)}`);
      }
      return `${oddEnds.length} ids`;
    },
  },
];

/** No slash among them: a store of files would take them for folders. */
const oddEnds: readonly string[] = [
  "a b",
  "a+b",
  "100%",
  "%2f",
  "a=b&c",
  "(S(x))",
  "{x}",
  "a:b",
  "it's",
  '"x"',
  "a;--",
  "$1",
  "_x*?",
  "é",
];

function heldByClient({ opened }: Subject): string | null {
  return opened.store.capabilities.heldByClient ? "the client holds the session: the store makes its ids" : null;
}

function mustBeNothing(result: GetResult, when: string): void {
  mustBeMissing(result, when);
  if (result.initialize) throw new Broken(`${when}: expected nothing, saw ${describeResult(result)}`);
}
