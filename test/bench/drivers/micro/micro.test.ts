import { describe, expect, test } from "vitest";
import { measureMicro, runMicro } from "../../../../bench/drivers/micro/micro.ts";
import { runRounds } from "../../../../bench/drivers/micro/micro-rounds.ts";
import type { MicroSubject } from "../../../../bench/drivers/micro/micro-subject.ts";
import { StoreError } from "../../../../bench/providers/store-error.ts";
import { InputError } from "../../../../config/problem.ts";
import type { RunResult } from "../../../../metrics/run-result.ts";
import type { MicroStudy } from "../../../../metrics/study.ts";
import { parseResult, stringifyResult } from "../../../../reports/result-file.ts";
import { benchOptions } from "../../bench-options.ts";
import { smallScenario } from "../../small-scenario.ts";
import { type StrictOptions, strictStore } from "./strict-store.ts";

const settle = () => undefined;
const effort = { budgetMs: 300, rounds: 4, settle };
const inProc = smallScenario();
const sqlite = smallScenario({ site: { mode: "SQLServer", timeoutMs: 60_000 }, store: { provider: "sqlite" } });
const cookie = smallScenario({ site: { mode: "Custom", timeoutMs: 60_000 }, store: { provider: "sealed-cookie" } });

/** So much passes whenever it is looked at that no turn has more sessions than it must. */
function tickingClock(): () => number {
  let nowMs = 0;
  return () => {
    nowMs += 20;
    return nowMs;
  };
}

function subject(engine: string, options: StrictOptions = {}): MicroSubject {
  return { scenario: inProc, store: strictStore(options), engine, close: async () => undefined };
}

function studyOf(result: RunResult): MicroStudy {
  if (result.study?.kind !== "micro") throw new Error("another study");
  return result.study;
}

describe("rounds", () => {
  test("give every provider a turn with every size, in an order that is turned round from one to the next", async () => {
    const order: string[] = [];
    const called = (name: string) => () => {
      if (order.at(-1) !== name) order.push(name);
    };
    const subjects = ["a", "b", "c"].map((name) => subject(name, { onCall: called(name) }));
    const finds = await runRounds(
      subjects,
      [100, 200],
      { budgetMs: 150, rounds: 3, settle },
      benchOptions(),
      tickingClock(),
    );
    // Each was made warm first; then come two sizes a round. Two turns of one provider in a row are seen as one.
    expect(order.join("")).toBe("abc" + "abcabc" + "bacba" + "bcabc");
    expect(finds.map(({ rounds }) => rounds)).toEqual([3, 3, 3]);
    for (const { cells } of finds) for (const cell of cells) expect(cell.roundsSamplesMs).toHaveLength(3);
  });

  test("go on with the others when one store fails in their midst", async () => {
    let gone = false;
    const failing = subject("failing", {
      onCall: () => {
        if (gone) throw new StoreError("unreachable", "it went away");
      },
    });
    const options = benchOptions({
      onProgress: ({ note }) => {
        gone ||= note.startsWith("round 3 ");
      },
    });
    const subjects = [failing, subject("steady")];
    const finds = await runRounds(subjects, [100], { budgetMs: 150, rounds: 4, settle }, options, tickingClock());
    expect(finds[1]).toMatchObject({ rounds: 4, failure: null });
    expect(finds[0]).toMatchObject({ rounds: 2, failure: "it went away" });
  });

  test("go on until their time is spent where nobody says how many, each with as many sessions as it is told", async () => {
    const calls = new Map<string, number>();
    const counting = subject("counting", {
      onCall: (operation) => calls.set(operation, (calls.get(operation) ?? 0) + 1),
    });
    const timed = {
      budgetMs: 2_000,
      rounds: 1_000,
      untilSpent: true,
      sessions: 20,
      operations: ["getItem"] as const,
      settle,
    };
    const [find] = await runRounds([counting], [100], timed, benchOptions(), tickingClock());
    expect(find.rounds).toBeGreaterThan(10);
    expect(find.rounds).toBeLessThan(100);
    expect(find.cells.map(({ operation }) => operation)).toEqual(["getItem"]);
    // Each round is three turns; two or more turns of twenty came before.
    const turns = (calls.get("createUninitializedItem") ?? 0) / 20;
    expect(turns).toBeGreaterThanOrEqual(3 * find.rounds + 2);
    expect(Number.isInteger(turns)).toBe(true);
    expect(calls.get("removeItem")).toBe(20 * turns);
  });

  test("leave out a size that the store does not take", async () => {
    const [find] = await runRounds([await sealed()], [100, 65_536], effort, benchOptions(), tickingClock());
    expect(new Set(find.cells.map(({ stateBytes }) => stateBytes))).toEqual(new Set([100]));
    expect([...find.refusedSizes.keys()]).toEqual([65_536]);
  });
});

