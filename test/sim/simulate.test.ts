import { describe, expect, test } from "vitest";
import type { Scenario } from "../../config/scenario.ts";
import { assertConserved } from "../../metrics/summarise.ts";
import { runReplication, simulate } from "../../sim/simulate.ts";
import { createJourneys } from "../../workload/journeys.ts";
import { scenarioOf } from "../scenario-of.ts";

/** One visit at 1 s, and what it costs the store. */
function callsOf(options: { site?: string; workload: string }): Record<string, number> {
  const scenario = scenarioOf(`
site: ${options.site ?? "{}"}
workload: { arrivals: { kind: trace, atSeconds: [1] }, ${options.workload} }
run: { durationMinutes: 60, warmupMinutes: 0, replications: 1 }`);
  const { storeCalls } = runReplication(scenario, 1).counters;
  return Object.fromEntries(Object.entries(storeCalls).filter(([, count]) => count > 0));
}

const page = (session: string, changedShare: number) =>
  `pages: [{ name: p, share: 1, session: ${session}, changedShare: ${changedShare} }]`;
const visitOf = (requests: number, thinkSeconds: number) =>
  `requestsPerVisit: ${requests}, thinkSeconds: ${thinkSeconds}`;

// Source: session-state module of the .NET reference source; one row a kind of request, the first request of the visit included.
describe.each(["InProc", "StateServer", "SQLServer"])("store calls in mode %s", (mode) => {
  const site = `{ mode: ${mode} }`;
  const lateReturn = mode === "SQLServer" ? 1290 : 1230; // beyond the sweep, or the job

  test("a newcomer who stores something costs one call", () => {
    expect(callsOf({ site, workload: `${visitOf(1, 1)}, ${page("read-write", 1)}` })).toEqual({
      setAndReleaseItemExclusive: 1,
    });
  });
  test("a newcomer who stores nothing, without Session_Start, costs none", () => {
    const workload = `${visitOf(1, 1)}, ${page("read-write", 0)}`;
    expect(callsOf({ site: `{ mode: ${mode}, sessionStart: false }`, workload })).toEqual({});
  });
  test("a live session, changed: get exclusive, set", () => {
    expect(callsOf({ site, workload: `${visitOf(2, 1)}, ${page("read-write", 1)}` })).toEqual({
      getItemExclusive: 1,
      setAndReleaseItemExclusive: 2,
    });
  });
  test("a live session, unchanged: get exclusive, release", () => {
    expect(callsOf({ site, workload: `${visitOf(2, 1)}, ${page("read-write", 0)}` })).toEqual({
      getItemExclusive: 1,
      releaseItemExclusive: 1,
      setAndReleaseItemExclusive: 1,
    });
  });
  test("a read-only page on a live session: one get", () => {
    expect(callsOf({ site, workload: `${visitOf(2, 1)}, ${page("read-only", 0)}` })).toEqual({
      getItem: 1,
      setAndReleaseItemExclusive: 1,
    });
  });
  test("an id whose session has gone: get, create uninitialised, get again, set", () => {
    expect(callsOf({ site, workload: `${visitOf(2, lateReturn)}, ${page("read-write", 1)}` })).toEqual({
      createUninitializedItem: 1,
      getItemExclusive: 2,
      setAndReleaseItemExclusive: 2,
    });
  });
  test("abandon: get exclusive, remove", () => {
    expect(callsOf({ site, workload: `${visitOf(2, 1)}, logoutShare: 1, ${page("read-write", 1)}` })).toEqual({
      getItemExclusive: 1,
      removeItem: 1,
      setAndReleaseItemExclusive: 1,
    });
  });
  test("pages without session state and no id: no call", () => {
    expect(callsOf({ site, workload: `${visitOf(3, 1)}, ${page("none", 0)}` })).toEqual({});
  });
});

test("in mode Off there are no sessions and no store calls", () => {
  expect(callsOf({ site: "{ mode: Off }", workload: `${visitOf(3, 1)}, ${page("read-write", 1)}` })).toEqual({});
});

/** One visit whose first page sends `requests` more at once, each holding the session for `waitMs`. */
function locked(options: { requests: number; waitMs: number; spacingMs?: number; site?: string; session?: string }) {
  const scenario = scenarioOf(`
site: { coresPerWorker: 64, ${options.site ?? "mode: InProc"} }
workload:
  arrivals: { kind: trace, atSeconds: [1] }
  requestsPerVisit: 1
  parallel: { share: 1, requests: ${options.requests}, spacingMs: ${options.spacingMs ?? 0} }
  pages: [{ name: p, share: 1, session: ${options.session ?? "read-write"}, cpuMs: 0, waitMs: ${options.waitMs} }]
run: { durationMinutes: 10, warmupMinutes: 0, replications: 1 }`);
  return runReplication(scenario, 1);
}

