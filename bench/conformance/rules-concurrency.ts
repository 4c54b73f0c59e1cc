// Many at once: who wins, and that nothing is lost on the way. Every race is run over two connections where the store can be
// opened twice, as two web servers would.

import { setTimeout as delay, setImmediate } from "node:timers/promises";
import { allEnded } from "./all-ended.ts";
import type { Rule, RuleContext } from "./rule.ts";
import { Broken } from "./rule-errors.ts";
import { mustBeLocked, mustFind, mustHold, type Session } from "./session-probe.ts";

const phase = "together";

export const concurrencyRules: readonly Rule[] = [
  {
    id: "one-winner",
    title: "Of exclusive gets sent at once exactly one is given the session; all others are told of the winner's lock",
    source:
      ".NET reference source, InProcStateClientManager.cs (spin lock of the item); InstallSqlState.sql (one UPDATE)",
    needs: "exclusive locks",
    phase,
    async check(context) {
      const probe = context.session();
      const servers = await twoServers(context, probe);
      await probe.put({ n: 1 });
      for (let round = 0; round < RACES; round++) {
        const gets = Array.from({ length: RACERS }, (_, racer) => servers[racer % servers.length]!.getExclusive());
        const results = await allEnded(gets);
        const winners = results.filter(({ item }) => item !== null);
        if (winners.length !== 1) {
          throw new Broken(
            `${RACERS} exclusive gets at once: expected 1 to be given the session, saw ${winners.length}`,
          );
        }
        const lockId = winners[0]!.lockId!;
        for (const loser of results.filter(({ item }) => item === null)) mustBeLocked(loser, lockId, "a get that lost");
        await probe.release(lockId);
      }
      return `${RACES} races of ${RACERS}, one winner each`;
    },
  },
  {
    id: "no-lost-update",
    title:
      "Requests that read, change and write one session at the same time, each trying again while it is locked, lose no change",
    source:
      ".NET reference source, SessionStateModule.cs (exclusive lock from AcquireRequestState to ReleaseRequestState)",
    needs: "exclusive locks",
    phase,
    async check(context) {
      const probe = context.session();
      const servers = await twoServers(context, probe);
      await probe.put({ n: 0 });
      const workers = Array.from({ length: WORKERS }, (_, worker) =>
        countUp(context, servers[worker % servers.length]!),
      );
      await allEnded(workers);
      const { n } = mustFind(await probe.get(), "a read at the end") as { n?: unknown };
      const made = WORKERS * CHANGES_EACH;
      if (n !== made)
        throw new Broken(`${made} changes made: expected a count of ${made}, saw ${n}; ${made - Number(n)} lost`);
      return `${made} changes by ${WORKERS} at once, none lost`;
    },
  },
  {
    id: "readers-together",
    title: "Readers at the same time are all given the session",
    source: ".NET reference source, SessionStateModule.cs (read-only pages take no lock)",
    phase,
    async check(context) {
      const probe = context.session();
      const servers = await twoServers(context, probe);
      await probe.put({ n: 1 });
      const gets = Array.from({ length: RACERS }, (_, reader) => servers[reader % servers.length]!.get());
      for (const result of await allEnded(gets)) mustHold(result, { n: 1 }, `one of ${RACERS} reads at once`);
      return `${RACERS} reads`;
    },
  },
  {
    id: "created-once",
    title: "When many create one uninitialised session and get it at once, exactly one is told to initialise it",
    source:
      ".NET reference source, StateRuntime.cs (flag cleared by the first GET); InstallSqlState.sql, TempInsertUninitializedItem",
    needs: "exclusive locks",
    phase,
    async check(context) {
      const probe = context.session();
      const servers = await twoServers(context, probe);
      const each = Array.from({ length: RACERS }, (_, racer) => servers[racer % servers.length]!);
      const results = await allEnded(
        each.map(async (server) => {
          await server.createUninitialized();
          return server.getExclusive();
        }),
      );
      const told = results.filter(({ initialize }) => initialize).length;
      const given = results.filter(({ item }) => item !== null).length;
      if (told !== 1 || given !== 1) {
        throw new Broken(
          `${RACERS} at once: expected 1 told and 1 given the session, saw ${told} told and ${given} given`,
        );
      }
      return `${RACERS} created it, 1 was told`;
    },
  },
];

const RACES = 5;
const RACERS = 8;
const WORKERS = 6;
const CHANGES_EACH = 5;
/** A store whose locks are never given up must not hold the kit up for ever. */
const RACE_MS_MAX = 30_000;

async function twoServers({ subject, openAgain }: RuleContext, probe: Session): Promise<readonly Session[]> {
  if (subject.openAgain === null || !subject.opened.store.capabilities.sharedBetweenServers) return [probe];
  return [probe, probe.through((await openAgain()).store)];
}

/** Reads, lets others in, and writes one more. */
async function countUp({ nowMs, signal }: RuleContext, session: Session): Promise<void> {
  const giveUpAtMs = nowMs() + RACE_MS_MAX;
  for (let change = 0; change < CHANGES_EACH; ) {
    const taken = await session.getExclusive();
    if (taken.locked) {
      if (nowMs() > giveUpAtMs) throw new Broken(`no lock to be had within ${RACE_MS_MAX / 1000} s`);
      await delay(2 + Math.random() * 6, undefined, { signal });
      continue;
    }
    const { n } = mustFind(taken, "an exclusive get") as { n?: unknown };
    await setImmediate();
    await session.set({ n: Number(n) + 1 }, taken.lockId);
    change++;
  }
}