async function sealed(): Promise<MicroSubject> {
  const { sealedCookieStore } = await import("../../../../bench/providers/sealed-cookie.ts");
  const store = sealedCookieStore({ clock: () => 0, minuteMs: 60_000, compress: false });
  return { scenario: cookie, store, engine: "sealed cookie", close: async () => undefined };
}

describe("the micro driver", () => {
  test("measures every call of two providers together, and each result reads back", async () => {
    const results = await measureMicro(
      [inProc, sqlite],
      benchOptions({ driver: "micro", stateBytes: [256, 2_048] }),
      effort,
    );
    for (const result of results) {
      const { calls } = studyOf(result);
      expect(result).toMatchObject({ driver: "micro", complete: true });
      expect(calls.map(({ operation, stateBytes }) => `${operation} ${stateBytes}`)).toEqual([
        "createUninitializedItem 0",
        ...[256, 2_048].flatMap((bytes) =>
          [
            "getItem",
            "getItemExclusive",
            "setAndReleaseItemExclusive",
            "releaseItemExclusive",
            "removeItem",
            "resetItemTimeout",
          ].map((operation) => `${operation} ${bytes}`),
        ),
      ]);
      for (const call of calls) {
        expect(call.meanMs.value).toBeGreaterThan(0);
        expect(call.roundsMedianMs).toHaveLength(4);
        expect(call.p50Ms).toBeGreaterThan(0);
      }
      expect(result.figures.find(({ key }) => key === "micro.getItem.2048.meanMs")).toMatchObject({
        label: "getItem, 2 KiB, mean",
        unit: "ms",
      });
      expect(parseResult(stringifyResult(result), "result.json")).toEqual(result);
    }
    expect(results.map(({ store }) => store)).toEqual([null, expect.stringMatching(/^SQLite/)]);
  });

  test("says which calls a provider has no use for", async () => {
    const [result] = await measureMicro(
      [cookie],
      benchOptions({ driver: "micro", stateBytes: [256] }),
      effort,
      tickingClock(),
    );
    expect(new Set(studyOf(result).calls.map(({ operation }) => operation))).toEqual(
      new Set(["getItem", "resetItemTimeout", "setAndReleaseItemExclusive"]),
    );
    expect(result.audit.findings.join(" ")).toMatch(/keeps no sessions and has no locks: getItemExclusive, release/);
  });

  test("interrupted, keeps the rounds so far and is not complete", async () => {
    const cut = new AbortController();
    const options = benchOptions({
      driver: "micro",
      signal: cut.signal,
      stateBytes: [256],
      onProgress: ({ note }) => {
        if (note.startsWith("round 3 ")) cut.abort();
      },
    });
    const [result] = await measureMicro([inProc], options, { budgetMs: 400, rounds: 10, settle }, tickingClock());
    expect(result.complete).toBe(false);
    expect(studyOf(result).calls[0].roundsMedianMs).toHaveLength(3);
    expect(result.audit.verdict).toBe("doubtful");
  });

  test("refuses a mode without sessions, and a store that is not there", async () => {
    const off = runMicro(smallScenario({ site: { mode: "Off" } }), benchOptions());
    await expect(off).rejects.toBeInstanceOf(InputError);
    const nowhere = smallScenario({
      site: { mode: "StateServer", timeoutMs: 60_000 },
      store: { provider: "state-server", connections: ["tcpip=127.0.0.1:1"] },
    });
    await expect(runMicro(nowhere, benchOptions())).rejects.toThrow(/store\.connection/);
  });
});
