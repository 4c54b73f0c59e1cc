// The request model against a slow and obvious one that shares none of its code: over a million events, and over scenarios that nobody
// thought of.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Scenario } from "../../../config/scenario.ts";
import { recordedValues } from "../../../metrics/latency-histogram.ts";
import { subtractCounters } from "../../../metrics/run-record.ts";
import { runRequests } from "../../../sim/model/run-requests.ts";
import { scenarioOf } from "../../scenario-of.ts";
import { runPlainSite } from "./plain-site.ts";

/** @returns events of the plain model. */
function expectAlike(scenario: Scenario, seed: number): number {
  const record = runRequests(scenario, seed, {});
  const plain = runPlainSite(scenario, seed);
  const { observations: seen, histograms } = record;
  const remote = scenario.site.mode !== "InProc";
  const { fixedBytes, bytesPerSession, bytesPerStateByte } = scenario.calibration.memory;
  const stores = remote ? scenario.store.partitions : scenario.site.servers * scenario.site.workersPerServer;
  const cores = scenario.site.servers * scenario.site.workersPerServer * scenario.site.coresPerWorker;
  expect(record.counters).toEqual(plain.counters);
  expect(record.measured).toEqual(subtractCounters(plain.atEnd, plain.atWarmup));
  expect(seen.storedSessionsMax).toBe(plain.storedMax);
  const figures: Record<string, [number | null, number | null]> = {
    stored: [seen.storedSessionsMean, plain.storedMean],
    live: [seen.liveSessionsMean, plain.liveMean],
    lifetime: [seen.sessionLifetimeMeanMs, plain.lifetimeMean],
    memory: [
      seen.memoryMeanBytes,
      fixedBytes * stores + bytesPerSession * plain.storedMean + bytesPerStateByte * plain.bytesMean,
    ],
    cores: [seen.coreUtilisation, plain.coresBusy / cores],
    store: [seen.storeUtilisation, remote ? plain.storeBusy / stores / scenario.calibration.storeConcurrency : null],
  };
  for (const [name, [fast, slow]] of Object.entries(figures)) {
    if (fast === null || slow === null) expect(fast, name).toBe(slow);
    else
      expect(Math.abs(fast - slow), `${name}: ${fast} and ${slow}`).toBeLessThanOrEqual(1e-9 * Math.abs(slow) + 1e-12);
  }
  for (const name of ["response", "lockWait"] as const) {
    const histogram = histograms[name];
    if (histogram === undefined) throw new Error(`no histogram of ${name}`);
    expect(recordedValues(histogram), name).toEqual(recordedValues(plain[name]));
  }
  return plain.events;
}

const pages = `[
    { name: browse, share: 5, session: read-only, cpuMs: { kind: exponential, mean: 3 } },
    { name: basket, share: 4, session: read-write, changedShare: 0.6, cpuMs: { kind: exponential, mean: 5 }, waitMs: { kind: exponential, mean: 60 } },
    { name: image, share: 1, session: none, cpuMs: 1 }]`;

describe("a site of some hundred sessions", () => {
  test.each([
    ["InProc", 32, 350_000],
    ["StateServer", 16, 350_000],
    ["SQLServer", 16, 350_000],
    ["Custom", 7, 120_000],
  ] as const)("in mode %s is the same in both models, event for event", (mode, minutes, events) => {
    const scenario = scenarioOf(`
site: { mode: ${mode}, timeoutMinutes: 1, coresPerWorker: 2, sessionsMax: 700, deleteJobSeconds: 45 }
workload:
  arrivals: 5
  requestsPerVisit: { kind: geometric, mean: 8 }
  thinkSeconds: { kind: exponential, mean: 15 }
  parallel: { share: 0.3, requests: 3 }
  logoutShare: 0.2
  stateBytes: { kind: lognormal, mean: 6000, sigma: 1 }
  whenRefused: { kind: retry, afterSeconds: 30, attemptsMax: 2 }
  pages: ${pages}
run: { durationMinutes: ${minutes}, warmupMinutes: 4, replications: 1 }`);
    expect(expectAlike(scenario, 11)).toBeGreaterThan(events);
  });
});