describe("requests of one session at the same moment", () => {
  test("wait in steps of the 500 ms poll, however short the page", () => {
    const { counters, histograms } = locked({ requests: 4, waitMs: 40 });
    expect([counters.lockWaits, counters.lockPolls]).toEqual([3, 1 + 2 + 3]);
    expect(histograms.lockWait?.maxValue).toBeGreaterThan(1_490_000);
    expect(histograms.lockWait?.getValueAtPercentile(1)).toBeGreaterThan(490_000);
  });
  test("never poll within 250 ms of a poll: a shorter interval only makes a finer beat", () => {
    // Held for 1,000 ms from 0; beats of 100 ms allow polls at 300, 600, 900 and 1,200 ms.
    const { counters, histograms } = locked({ requests: 2, waitMs: 1000, site: "lockPollMs: 100" });
    expect(counters.lockPolls).toBe(4);
    expect(Math.round((histograms.lockWait?.maxValue ?? 0) / 1000)).toBe(1200);
  });
  test("poll to the beat of the first failed try, however long the store takes to answer", () => {
    // Held for 10 s; each failed try takes some 0.4 ms of the state server's time, which does not add to the 20 beats.
    const { counters, histograms } = locked({ requests: 2, waitMs: 9_990, site: "mode: StateServer" });
    expect(counters.lockPolls).toBe(20);
    expect((histograms.lockWait?.maxValue ?? 0) / 1000).toBeLessThan(10_003);
  });
  test("do not wait when the page only reads", () => {
    expect(locked({ requests: 4, waitMs: 40, session: "read-only" }).counters.lockWaits).toBe(0);
  });
  test("follow each other without polls in classic ASP", () => {
    const { counters, histograms } = locked({ requests: 4, waitMs: 40, site: "technology: asp" });
    expect([counters.lockWaits, counters.lockPolls, counters.completed]).toEqual([3, 0, 5]);
    expect(Math.round((histograms.lockWait?.maxValue ?? 0) / 1000)).toBe(120);
  });
  test("follow each other in classic ASP even when the page only reads, and none is left standing", () => {
    const { counters } = locked({ requests: 4, waitMs: 40, site: "technology: asp", session: "read-only" });
    expect([counters.lockWaits, counters.requests, counters.completed]).toEqual([3, 5, 5]);
  });
  test("break a lock older than their execution timeout, and get the session at a later poll", () => {
    // The first holds the lock from 0 to 3 s. The second, from 0.9 s, finds it 1.4 s old at its first poll, breaks it, and has it at
    // its second, 1 s after it began; the late release of the first changes nothing.
    const { counters, histograms } = locked({
      requests: 2,
      waitMs: 3000,
      spacingMs: 900,
      site: "executionTimeoutSeconds: 1.2",
    });
    expect([counters.lockBreaks, counters.lockPolls, counters.failed]).toEqual([1, 2, 0]);
    expect(Math.round((histograms.lockWait?.maxValue ?? 0) / 1000)).toBe(1000);
  });
  test("fail once they have themselves waited for the execution timeout", () => {
    const { counters } = locked({ requests: 2, waitMs: 3000, site: "executionTimeoutSeconds: 1" });
    expect(counters.failures).toEqual({ "request timed out": 1 });
  });
  test("fail beyond the queue limit of the session", () => {
    const { counters } = locked({ requests: 5, waitMs: 40, site: "requestQueueLimitPerSession: 2" });
    expect(counters.failures).toEqual({ "queue limit of the session": 2 });
    expect([counters.failed, counters.completed]).toEqual([2, 4]);
  });
});

const busy = (site: string, more = "", run = "") =>
  scenarioOf(`
site: { timeoutMinutes: 5, ${site} }
workload: { arrivals: 2, thinkSeconds: { kind: exponential, mean: 60 }, parallel: { share: 0.2, requests: 2 }, logoutShare: 0.2, ${more} }
run: { durationMinutes: 30, warmupMinutes: 10, replications: 2, seed: 5, ${run} }`);

/** The same with its end earlier, where a few thousand requests tell as much. */
const short = (site: string): Scenario => {
  const scenario = busy(site);
  return { ...scenario, run: { ...scenario.run, durationMs: 15 * 60_000 } };
};

