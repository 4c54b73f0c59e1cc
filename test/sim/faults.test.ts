// What visitors of a simulated site meet when a worker or a store is struck: to the millisecond, at a site whose own work takes no time.

import { describe, expect, test } from "vitest";
import { InputError } from "../../config/problem.ts";
import { type OperationCost, type Scenario, storeOperations } from "../../config/scenario.ts";
import { percentileMs } from "../../metrics/latency-histogram.ts";
import type { RunRecord } from "../../metrics/run-record.ts";
import { runReplication } from "../../sim/run-replication.ts";
import { simulate } from "../../sim/simulate.ts";
import { refuseUnmodelled } from "../../sim/unmodelled.ts";
import { scenarioOf } from "../scenario-of.ts";

const nothing: OperationCost = {
  webCpuMs: 0,
  webCpuMsPerKiB: 0,
  storeMs: { kind: "constant", value: 0 },
  storeMsPerKiB: 0,
};

/** Nothing takes any time but what the scenario says. */
function atNoCost(scenario: Scenario): Scenario {
  const none = { kind: "constant", value: 0 } as const;
  const operations = Object.fromEntries(
    storeOperations.map((name) => [name, nothing]),
  ) as Scenario["calibration"]["operations"];
  const { calibration } = scenario;
  return {
    ...scenario,
    calibration: { ...calibration, requestCpuMs: none, clientRoundTripMs: none, networkRoundTripMs: none, operations },
  };
}

interface Asked {
  readonly site?: string;
  readonly store?: string;
  /** When visitors come, in seconds. */
  readonly comeAt: readonly number[];
  readonly workload?: string;
  readonly page?: string;
  readonly fault: string;
}

function struck({ site = "mode: StateServer", store = "", comeAt, workload = "", page = "", fault }: Asked): Scenario {
  return atNoCost(
    scenarioOf(`
site: { ${site}, timeoutMinutes: 600, expirySlideMinSeconds: 0 }
${store === "" ? "" : `store: { ${store} }`}
workload:
  arrivals: { kind: trace, atSeconds: [${comeAt.join(", ")}] }
  ${workload === "" ? "requestsPerVisit: 1" : workload}
  pages: [{ name: page, share: 1, cpuMs: 0${page} }]
faults: [${fault}]
run: { durationMinutes: 5, drainMinutes: 5, warmupMinutes: 0 }`),
  );
}

const run = (asked: Asked): RunRecord => runReplication(struck(asked), 1);

/** Of all that were answered. */
const slowestMs = ({ histograms }: RunRecord) => Math.round(percentileMs(histograms.response!, 100) ?? Number.NaN);

