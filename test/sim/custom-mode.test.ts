// Mode Custom in virtual time: a store out of process that ends each session at its own moment, with the locks of ASP.NET or, where
// the store is one of express-session, without.

import { describe, expect, test } from "vitest";
import { siteInMode } from "../../config/site-in-mode.ts";
import type { RunResult } from "../../metrics/run-result.ts";
import { simulate } from "../../sim/simulate.ts";
import { scenarioOf } from "../scenario-of.ts";

const figure = (result: RunResult, key: string) => result.figures.find((one) => one.key === key);

const shop = (store: string, run: string, parallelShare = 0.5) =>
  scenarioOf(`
site: { mode: Custom, timeoutMinutes: 2 }
store: { ${store} }
workload:
  arrivals: 3
  requestsPerVisit: { kind: geometric, mean: 4 }
  thinkSeconds: { kind: exponential, mean: 10 }
  parallel: { share: ${parallelShare}, requests: 3 }
run: { durationMinutes: 14, warmupMinutes: 5, ${run} }`);

describe("a scenario in mode Custom", () => {
  test("has sessions that go at the moment they expire: stored is live", () => {
    for (const run of ["replications: 1, fidelity: population", "replications: 1, fidelity: requests"]) {
      const result = simulate(shop("provider: redis", run));
      const stored = figure(result, "storedSessionsMean")?.value ?? 0;
      expect(stored).toBeGreaterThan(300);
      expect(Math.abs(stored - (figure(result, "liveSessionsMean")?.value ?? 0))).toBeLessThan(1e-6 * stored);
    }
  });

  test("has the closed form of a store without a sweep beside it, and is near it", () => {
    const scenario = shop("provider: redis", "fidelity: population, replications: 20", 0);
    const stored = figure(simulate(scenario), "storedSessionsMean");
    const expected = stored?.closedForm?.value ?? Number.NaN;
    // 3/s × (2 min + 3 gaps of 10 s), a few gaps too long apart.
    expect(expected).toBeGreaterThan(440);
    expect(expected).toBeLessThan(451);
    expect(Math.abs((stored?.value ?? 0) / expected - 1)).toBeLessThan(0.01);
  });

  test("waits for locks in Redis, and never where the store knows none", () => {
    const redis = simulate(shop("provider: redis", "replications: 1"));
    const express = simulate(shop("provider: express-session, module: memorystore", "replications: 1"));
    expect(figure(redis, "lockWaitShare")?.value).toBeGreaterThan(0.1);
    expect(figure(express, "lockWaitShare")?.value).toBe(0);
    expect(figure(express, "responseP99Ms")?.value).toBeLessThan(500);
    expect(figure(redis, "storeUtilisation")?.value).toBeGreaterThan(0);
  });
});

test("a site in another mode has the expiry of that mode, unless both share it", () => {
  const { site } = scenarioOf("site: { expirySweepSeconds: 5 }\nworkload: { arrivals: 1 }");
  expect(siteInMode(site, "StateServer").expirySweepMs).toBe(5000);
  const custom = siteInMode(site, "Custom");
  expect([custom.expirySweepMs, custom.expirySlideMinMs]).toEqual([0, 0]);
  const back = siteInMode(custom, "InProc");
  expect([back.expirySweepMs, back.expirySlideMinMs]).toEqual([20_000, 1000]);
});
