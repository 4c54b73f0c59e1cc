// The fast population model against the plain one: whatever the site and its visitors do, both see the same.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Scenario } from "../../../config/scenario.ts";
import { runPopulation } from "../../../sim/population/run-population.ts";
import { scenarioOf } from "../../scenario-of.ts";
import { plainPopulation } from "./plain-population.ts";

function expectTheSame(scenario: Scenario, seed: number): number {
  const plain = plainPopulation(scenario, seed);
  const { counters, observations } = runPopulation(scenario, seed, {});
  const { visits, requests, started, refused, expired, abandoned, lost, revived, stored } = counters;
  expect({ visits, requests, started, refused, expired, abandoned, lost, revived, stored }).toEqual(plain.counts);
  expect(counters.storeCalls).toEqual(plain.storeCalls);
  expect(observations.storedSessionsMax).toBe(plain.storedMax);
  const near = (value: number | null, truth: number | null) => {
    if (value === null || truth === null) expect(value).toBe(truth);
    else expect(Math.abs(value - truth)).toBeLessThanOrEqual(1e-9 * Math.max(1, truth));
  };
  near(observations.storedSessionsMean, plain.storedMean);
  near(observations.liveSessionsMean, plain.liveMean);
  near(observations.sessionLifetimeMeanMs, plain.lifetimeMeanMs);
  return plain.events;
}

const DEPLOY = "{ kind: rolling-deploy, atMinutes: 20, everySeconds: 200, downSeconds: 150 }";
const either = (...texts: string[]) => fc.constantFrom(...texts);
const scenarios = fc
  .record({
    mode: either("InProc", "InProc", "InProc, technology: asp", "StateServer", "SQLServer", "Custom", "Off"),
    timeout: either("1", "2", "5", "20"),
    cap: either("0", "5", "30", "60", "200", "4294967295"),
    sweep: either("0", "20", "7"),
    slide: either("0", "1", "10"),
    servers: either("1", "1", "2", "3"),
    partitions: either("1", "1", "3"),
    affinity: fc.boolean(),
    start: fc.boolean(),
    deploy: fc.boolean(),
    recycle: either("", "recycleEveryMinutes: 17,"),
    faults: either(
      "",
      "{ kind: kill-worker, atMinutes: 11, worker: 2 }, { kind: kill-store, atMinutes: 16, partition: 1 }, { kind: kill-worker, atMinutes: 22 }, { kind: kill-worker, atMinutes: 22, worker: 3 }, { kind: recycle, atMinutes: 30 }, { kind: kill-store, atMinutes: 33.3 }",
    ),
    arrivals: either(
      "0.5",
      "1",
      "{ kind: burst, perSecond: 0.3, burstPerSecond: 3, burstAtMinutes: 15, burstMinutes: 5 }",
    ),
    requests: either("2", "5", "10"),
    think: either(
      "{ kind: exponential, mean: 30 }",
      "{ kind: exponential, mean: 100, max: 300 }",
      "{ kind: lognormal, mean: 60, sigma: 1.5 }",
      "{ kind: pareto, min: 10, shape: 1.5 }",
    ),
    pages: either(
      "",
      "pages: [{ name: a, share: 1, session: read-only }],",
      "pages: [{ name: a, share: 1, changedShare: 0 }],",
      "pages: [{ name: a, share: 1, changedShare: 0.3 }, { name: b, share: 1, session: read-only }, { name: c, share: 0.5, session: none }],",
    ),
    parallel: either("", "parallel: { share: 0.3, requests: 2 },"),
    logout: either("", "logoutShare: 0.3,"),
    cookies: either("", "withoutCookiesShare: 0.2,"),
    refused: either("", "whenRefused: { kind: retry, afterSeconds: { kind: exponential, mean: 30 }, attemptsMax: 3 },"),
    warmup: either("0", "7.7", "15"),
  })
  .map((is) =>
    scenarioOf(`
site: { mode: ${is.mode}, timeoutMinutes: ${is.timeout}, sessionsMax: ${is.cap}, expirySweepSeconds: ${is.sweep}, expirySlideMinSeconds: ${is.slide}, servers: ${is.servers}, affinity: ${is.affinity}, ${is.recycle} sessionStart: ${is.start} }
store: { partitions: ${is.partitions} }
faults: [${is.deploy && is.servers !== "1" ? DEPLOY : is.faults}]
workload: { arrivals: ${is.arrivals}, requestsPerVisit: { kind: geometric, mean: ${is.requests} }, ${is.pages} ${is.parallel} ${is.logout} ${is.cookies} ${is.refused} thinkSeconds: ${is.think} }
run: { fidelity: population, durationMinutes: 45, warmupMinutes: ${is.warmup}, replications: 1 }`),
  );

describe("the walk ahead sees what the plain model sees", () => {
  test("in 100 random scenarios", () => {
    const property = fc.property(scenarios, fc.integer({ min: 1, max: 1000 }), (scenario, seed) => {
      expectTheSame(scenario, seed);
    });
    fc.assert(property, { seed: 20, numRuns: 100 });
  });

  test("over a million events", () => {
    const busy = (mode: string, cap: number) =>
      scenarioOf(`
site: { mode: ${mode}, timeoutMinutes: 5, sessionsMax: ${cap} }
workload: { arrivals: 1, requestsPerVisit: { kind: geometric, mean: 10 }, thinkSeconds: { kind: exponential, mean: 40 }, logoutShare: 0.1 }
run: { fidelity: population, durationMinutes: 600, warmupMinutes: 60, replications: 1 }`);
    let events = 0;
    for (const [mode, cap] of [
      ["InProc", 600],
      ["StateServer", 4294967295],
      ["SQLServer", 640],
    ] as const) {
      for (const seed of [1, 2]) events += expectTheSame(busy(mode, cap), seed);
    }
    expect(events).toBeGreaterThan(1_000_000);
  });
});