/** A small site and whoever comes to it, as a scenario file would have them. */
const smallScenario: fc.Arbitrary<string> = fc
  .record({
    mode: fc.constantFrom("InProc", "StateServer", "SQLServer", "Custom"),
    store: fc.constantFrom("", "provider: express-session, module: memorystore"),
    partitions: fc.constantFrom(1, 1, 2, 5),
    sessionsMax: fc.constantFrom(3, 20, 60, 1000),
    sessionStart: fc.boolean(),
    servers: fc.constantFrom(1, 1, 3),
    coresPerWorker: fc.constantFrom(1, 2, 8),
    affinity: fc.boolean(),
    lockPollMs: fc.constantFrom(124, 500, 700),
    executionTimeoutSeconds: fc.constantFrom(0.3, 1.2, 110),
    queueLimit: fc.constantFrom(1, 2, 50),
    sweepSeconds: fc.constantFrom(0, 7, 20, 90),
    slideSeconds: fc.constantFrom(0, 0, 10),
    jobSeconds: fc.constantFrom(11, 60, 150),
    jobRuns: fc.constantFrom(true, true, true, false),
    recycleMinutes: fc.constantFrom(0, 0, 3),
    deploy: fc.boolean(),
    wear: fc.constantFrom("", "", ", recycleAfterRequests: 60", ", recycleAtMemoryMB: 12.15"),
    arrivals: fc.constantFrom("0.3", "1.5", "{ kind: constant, perSecond: 0.7 }"),
    requests: fc.constantFrom("1", "{ kind: geometric, mean: 3 }", "{ kind: geometric, mean: 9 }"),
    think: fc.constantFrom("{ kind: exponential, mean: 12 }", "{ kind: lognormal, mean: 50, sigma: 1 }", "60", "0.5"),
    parallelShare: fc.constantFrom(0, 0.4, 1),
    parallelRequests: fc.integer({ min: 1, max: 6 }),
    spacingMs: fc.constantFrom(0, 30, 900),
    logoutShare: fc.constantFrom(0, 0.5),
    withoutCookiesShare: fc.constantFrom(0, 0, 0.3),
    changedShare: fc.constantFrom(0, 0.5, 1),
    waitMs: fc.constantFrom("0", "80", "{ kind: exponential, mean: 700 }"),
    pages: fc.constantFrom("write", "mixed"),
    retries: fc.boolean(),
    failed: fc.constantFrom(
      "",
      "{ kind: leave }",
      "{ kind: retry, afterSeconds: { kind: exponential, mean: 4 }, attemptsMax: 2 }",
    ),
  })
  .map((it) => {
    const basket = `{ name: basket, share: 3, changedShare: ${it.changedShare}, cpuMs: { kind: exponential, mean: 5 }, waitMs: ${it.waitMs} }`;
    const others =
      "{ name: browse, share: 3, session: read-only, cpuMs: 2 }, { name: image, share: 1, session: none, cpuMs: 0 }";
    return `
site: { mode: ${it.mode}, timeoutMinutes: 1, sessionsMax: ${it.sessionsMax}, sessionStart: ${it.sessionStart}, servers: ${it.servers},
  coresPerWorker: ${it.coresPerWorker}, affinity: ${it.affinity || it.servers === 1}, lockPollMs: ${it.lockPollMs},
  executionTimeoutSeconds: ${it.executionTimeoutSeconds}, requestQueueLimitPerSession: ${it.queueLimit},
  expirySweepSeconds: ${it.sweepSeconds}, expirySlideMinSeconds: ${it.slideSeconds}, deleteJobSeconds: ${it.jobSeconds},
  deleteJobRuns: ${it.jobRuns}${it.recycleMinutes > 0 ? `, recycleEveryMinutes: ${it.recycleMinutes}` : ""}${it.wear} }
store: { partitions: ${it.partitions}${it.mode === "Custom" && it.store !== "" ? `, ${it.store}` : ""} }
workload:
  arrivals: ${it.arrivals}
  requestsPerVisit: ${it.requests}
  thinkSeconds: ${it.think}
  parallel: { share: ${it.parallelShare}, requests: ${it.parallelRequests}, spacingMs: ${it.spacingMs} }
  logoutShare: ${it.logoutShare}
  withoutCookiesShare: ${it.withoutCookiesShare}
  stateBytes: { kind: exponential, mean: 3000 }
  whenRefused: ${it.retries ? "{ kind: retry, afterSeconds: { kind: exponential, mean: 9 }, attemptsMax: 3 }" : "{ kind: leave }"}
  ${it.failed === "" ? "" : `whenFailed: ${it.failed}`}
  pages: [${it.pages === "mixed" ? `${basket}, ${others}` : basket}]
run: { durationMinutes: 10, warmupMinutes: 2, replications: 1 }
faults: [${it.deploy && it.servers > 1 ? "{ kind: rolling-deploy, atMinutes: 4, everySeconds: 50, downSeconds: 45 }" : ""}]`;
  });

test("workers that must be woken, on a machine of another speed, are the same in both models", () => {
  fc.assert(
    fc.property(smallScenario, fc.integer({ min: 1, max: 1000 }), fc.constantFrom(3, 200), (text, seed, afterMs) => {
      const scenario = scenarioOf(text);
      const waking = { cpuMsMax: 9, afterMs };
      expectAlike({ ...scenario, calibration: { ...scenario.calibration, waking, pageCpuFactor: 1.7 } }, seed);
    }),
    { seed: 6, numRuns: 20 },
  );
});

test("small scenarios of every kind are the same in both models", () => {
  fc.assert(
    fc.property(smallScenario, fc.integer({ min: 1, max: 1000 }), (text, seed) => {
      expectAlike(scenarioOf(text), seed);
    }),
    { seed: 5, numRuns: 60 },
  );
});
