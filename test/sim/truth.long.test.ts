// The simulation of sliding sessions against closed forms: every figure inside a 99.9 % interval computed over independent replications. Seeds are
// fixed, so a failure is a change of the engine, not bad luck.

import { describe, expect, test, vi } from "vitest";
import { scenarioOf } from "../scenario-of.ts";
import { agrees, type Figure, formOf, lifetimeSeconds, liveMean, replicate, storedMean } from "./agreement.ts";

const fault = vi.hoisted(() => ({ bucketsLate: 0 }));

// The engine itself, or the engine with a mistake in it: sessions expire one bucket of the cache too late.
vi.mock("../../sim/population/session-lives.ts", async (importOriginal) => {
  const original = await importOriginal<typeof import("../../sim/population/session-lives.ts")>();
  const createSessionLives: typeof original.createSessionLives = (options) => {
    const { site } = options;
    const timeoutMs = (site.timeoutMs ?? 0) + fault.bucketsLate * site.expirySweepMs;
    return original.createSessionLives({ ...options, site: { ...site, timeoutMs } });
  };
  return { ...original, createSessionLives };
});

const thinkLaws = [
  "{ kind: exponential, mean: 30 }",
  "{ kind: exponential, mean: 600 }",
  "{ kind: lognormal, mean: 60, sigma: 1.5 }",
  "{ kind: pareto, min: 10, shape: 1.5 }",
  "{ kind: empirical, quantiles: [1, 5, 20, 90, 2000] }",
];

describe.each(["InProc", "StateServer", "SQLServer"])("a sliding session in mode %s", (mode) => {
  test.each(thinkLaws)("is stored, lives and lasts as long as the formula says, think time %s", (think) => {
    const scenario = scenarioOf(`
site: { mode: ${mode}, timeoutMinutes: 20, expirySlideMinSeconds: 0 }
workload:
  arrivals: 2
  requestsPerVisit: { kind: geometric, mean: 5 }
  thinkSeconds: ${think}
run: { fidelity: population, durationMinutes: 450, warmupMinutes: 150, replications: 6, seed: 11 }`);
    const records = replicate(scenario);
    expect(agrees(records, storedMean, formOf(scenario, "storedSessionsMean"))).toBe(true);
    expect(agrees(records, liveMean, formOf(scenario, "liveSessionsMean"))).toBe(true);
    expect(agrees(records, lifetimeSeconds, formOf(scenario, "sessionLifetimeMeanSeconds"))).toBe(true);
  });
});

test("logouts shorten what is stored as the formula says", () => {
  const scenario = scenarioOf(`
site: { timeoutMinutes: 10, expirySlideMinSeconds: 0 }
workload: { arrivals: 3, requestsPerVisit: { kind: geometric, mean: 3 }, thinkSeconds: { kind: exponential, mean: 60 }, logoutShare: 0.6 }
run: { fidelity: population, durationMinutes: 500, warmupMinutes: 100, replications: 6, seed: 12 }`);
  const records = replicate(scenario);
  expect(agrees(records, storedMean, formOf(scenario, "storedSessionsMean"))).toBe(true);
  expect(agrees(records, lifetimeSeconds, formOf(scenario, "sessionLifetimeMeanSeconds"))).toBe(true);
});

test("the check fails when the engine is wrong: sessions that expire one bucket late are noticed", () => {
  const scenario = scenarioOf(`
site: { timeoutMinutes: 20, expirySlideMinSeconds: 0 }
workload: { arrivals: 2, requestsPerVisit: { kind: geometric, mean: 5 }, thinkSeconds: { kind: exponential, mean: 30 } }
run: { fidelity: population, durationMinutes: 450, warmupMinutes: 150, replications: 6, seed: 11 }`);
  const truths: [Figure, string][] = [
    [storedMean, "storedSessionsMean"],
    [liveMean, "liveSessionsMean"],
    [lifetimeSeconds, "sessionLifetimeMeanSeconds"],
  ];
  const verdicts = () => {
    const records = replicate(scenario);
    return truths.map(([figure, key]) => agrees(records, figure, formOf(scenario, key)));
  };
  expect(verdicts()).toEqual([true, true, true]);
  fault.bucketsLate = 1;
  try {
    expect(verdicts()).toEqual([false, false, false]);
  } finally {
    fault.bucketsLate = 0;
  }
});