describe("a store that is killed", () => {
  const fault = "{ kind: kill-store, atMinutes: 1, downSeconds: 2 }";

  test("fails who comes a millisecond before it is back, at once, and serves who comes when it is", () => {
    const { counters } = run({ comeAt: [59.999, 61.999, 62], fault });
    expect(counters).toMatchObject({ completed: 2, failed: 1, failures: { "session store unreachable": 1 } });
    // What could not be stored has never started.
    expect(counters).toMatchObject({ arrivals: 2, started: 2, lost: 1, stored: 1 });
  });

  test.each([
    ["mode: StateServer", "", 3, 0],
    ["mode: Custom", "provider: redis", 3, 0],
    ["mode: SQLServer", "", 0, 3],
  ])("%s %s loses %i of three sessions and keeps %i", (site, store, lost, stored) => {
    const { counters, faults } = run({ site, store, comeAt: [1, 2, 59], fault });
    expect(counters).toMatchObject({ lost, stored });
    expect(faults).toMatchObject([{ kind: "kill-store", atMs: 60_000, downMs: 2000, sessionsLost: lost }]);
  });

  test("where it is one of several partitions takes its own sessions alone, and the others serve on", () => {
    const comeAt = Array.from({ length: 60 }, (_, n) => 1 + n);
    const ofPartition = (partition: number) => {
      const one = `{ kind: kill-store, atMinutes: 1.5, downSeconds: 2, partition: ${partition} }`;
      return run({ store: "partitions: 3", comeAt, fault: one }).counters.lost;
    };
    const lost = [1, 2, 3].map(ofPartition);
    expect(lost.reduce((sum, count) => sum + count, 0)).toBe(60);
    for (const count of lost) expect(count).toBeGreaterThan(5);
    const during = Array.from({ length: 60 }, (_, n) => 60.01 + n / 60);
    const one = "{ kind: kill-store, atMinutes: 1, downSeconds: 2, partition: 1 }";
    const { completed, failed } = run({ store: "partitions: 3", comeAt: during, fault: one }).counters;
    expect(completed + failed).toBe(60);
    expect(failed).toBeGreaterThan(5);
    expect(completed).toBeGreaterThan(25);
  });

  test("is tried again for five seconds where the store is Redis: to the millisecond", () => {
    const long = "{ kind: kill-store, atMinutes: 1, downSeconds: 8 }";
    const { counters, histograms } = run({
      site: "mode: Custom",
      store: "provider: redis",
      comeAt: [62.999, 63, 67.5],
      fault: long,
    });
    expect(counters).toMatchObject({ completed: 2, failed: 1, failures: { "session store unreachable": 1 } });
    // Tried after 0.02 s, then each second; the last try comes at the very end of the five.
    expect(percentileMs(histograms.response!, 100)).toBeCloseTo(5000, -1);
    expect(percentileMs(histograms.response!, 1)).toBeCloseTo(1020, -1);
  });

  test("is ridden out in SQLServer mode where sqlConnectionRetryInterval has seconds, and not where it is a whole minute", () => {
    const asked = struck({ site: "mode: SQLServer", comeAt: [61], fault });
    const retrying = (connectionRetryMs: number | null) =>
      runReplication({ ...asked, store: { ...asked.store, connectionRetryMs } }, 1);
    expect(retrying(30_000).counters).toMatchObject({ completed: 1, failed: 0 });
    expect(slowestMs(retrying(30_000))).toBeCloseTo(5000, -1);
    expect(retrying(60_000).counters).toMatchObject({ completed: 0, failed: 1 });
    expect(retrying(null).counters).toMatchObject({ completed: 1, failed: 0 });
  });

  test("leaves a lock in a database whose owner could not release it, until it is older than a request may last", () => {
    const { counters, faults } = run({
      site: "mode: SQLServer, executionTimeoutSeconds: 20",
      comeAt: [1],
      workload: "requestsPerVisit: 4\n  thinkSeconds: { kind: constant, value: 18.4 }",
      page: ", waitMs: 1000",
      fault,
    });
    // The fourth request, from 59.2 on, holds the lock when the store goes: it fails on releasing it.
    expect(counters.failures).toEqual({ "session store unreachable": 1 });
    expect(faults[0]?.sessionsLost).toBe(0);
    const goesOn = run({
      site: "mode: SQLServer, executionTimeoutSeconds: 20",
      comeAt: [1],
      workload: "requestsPerVisit: 5\n  thinkSeconds: { kind: constant, value: 18.4 }",
      page: ", waitMs: 1000",
      fault,
    });
    expect(goesOn.counters).toMatchObject({ lockBreaks: 1, completed: 4, failed: 1 });
  });
});