describe("what happens to sessions", () => {
  test("a recycled worker loses those in process, a state server keeps them", () => {
    const inProc = runReplication(busy("mode: InProc, recycleEveryMinutes: 14"), 5).counters;
    expect([inProc.recycles, inProc.lost > 500]).toEqual([2, true]);
    const stateServer = runReplication(busy("mode: StateServer, recycleEveryMinutes: 14"), 5).counters;
    expect([stateServer.recycles, stateServer.lost]).toEqual([2, 0]);
  });
  test("a fault of the scenario recycles too", () => {
    const scenario: Scenario = { ...busy("mode: InProc"), faults: [{ kind: "recycle", atMs: 15 * 60_000 }] };
    expect(runReplication(scenario, 5).counters.lost).toBeGreaterThan(500);
  });
  test("without affinity each worker holds its own session of a visitor: more sessions for the same visits", () => {
    const sticky = runReplication(busy("servers: 2"), 5).counters;
    const scattered = runReplication(busy("servers: 2, affinity: false"), 5).counters;
    expect(scattered.visits).toBe(sticky.visits);
    expect(scattered.started).toBeGreaterThan(1.3 * sticky.started);
    const shared = runReplication(busy("servers: 2, affinity: false, mode: StateServer"), 5).counters;
    expect(shared.started).toBeLessThan(1.05 * sticky.started);
  });
  test("clients without cookies start a session with every request", () => {
    const { started, requests } = runReplication(busy("mode: InProc", "withoutCookiesShare: 1"), 5).counters;
    expect(started / requests).toBeGreaterThan(0.95); // all but the logouts, which find nothing to abandon
  });
  /** One visit of two views, each of which sends four more at once. */
  const views = (site: string, pages: string, thinkSeconds: number) =>
    scenarioOf(`
site: { ${site}, timeoutMinutes: 2, coresPerWorker: 8 }
workload:
  arrivals: { kind: trace, atSeconds: [1] }
  requestsPerVisit: 2
  thinkSeconds: ${thinkSeconds}
  parallel: { share: 1, requests: 4 }
  pages: ${pages}
run: { durationMinutes: 10, warmupMinutes: 0, replications: 1 }`);
  test.each(["InProc", "StateServer"])(
    "requests sent together without a cookie start a session each in mode %s",
    (mode) => {
      const scenario = views(`mode: ${mode}, sessionStart: false`, "[{ name: p, share: 1, changedShare: 0.5 }]", 1);
      let tried = 0;
      for (let seed = 1; tried < 5; seed++) {
        const journeys = createJourneys(scenario.workload, seed);
        const changing = [1, 2, 3, 4].filter((request) => journeys.changes(0, 0, request)).length;
        if (journeys.changes(0, 0, 0) || changing === 0) continue;
        tried++;
        const { completed, started, expired } = runReplication(scenario, seed).counters;
        expect([completed, started, expired], `seed ${seed}`).toEqual([10, changing, changing]);
      }
    },
  );
  test("read-only requests with one expired id find it gone and store one session between them", () => {
    const pages = "[{ name: quiet, share: 1, session: none }, { name: p, share: 1, session: read-only }]";
    const scenario = views("mode: StateServer", pages, 200);
    const reads = (seed: number, view: number) =>
      [0, 1, 2, 3, 4].map((request) => createJourneys(scenario.workload, seed).pageOf(0, view, request).name === "p");
    let tried = 0;
    for (let seed = 1; tried < 5; seed++) {
      const [first, second] = [reads(seed, 0), reads(seed, 1)];
      if (!first[0] || second[0] || second.filter(Boolean).length < 2) continue;
      tried++;
      const { completed, started, expired } = runReplication(scenario, seed).counters;
      expect([completed, started, expired], `seed ${seed}`).toEqual([10, 2, 2]);
    }
  });
  test("a cap of 0 refuses everybody", () => {
    const { arrivals, refused, started } = runReplication(
      scenarioOf(
        "site: { sessionsMax: 0 }\nworkload: { arrivals: 2 }\nrun: { durationMinutes: 60, warmupMinutes: 10 }",
      ),
      5,
    ).counters;
    expect(arrivals).toBeGreaterThan(6000);
    expect([refused, started]).toEqual([arrivals, 0]);
  });
  test.each([
    ["asp", "every page, even one that would keep none"],
    ["aspnet", "no page that keeps none"],
  ])("where no session may be, %s refuses %s", (technology) => {
    const scenario = scenarioOf(`
site: { technology: ${technology}, sessionsMax: 0, sessionStart: false }
workload: { arrivals: 1, pages: [{ name: browse, share: 1, session: read-only }] }
run: { durationMinutes: 10, warmupMinutes: 0 }`);
    const { arrivals, refused, started, completed } = runReplication(scenario, 5).counters;
    expect([started, arrivals - refused]).toEqual([0, 0]);
    expect(refused > 0).toBe(technology === "asp");
    expect(completed > 0).toBe(technology === "aspnet");
  });
  test("a visitor who got in after a refusal has all his attempts again at the next", () => {
    // Without cookies each of the three requests wants a session of its own; the only place is free again after 60 s.
    const scenario = scenarioOf(`
site: { sessionsMax: 1, timeoutMinutes: 1, expirySweepSeconds: 0 }
workload: { arrivals: { kind: trace, atSeconds: [1] }, requestsPerVisit: 3, thinkSeconds: 1, withoutCookiesShare: 1, whenRefused: { kind: retry, afterSeconds: 5, attemptsMax: 15 } }
run: { fidelity: population, durationMinutes: 10, warmupMinutes: 0, replications: 1 }`);
    const { started, completed, refused } = runReplication(scenario, 1).counters;
    expect([started, completed, refused]).toEqual([3, 3, 24]);
  });
  test("refused visitors who try again are refused more often, and no more of them get in: the cap binds", () => {
    const leave = runReplication(busy("sessionsMax: 700"), 5).counters;
    const retry = runReplication(
      busy("sessionsMax: 700", "whenRefused: { kind: retry, afterSeconds: 30, attemptsMax: 20 }"),
      5,
    ).counters;
    expect(leave.refused).toBeGreaterThan(100);
    expect(retry.refused).toBeGreaterThan(leave.refused);
    expect(Math.abs(retry.started / leave.started - 1)).toBeLessThan(0.05);
  });
});

