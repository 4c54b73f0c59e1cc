// The sums that stand over the scenarios of farms, bots and crowds hold for what is simulated.

import path from "node:path";
import { describe, expect, test } from "vitest";
import { loadScenario } from "../../cli/load-scenario.ts";
import type { Fault, Scenario, Site } from "../../config/scenario.ts";
import { siteInMode } from "../../config/site-in-mode.ts";
import { runReplications, simulate } from "../../sim/simulate.ts";

const bundled = async (name: string) => {
  const { scenario } = await loadScenario(path.join(import.meta.dirname, "../../scenarios", `${name}.yaml`));
  return { ...scenario, run: { ...scenario.run, fidelity: "population" as const, replications: 3 } };
};

function storedMean(scenario: Scenario): number {
  return simulate(scenario).figures.find(({ key }) => key === "storedSessionsMean")?.value ?? Number.NaN;
}

function expectNear(value: number, expected: number): void {
  expect(Math.abs(value / expected - 1), `${value} beside ${expected}`).toBeLessThan(0.03);
}

describe("the farm", () => {
  const inProcess = (scenario: Scenario, changes: Partial<Site>, faults: readonly Fault[] = []): Scenario => ({
    ...scenario,
    site: { ...siteInMode(scenario.site, "InProc"), ...changes },
    faults,
  });

  test("holds 2,660 sessions in its state service, and a deploy loses none", async () => {
    const farm = await bundled("farm");
    expectNear(storedMean(farm), 2660);
    for (const fidelity of ["population", "requests"] as const) {
      const run = { ...farm.run, fidelity, replications: 1 };
      const [{ counters }] = runReplications({ ...farm, run });
      expect([counters.lost, counters.failed, counters.recycles]).toEqual([0, 0, 4]);
    }
  });

  test("holds 6,425 in process without affinity, 2,660 with it", async () => {
    const farm = await bundled("farm");
    expectNear(storedMean(inProcess(farm, { affinity: false })), 6425);
    expectNear(storedMean(inProcess(farm, { affinity: true })), 2660);
  });

  test("loses a quarter of its sessions with one of four workers, and all with a deploy", async () => {
    const farm = await bundled("farm");
    const killed: Fault = { kind: "kill-worker", atMs: 100 * 60_000, downMs: 1000, worker: 2 };
    for (const [affinity, stored] of [
      [true, 2660],
      [false, 6425],
    ] as const) {
      const lost = (faults: readonly Fault[]) =>
        runReplications(inProcess(farm, { affinity }, faults))[0].counters.lost;
      expect(Math.abs(lost([killed]) / (stored / 4) - 1)).toBeLessThan(0.12);
      expect(lost(farm.faults)).toBeGreaterThan(0.95 * stored);
    }
  });

  test("is no other as a web garden of one server: each worker keeps sessions of its own", async () => {
    const farm = await bundled("farm");
    const garden = inProcess(farm, { affinity: false, servers: 1, workersPerServer: 4 });
    expect(storedMean(garden)).toBe(storedMean(inProcess(farm, { affinity: false })));
  });
});

test("bots hold more than half of the 2,274 sessions", async () => {
  const bots = await bundled("bots");
  expectNear(storedMean(bots), 2274);
  expectNear(storedMean({ ...bots, workload: { ...bots.workload, withoutCookiesShare: 0 } }), 1330);
});

test("the flash crowd is about 24,000 newcomers beside 2,620, unless the recycle throws away what came until then", async () => {
  const crowd = await bundled("flash-crowd");
  const highest = (scenario: Scenario) => runReplications(scenario)[0].observations.storedSessionsMax;
  const whole = highest({ ...crowd, faults: [] });
  expect(whole).toBeGreaterThan(22_000);
  expect(whole).toBeLessThan(24_000 + 2620);
  // After the recycle 40/s come for five more minutes, and 40/s × 4 × 25 s of those before are still there and begin anew.
  const cut = highest(crowd);
  expect(cut).toBeGreaterThan(15_000);
  expect(cut).toBeLessThan(16_500);
});