describe("a store that stands still", () => {
  const fault = "{ kind: pause-store, atMinutes: 1, forSeconds: 4 }";

  test("makes everybody wait until it goes on, and loses nothing", () => {
    const record = run({ comeAt: [59, 60.001, 63.999, 64], fault });
    expect(record.counters).toMatchObject({ completed: 4, failed: 0, lost: 0, stored: 4 });
    expect(slowestMs(record)).toBeCloseTo(3999, -1);
  });

  test("fails who has waited as long as the network may take", () => {
    const store = "networkTimeoutSeconds: 1.5";
    const { counters } = run({ store, comeAt: [62.499, 62.501], fault });
    expect(counters).toMatchObject({ completed: 1, failed: 1, failures: { "session store timed out": 1 } });
  });

  test("holds up nobody who comes later in the place of one that gave up while it was served", () => {
    // The second waits for the first until 59.8, would be served until 60.6, and gives up at 60.1.
    const asked = struck({ store: "networkTimeoutSeconds: 1", comeAt: [59, 59.1, 70], fault });
    const { calibration } = asked;
    const served = { ...nothing, storeMs: { kind: "constant", value: 800 } as const };
    const operations = { ...calibration.operations, setAndReleaseItemExclusive: served };
    const record = runReplication({ ...asked, calibration: { ...calibration, operations, storeConcurrency: 1 } }, 1);
    expect(record.counters).toMatchObject({ completed: 2, failed: 1 });
    expect(slowestMs(record)).toBe(800);
  });

  test("does afterwards what it was asked by who gave up: his session stays locked", () => {
    const { counters } = run({
      site: "mode: StateServer, executionTimeoutSeconds: 6",
      store: "networkTimeoutSeconds: 1",
      comeAt: [59],
      workload: "requestsPerVisit: 3\n  thinkSeconds: { kind: constant, value: 3 }",
      fault,
    });
    // The second request locks at 62 and gives up at 63; the third, at 66, finds that lock and breaks it at 68.
    expect(counters).toMatchObject({ completed: 2, failed: 1, lockBreaks: 1, lockWaits: 1 });
  });
});

describe("a way to the store", () => {
  test("that is slow takes so much longer each way, as long as it lasts", () => {
    const fault = "{ kind: slow-store, atMinutes: 1, forSeconds: 2, delayMs: 300 }";
    const record = run({ comeAt: [60.001, 61.999, 62], fault });
    expect(record.counters).toMatchObject({ completed: 3, failed: 0, lost: 0 });
    expect(slowestMs(record)).toBeCloseTo(600, -1);
    expect(percentileMs(record.histograms.response!, 1)).toBe(0);
  });

  test("that is cut fails who comes, at once, and loses no session", () => {
    const fault = "{ kind: cut-store, atMinutes: 1, forSeconds: 2 }";
    const { counters } = run({ comeAt: [59, 60.001, 61.999, 62], fault });
    expect(counters).toMatchObject({ completed: 2, failed: 2, lost: 0, stored: 2 });
  });

  test("that is cut in silence fails who has waited for exactly the network timeout, and brings the others what they sent", () => {
    const fault = "{ kind: cut-store, atMinutes: 1, forSeconds: 12, silent: true }";
    const record = run({ comeAt: [61.999, 62.001], fault });
    expect(record.counters).toMatchObject({ completed: 1, failed: 1, failures: { "session store timed out": 1 } });
    expect(slowestMs(record)).toBeCloseTo(9999, -1);
  });

  test("in SQLServer mode is given up after the time of a command", () => {
    const fault = "{ kind: cut-store, atMinutes: 1, forSeconds: 40, silent: true }";
    const site = "mode: SQLServer";
    expect(run({ site, comeAt: [69.999, 70.001], fault }).counters).toMatchObject({ completed: 1, failed: 1 });
  });
});

