import { describe, expect, test } from "vitest";
import type { Reply } from "../../../../bench/drivers/http/http-client.ts";
import { createMembers } from "../../../../bench/drivers/journeys/population.ts";
import { runBench } from "../../../../bench/run-bench.ts";
import { benchOptions } from "../../bench-options.ts";
import { smallScenario } from "../../small-scenario.ts";

const SESSIONS = 40;

function ycsb(sessionsMax = 4_294_967_295) {
  const none = { kind: "constant", value: 0 } as const;
  return smallScenario({
    site: { timeoutMs: 1_200_000, sessionsMax },
    workload: {
      arrivals: { kind: "poisson", perSecond: 200 },
      population: { sessions: SESSIONS, choice: { kind: "zipfian", theta: 0.99 } },
      requestsPerVisit: { kind: "fixed", value: 1 },
      logoutShare: 0,
      withoutCookiesShare: 0,
      pages: [
        { name: "read", share: 1, session: "read-only", changedShare: 0, cpuMs: none, waitMs: none },
        { name: "update", share: 1, session: "read-write", changedShare: 1, cpuMs: none, waitMs: none },
      ],
    },
    run: { durationMs: 2_000, warmupMs: 500, timeScale: 1, sampleMs: 200 },
  });
}

describe("a run with a fixed population", () => {
  test.each(["http", "provider"] as const)(
    "has every session stored before it, and starts no other (%s)",
    async (through) => {
      const result = await runBench(ycsb(), benchOptions({ through }));
      const { counters, measured, series } = result;
      expect(counters).toMatchObject({
        started: SESSIONS,
        arrivals: SESSIONS,
        stored: SESSIONS,
        failed: 0,
        expired: 0,
      });
      expect(series.columns.stored).toSatisfy((stored: number[]) =>
        stored.every((one) => Math.abs(one - SESSIONS) < 1e-6),
      );
      expect(counters.visits).toBeGreaterThan(200);
      // Storing them was no request of a visitor's.
      expect(counters.requests).toBe(counters.visits);
      expect(measured.started).toBe(0);
      const { getItem, getItemExclusive, setAndReleaseItemExclusive, createUninitializedItem } = measured.storeCalls;
      expect(createUninitializedItem).toBe(0);
      expect(getItem / (getItem + getItemExclusive)).toBeCloseTo(0.5, 0);
      expect(setAndReleaseItemExclusive).toBeGreaterThan(50);
    },
  );

  test("is refused where its members cannot be one and the same, or have no room", async () => {
    const options = benchOptions({ generators: 2, logFile: "/tmp/x.log" });
    await expect(runBench(ycsb(SESSIONS - 1), options)).rejects.toMatchObject({
      problems: [{ at: "--generators" }, { at: "--log" }, { at: "site.sessionsMax", given: "39" }],
    });
  });
});

describe("storing a population", () => {
  const members = () => createMembers(ycsb())!;
  const answered = {
    kind: "answered",
    status: 200,
    reason: "OK",
    setCookies: ["id=1"],
    location: null,
    lockWaitMs: 0,
  } as const;
  const never = new AbortController().signal;

  test("asks once for each member, a few at a time, and each keeps its cookie", async () => {
    const paths: string[] = [];
    const seen: number[] = [];
    let underWay = 0;
    let most = 0;
    const send = async ({ path }: { path: string }): Promise<Reply> => {
      paths.push(path);
      most = Math.max(most, ++underWay);
      await new Promise((resolve) => setImmediate(resolve));
      underWay--;
      return answered;
    };
    const all = members();
    await all.store({ send, port: () => 0 }, never, (stored) => seen.push(stored));
    expect(paths).toHaveLength(SESSIONS);
    expect(paths[0]).toBe("/store.aspx?session=read-write&changes=1&bytes=2000");
    expect(seen.at(-1)).toBe(SESSIONS);
    expect(most).toBeLessThanOrEqual(16);
    expect(all.of(3).jar.header("/read.aspx", 0)).toBe("id=1");
  });

  test("ends with what the site said when it takes no session, and asks no further", async () => {
    let asked = 0;
    const send = async (): Promise<Reply> => {
      asked++;
      return { ...answered, status: 500, reason: "session store full" };
    };
    const stored = members().store({ send, port: () => 0 }, never, () => undefined);
    await expect(stored).rejects.toThrow(/workload\.population is not stored: the site answered "session store full"/);
    expect(asked).toBeLessThanOrEqual(16);
  });

  test("stops when it is told to", async () => {
    const controller = new AbortController();
    let asked = 0;
    const send = async (): Promise<Reply> => {
      if (++asked === 5) controller.abort();
      return answered;
    };
    await members().store({ send, port: () => 0 }, controller.signal, () => undefined);
    expect(asked).toBeLessThan(SESSIONS);
  });

  test("is nothing to do where every visit is somebody new", () => {
    expect(createMembers(smallScenario())).toBeNull();
  });
});