describe("a result", () => {
  const modes = ["Off", "InProc", "StateServer", "SQLServer"];
  test.each(modes)("obeys the laws of conservation in mode %s, with everything going on at once", (mode) => {
    const scenario = busy(
      `mode: ${mode}, sessionsMax: 800, recycleEveryMinutes: 12, servers: 2, affinity: false`,
      "withoutCookiesShare: 0.1, whenRefused: { kind: retry, afterSeconds: 20, attemptsMax: 2 }",
    );
    for (const seed of [1, 2, 3]) {
      const { counters } = runReplication(scenario, seed);
      expect(() => assertConserved(counters)).not.toThrow();
      expect(counters.requests).toBeGreaterThan(1000);
    }
  });
  test("has a series whose counts add up to its counters", () => {
    const asked = busy("mode: InProc, sessionsMax: 500, recycleEveryMinutes: 12");
    // It ends with a sample, and not with a sweep, which comes every 20 s.
    const scenario: Scenario = { ...asked, run: { ...asked.run, durationMs: 1_785_000, sampleMs: 15_000 } };
    const { counters, series } = runReplication(scenario, 4);
    for (const name of ["started", "refused", "expired", "abandoned", "lost", "requests"] as const) {
      const sum = (series.columns[name] ?? []).reduce((total: number, count) => total + (count ?? Number.NaN), 0);
      expect(sum, name).toBe(counters[name]);
      expect(sum, name).toBeGreaterThan(0);
    }
  });
  test("is the same to the byte for the same seed, and another for another seed", () => {
    const scenario = short("mode: SQLServer, sessionsMax: 700");
    const once = JSON.stringify(simulate(scenario));
    expect(JSON.stringify(simulate(scenario))).toBe(once);
    const other = { ...scenario, run: { ...scenario.run, seed: 6 } };
    expect(JSON.stringify(simulate(other))).not.toBe(once);
  });
  test("meets the same visitors in every mode", () => {
    const [a, b] = ["InProc", "SQLServer"].map((mode) => runReplication(short(`mode: ${mode}`), 5).counters);
    expect(a.visits).toBe(b.visits);
  });
  test("in compressed time holds the same sessions, within what chance allows", () => {
    const plain = simulate(busy("mode: InProc", "", "fidelity: population"));
    const compressed = simulate(busy("mode: InProc", "", "fidelity: population, timeScale: 60"));
    expect(compressed.counters).toEqual(plain.counters);
    const stored = (result: typeof plain) =>
      result.figures.find((figure) => figure.key === "storedSessionsMean")?.value;
    expect(stored(compressed)).toBeCloseTo(stored(plain) ?? Number.NaN, 6);
  });
  test("says when the web cores are overloaded", () => {
    const { audit } = simulate(busy("mode: InProc", "pages: [{ name: slow, share: 1, cpuMs: 400 }]"));
    expect(audit.verdict).toBe("doubtful");
    expect(audit.findings[0]).toContain("web cores are overloaded");
  });
});