describe("a worker", () => {
  const killed = "{ kind: kill-worker, atMinutes: 1, downSeconds: 2 }";

  test("that is killed breaks the connections of those it served; who comes meanwhile waits for the next worker", () => {
    const record = run({ comeAt: [59.9, 60.001, 61.999, 62], page: ", waitMs: 200", fault: killed });
    expect(record.counters).toMatchObject({ completed: 3, failed: 1, failures: { "connection reset": 1 } });
    expect(slowestMs(record)).toBeCloseTo(2199, -1);
    expect(record.faults).toMatchObject([{ downMs: 2000, failures: { "connection reset": 1 } }]);
  });

  test.each([
    ["InProc", 2],
    ["StateServer", 0],
    ["SQLServer", 0],
  ])("that is killed in mode %s takes %i sessions with it", (mode, lost) => {
    const { counters, faults } = run({ site: `mode: ${mode}`, comeAt: [1, 2], fault: killed });
    expect(counters).toMatchObject({ lost, stored: 2 - lost });
    expect(faults[0]?.sessionsLost).toBe(lost);
  });

  test("of several takes its own sessions alone", () => {
    const comeAt = Array.from({ length: 40 }, (_, n) => n + 1);
    const site = "mode: InProc, servers: 2, workersPerServer: 2";
    const lost = [1, 2, 3, 4].map((worker) => {
      const fault = `{ kind: kill-worker, atMinutes: 1, downSeconds: 2, worker: ${worker} }`;
      return run({ site, comeAt, fault }).counters.lost;
    });
    expect(lost.reduce((sum, count) => sum + count, 0)).toBe(40);
    for (const count of lost) expect(count).toBeGreaterThan(0);
  });

  test("leaves a lock behind in a store outside, that another breaks once it is old enough", () => {
    const { counters } = run({
      site: "mode: StateServer, executionTimeoutSeconds: 5",
      comeAt: [50],
      workload: "requestsPerVisit: 3\n  thinkSeconds: { kind: constant, value: 3 }",
      page: ", waitMs: 4000",
      fault: killed,
    });
    // Its second request is under way from 57 to 61; the third, at 63, may break that lock.
    expect(counters).toMatchObject({ completed: 2, failed: 1, lockBreaks: 1, lost: 0 });
  });

  test("that stands still delays what it has on its cores and what comes, and loses nothing", () => {
    const fault = "{ kind: pause-worker, atMinutes: 1, forSeconds: 2 }";
    const asked = struck({ site: "mode: InProc", comeAt: [59.9, 60.5], fault });
    const page = { ...asked.workload.pages[0]!, cpuMs: { kind: "constant", value: 500 } as const };
    const record = runReplication({ ...asked, workload: { ...asked.workload, pages: [page] } }, 1);
    expect(record.counters).toMatchObject({ completed: 2, failed: 0, lost: 0 });
    expect(slowestMs(record)).toBeCloseTo(2500, -1);
    expect(Math.round(percentileMs(record.histograms.response!, 1) ?? 0)).toBeCloseTo(2400, -1);
  });

  test("of a web garden is stood in for by the others, unless visitors are bound to it", () => {
    const comeAt = Array.from({ length: 40 }, (_, n) => 60.01 + n / 100);
    const site = "mode: StateServer, workersPerServer: 2, affinity:";
    expect(slowestMs(run({ site: `${site} false`, comeAt, fault: killed }))).toBe(0);
    expect(slowestMs(run({ site: `${site} true`, comeAt, fault: killed }))).toBeGreaterThan(1500);
  });
});

describe("whose page failed", () => {
  const fault = "{ kind: kill-store, atMinutes: 1, downSeconds: 10 }";
  // Ten a second, a page each, from 30 s to 90 s.
  const comeAt = Array.from({ length: 600 }, (_, n) => 30.05 + n / 10);
  const workload = (rule: string) => `requestsPerVisit: 1\n  ${rule}`;

  test("comes again ten seconds later, so that a site back after ten has twice the load for as long", () => {
    const rule = "whenFailed: { kind: retry, afterSeconds: { kind: constant, value: 10 }, attemptsMax: 5 }";
    const { counters, faults } = run({ comeAt, workload: workload(rule), fault });
    expect(counters).toMatchObject({ visits: 600, requests: 700, failed: 100, completed: 600 });
    const { fromMs, stepMs, completed } = faults[0]!.timeline!;
    const between = (from: number, to: number) =>
      completed.slice((from - fromMs) / stepMs, (to - fromMs) / stepMs).reduce((sum, count) => sum + count, 0);
    expect(between(-2000, 0)).toBe(20);
    expect(between(10_000, 12_000)).toBe(40);
  });

  test("gives up after so many attempts, or at once where he leaves; else he goes on", () => {
    const retry = "whenFailed: { kind: retry, afterSeconds: { kind: constant, value: 1 }, attemptsMax: 2 }";
    const impatient = run({ comeAt, workload: workload(retry), fault }).counters;
    // Who came in the last two seconds but a bit is answered at an attempt; all before have had three.
    expect(impatient).toMatchObject({ completed: 520, failed: 80 * 3 + 10 * 2 + 10 });
    const pages = "requestsPerVisit: 2\n  thinkSeconds: { kind: constant, value: 20 }";
    expect(run({ comeAt, workload: `${pages}\n  whenFailed: { kind: leave }`, fault }).counters.requests).toBe(
      1200 - 100,
    );
    expect(run({ comeAt, workload: pages, fault }).counters.requests).toBe(1200);
  });
});

