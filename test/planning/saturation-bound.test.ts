import { describe, expect, test } from "vitest";
import { saturationBound } from "../../planning/saturation-bound.ts";
import { scenarioAtLoad } from "../../planning/scenario-at-load.ts";
import { runReplication } from "../../sim/run-replication.ts";
import { scenarioOf } from "../scenario-of.ts";

const scenarioIn = (mode: string, cores = 1) =>
  scenarioOf(`
site: { mode: ${mode}, coresPerWorker: ${cores} }
workload:
  arrivals: { kind: poisson, perSecond: 1 }
  requestsPerVisit: { kind: fixed, value: 20 }
  thinkSeconds: 0.5
  pages:
    - { name: browse, share: 60, session: read-only, cpuMs: 3 }
    - { name: basket, share: 40, session: read-write, changedShare: 0.8, cpuMs: 5 }
  stateBytes: 4096
run: { durationMinutes: 3, warmupMinutes: 1 }
`);

describe("the bound of saturation", () => {
  test("is the inverse of what a request takes of a core", () => {
    const inProc = saturationBound(scenarioIn("InProc"));
    // 0.6 × 3 + 0.4 × 5 + 0.2 of the request + (0.6 × 1 + 0.4 × 2) calls of 0.0002.
    expect(inProc.coreMs).toBeCloseTo(4.00028, 9);
    expect(inProc.requestsPerSecond).toBeCloseTo(1000 / 4.00028, 6);
    expect(inProc.bottleneck).toBe("web cores");
    expect(saturationBound(scenarioIn("InProc", 2)).requestsPerSecond).toBeCloseTo(2000 / 4.00028, 6);
  });

  test("is the store's where the store is slower", () => {
    const scenario = scenarioIn("SQLServer", 64);
    const bound = saturationBound(scenario);
    // (0.8 + 0.02 × 4 KiB) of a get each, and of a set in 0.4 × 0.8; 0.8 of a release in 0.4 × 0.2.
    expect(bound.storeMs).toBeCloseTo(0.88 + 0.32 * 0.88 + 0.08 * 0.8, 9);
    expect(bound.bottleneck).toBe("store");
    expect(bound.requestsPerSecond).toBeCloseTo(8000 / bound.storeMs, 6);
  });

  test("is what keeps the simulated cores busy for the load's share of the time", () => {
    const scenario = scenarioIn("StateServer");
    const bound = saturationBound(scenario);
    const at = scenarioAtLoad(scenario, 0.5 * bound.requestsPerSecond, true).scenario;
    const record = runReplication(at, 3);
    const perSecond = (record.measured.requests / record.measuredMs) * 1000;
    const share = perSecond / bound.requestsPerSecond;
    expect(Math.abs(record.observations.coreUtilisation! / share - 1)).toBeLessThan(0.02);
  });
});
