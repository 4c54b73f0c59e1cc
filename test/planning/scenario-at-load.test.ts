import { describe, expect, test } from "vitest";
import { forRequests, offeredPerSecond, scenarioAtLoad } from "../../planning/scenario-at-load.ts";
import { runReplication } from "../../sim/run-replication.ts";
import { scenarioOf } from "../scenario-of.ts";

const base = scenarioOf(`
site: { sessionsMax: 400 }
workload:
  arrivals: { kind: poisson, perSecond: 2 }
  requestsPerVisit: { kind: geometric, mean: 4 }
  thinkSeconds: 1
  parallel: { share: 0.5, requests: 2 }
  pages: [{ name: page, share: 1, session: read-write }]
  stateBytes: 1000
run: { durationMinutes: 60, warmupMinutes: 20, timeScale: 30 }
`);

describe("a scenario at a load", () => {
  test("offers visits × requests a visit in compressed time", () => {
    // 2 visits/s × 4 page views × (1 + 0.5 × 2) × 30.
    expect(offeredPerSecond(base)).toBeCloseTo(480, 9);
  });

  test("offers what was asked for, and says by what factor", () => {
    const { scenario, factor } = scenarioAtLoad(base, 120, true);
    expect(factor).toBeCloseTo(0.25, 12);
    expect(offeredPerSecond(scenario)).toBeCloseTo(120, 9);
  });

  test("lasts until so many requests came, after the same warm-up, in as many samples", () => {
    const { run } = forRequests(base, 48_000);
    // 480 a second: a hundred real seconds, thirty times as long in the scenario.
    expect(run.durationMs - run.warmupMs).toBeCloseTo(100_000 * 30, 3);
    expect(run).toMatchObject({ warmupMs: base.run.warmupMs, timeScale: 30 });
    expect(run.durationMs / run.sampleMs).toBeCloseTo(base.run.durationMs / base.run.sampleMs, 9);
  });

  test("is told by the mean over the measured part where the rate changes", () => {
    const arrivals = {
      kind: "burst",
      perSecond: 1,
      burstPerSecond: 3,
      burstAtMs: 1_200_000,
      burstMs: 1_200_000,
    } as const;
    const bursty = { ...base, workload: { ...base.workload, arrivals } };
    expect(offeredPerSecond(bursty)).toBeCloseTo(480, 9);
    expect(offeredPerSecond(scenarioAtLoad(bursty, 48, false).scenario)).toBeCloseTo(48, 9);
  });

  test("has a cap that grows and shrinks with it, unless it is to stay", () => {
    expect(scenarioAtLoad(base, 120, true).scenario.site.sessionsMax).toBe(100);
    expect(scenarioAtLoad(base, 120, false).scenario.site.sessionsMax).toBe(400);
    const open = { ...base, site: { ...base.site, sessionsMax: 4_294_967_295 } };
    expect(scenarioAtLoad(open, 120, true).scenario.site.sessionsMax).toBe(4_294_967_295);
  });

  test("brings so many requests when it is lived through", () => {
    const { scenario } = scenarioAtLoad({ ...base, site: { ...base.site, sessionsMax: 4_294_967_295 } }, 100, true);
    const { measured, measuredMs } = runReplication(scenario, 1);
    const perRealSecond = (measured.requests / measuredMs) * 1000 * scenario.run.timeScale;
    expect(Math.abs(perRealSecond - 100)).toBeLessThan(8);
  });
});