describe("where requests take no time", () => {
  const text = (mode: string, fault: string) => `
site: { mode: ${mode}, timeoutMinutes: 20, servers: ${mode === "InProc" ? 2 : 1} }
workload: { arrivals: 2 }
faults: [${fault}]
run: { fidelity: population, durationMinutes: 60, warmupMinutes: 5 }`;
  const killStore = "{ kind: kill-store, atMinutes: 30 }";

  test("a kill takes the sessions of the store that does not keep them, or of one worker", () => {
    const lostIn = (mode: string, fault: string) => {
      const { counters, faults, series } = runReplication(scenarioOf(text(mode, fault)), 3);
      expect(faults).toMatchObject([{ sessionsLost: counters.lost, recoveryMs: null, failures: {} }]);
      return { lost: counters.lost, stored: series.columns.stored?.[119] ?? 0 };
    };
    const all = lostIn("StateServer", killStore);
    expect(all.lost / all.stored).toBeCloseTo(1, 1);
    const one = lostIn("InProc", "{ kind: kill-worker, atMinutes: 30, worker: 2 }");
    expect(one.lost / one.stored).toBeCloseTo(0.5, 1);
    expect(lostIn("SQLServer", killStore).lost).toBe(0);
  });

  test("a report says what of a fault is not seen", () => {
    const { audit } = simulate(scenarioOf(text("StateServer", `${killStore}, { kind: pause-store, atMinutes: 40 }`)));
    expect(audit.findings.join("\n")).toMatch(/Of kill-store only the loss of sessions is seen.*fidelity to requests/);
    expect(audit.findings.join("\n")).toMatch(/pause-store changes nothing where requests take no time/);
  });
});

test("several replications give one record a fault, in means", () => {
  const scenario = scenarioOf(`
site: { mode: StateServer, timeoutMinutes: 20 }
workload: { arrivals: 2, thinkSeconds: 3 }
faults: [{ kind: kill-store, atMinutes: 3, downSeconds: 2 }]
run: { durationMinutes: 5, warmupMinutes: 1, replications: 4 }`);
  const { faults, counters } = simulate(scenario);
  expect(faults).toHaveLength(1);
  expect(faults[0]?.sessionsLost).toBe(counters.lost / 4);
  expect(faults[0]?.failures["session store unreachable"]).toBe(
    (counters.failures["session store unreachable"] ?? 0) / 4,
  );
  expect(faults[0]?.recoveryMs).toBeGreaterThan(1500);
});

describe("refused, because it cannot be", () => {
  const refusal = (site: string, fault: string, store = "") => {
    try {
      refuseUnmodelled(struck({ site, store, comeAt: [1], fault }));
      return "";
    } catch (error) {
      return error instanceof InputError ? error.message : String(error);
    }
  };

  test.each([
    ["mode: InProc", "{ kind: cut-store, atMinutes: 1 }", "", /cut-store in mode InProc.*process of its own/],
    ["mode: InProc", "{ kind: kill-worker, atMinutes: 1, worker: 3 }", "", /kill-worker of worker 3.*one worker/],
    ["mode: StateServer", "{ kind: cut-store, atMinutes: 1, partition: 2 }", "", /partition 2.*1 to 1/],
    ["mode: SQLServer", "{ kind: pause-store, atMinutes: 1 }", "provider: sqlite", /sqlite is part of the worker/],
    ["mode: Custom", "{ kind: kill-store, atMinutes: 1 }", "provider: module, module: ./x.ts", /whether it keeps/],
    [
      "mode: StateServer",
      "{ kind: kill-store, atMinutes: 1, downSeconds: 20 }, { kind: cut-store, atMinutes: 1.2 }",
      "",
      /cut-store at minute 1.2 while kill-store lasts/,
    ],
  ])("%s with %s", (site, fault, store, words) => {
    expect(refusal(site, fault, store)).toMatch(words);
  });

  test("two workers may be struck at one time", () => {
    const kill = (worker: number) => `{ kind: kill-worker, atMinutes: 1, downSeconds: 9, worker: ${worker} }`;
    expect(refusal("mode: InProc, servers: 2", `${kill(1)}, ${kill(2)}`)).toBe("");
  });
});
