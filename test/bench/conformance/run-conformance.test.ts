import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { behaviourOf } from "../../../bench/conformance/behaviour.ts";
import { openInProc } from "../../../bench/conformance/in-proc-subject.ts";
import type { Rule, Subject } from "../../../bench/conformance/rule.ts";
import { Broken, NotJudged, Unsure } from "../../../bench/conformance/rule-errors.ts";
import { rules } from "../../../bench/conformance/rules.ts";
import { runConformance } from "../../../bench/conformance/run-conformance.ts";
import type { SessionStore } from "../../../bench/providers/session-store.ts";
import { StoreError } from "../../../bench/providers/store-error.ts";

const MINUTE_MS = 400;
const { signal } = new AbortController();

function subject(change: (store: SessionStore) => SessionStore = (store) => store, minuteMs = MINUTE_MS): Subject {
  const opened = openInProc(minuteMs);
  return {
    name: "in-proc",
    opened: { ...opened, store: change(opened.store) },
    behaviour: behaviourOf("in-proc", null, opened.store.capabilities),
    minuteMs,
    executionTimeoutMs: 1_000,
    ours: true,
    mayDelete: true,
    openAgain: null,
    settings: null,
  };
}

function rule(check: Rule["check"], more: Partial<Rule> = {}): Rule {
  return { id: "made-up", title: "made up for this test", source: "none", phase: "together", check, ...more };
}

async function verdictOf(made: Rule, store?: (store: SessionStore) => SessionStore): Promise<string> {
  const report = await runConformance(subject(store), { rules: [made], signal });
  return `${report.rules[0].verdict}: ${report.rules[0].evidence}`;
}

describe("a verdict", () => {
  test("follows from how the check ends", async () => {
    expect(await verdictOf(rule(async () => "all well"))).toBe("holds: all well");
    const breaking = async () => {
      throw new Broken("expected 1, saw 2");
    };
    expect(await verdictOf(rule(breaking))).toBe("fails: expected 1, saw 2");
    const refusing = async () => {
      throw new NotJudged("no way to see it");
    };
    expect(await verdictOf(rule(refusing))).toBe("not judged: no way to see it");
    expect(await verdictOf(rule(breaking, { exempt: () => "another kind of store" }))).toBe(
      "does not apply: another kind of store",
    );
  });

  test("is sought again, with other sessions, while the check is unsure, and in the end is none", async () => {
    const ids: string[] = [];
    const unsure = (certainAt: number) =>
      rule(async ({ session }) => {
        ids.push(session().id());
        if (ids.length < certainAt) throw new Unsure("too slow");
        return `sure at try ${ids.length}`;
      });
    expect(await verdictOf(unsure(3))).toBe("holds: sure at try 3");
    expect(new Set(ids).size).toBe(3);
    ids.length = 0;
    expect(await verdictOf(unsure(100))).toBe("not judged: tried 5 times: too slow");
    expect(ids.length).toBe(5);
  });

  test("of a rule about locks turns around for a store that declares to have none", async () => {
    const lockFree = (store: SessionStore): SessionStore => ({
      ...store,
      capabilities: { ...store.capabilities, exclusiveLocks: false },
    });
    const needs = { needs: "exclusive locks" } as const;
    const breaking = async () => {
      throw new Broken("nobody was kept out");
    };
    expect(await verdictOf(rule(breaking, needs), lockFree)).toBe(
      "fails as declared: no exclusive locks: nobody was kept out",
    );
    expect(
      await verdictOf(
        rule(async () => "kept out", needs),
        lockFree,
      ),
    ).toMatch(/^fails: it declares to have no exclusive locks, and yet: kept out/);
    expect(await verdictOf(rule(breaking), lockFree)).toBe("fails: nobody was kept out");
  });

  test("against a store that throws tells what it said, without the password in it", async () => {
    const throwing = (store: SessionStore): SessionStore => ({
      ...store,
      getItem: async () => {
        throw new TypeError("cannot reach redis://user:hunter2@host:6379");
      },
    });
    expect(
      await verdictOf(
        rule(async ({ session }) => `${await session().get()}`),
        throwing,
      ),
    ).toBe("fails: getItem answered with an error: TypeError: cannot reach redis://user:***@host:6379");
  });

  test("against a store that fails while it is opened again or counted is that it fails", async () => {
    const gone = async () => {
      throw new StoreError("unreachable", "Unable to connect");
    };
    expect(await verdictOf(rule(gone))).toBe("fails: the store answered with an error: Unable to connect");
  });

  test("against a store whose answer has another shape tells which", async () => {
    const shapeless = (store: SessionStore): SessionStore => ({
      ...store,
      getItem: async () => ({ ...(await store.getItem("none")), locked: undefined as unknown as boolean }),
    });
    expect(
      await verdictOf(
        rule(async ({ session }) => `${await session().get()}`),
        shapeless,
      ),
    ).toBe("fails: getItem must answer with the contract's GetResult, but locked is undefined, not a boolean");
  });
});

describe("a run", () => {
  test("ends with a fault of the kit's own, which is no verdict on the store", async () => {
    const faulty = rule(async () => {
      throw new RangeError("a fault");
    });
    await expect(runConformance(subject(), { rules: [faulty], signal })).rejects.toThrow(RangeError);
  });

  test("ends when it is interrupted, its sessions removed", async () => {
    const interrupt = new AbortController();
    const examined = subject();
    const waiting = rule(async ({ session, waitUntil, nowMs }) => {
      await session().put({ n: 1 });
      setImmediate(() => interrupt.abort());
      await waitUntil(nowMs() + 60_000);
      return "";
    });
    await expect(runConformance(examined, { rules: [waiting], signal: interrupt.signal })).rejects.toThrow(/aborted/);
    expect(await examined.opened.store.census?.()).toMatchObject({ stored: 0 });
  });

  test("removes every session, locked ones too, and gives no id twice", async () => {
    const seen = new Set<string>();
    const watching = (store: SessionStore): SessionStore => ({
      ...store,
      setAndReleaseItemExclusive(id, item, lockId, newItem) {
        seen.add(id);
        return store.setAndReleaseItemExclusive(id, item, lockId, newItem);
      },
    });
    const examined = subject(watching);
    const quick = rules.filter(({ phase }) => phase === "together");
    await runConformance(examined, { rules: quick, signal });
    expect(seen.size).toBeGreaterThan(quick.length);
    expect(await examined.opened.store.census?.()).toMatchObject({ stored: 0 });
  });

  test("never blames a store for being slow", async () => {
    const slow = (store: SessionStore): SessionStore => ({
      ...store,
      async getItem(id) {
        const result = await store.getItem(id);
        await delay(60);
        return result;
      },
      async getItemExclusive(id) {
        await delay(60);
        return store.getItemExclusive(id);
      },
    });
    const timed = rules.filter(({ id }) => id.startsWith("expir") || id.startsWith("slide"));
    const report = await runConformance(subject(slow, 100), { rules: timed, signal });
    expect(report.rules.filter(({ verdict }) => verdict === "fails")).toEqual([]);
    expect(report.summary.notJudged).toBeGreaterThan(0);
    expect(report.summary.text).toMatch(/could not be judged/);
  });
});
