// Own time and waking of a site whose truth is known, and of its processor clock.

import { describe, expect, test } from "vitest";
import { countedPerMs, fitWaking, siteCosts, wakingMs } from "../../../bench/calibrate/site-costs.ts";
import { draws } from "../../reports/fixture-result.ts";
import { cpuMsAt, plantedFinds, plantedRuns, quietSite } from "./planted-site.ts";

const RATES = [50, 150, 400];

function emptyPages(ownMs: number, waking: { cpuMsMax: number; afterMs: number }, noise = () => 1) {
  return RATES.map((requestsPerSecond) => ({
    requestsPerSecond,
    cpuMsPerRequest: cpuMsAt(requestsPerSecond, ownMs, waking) * noise(),
  }));
}

describe("own time and waking", () => {
  test.each([
    [0.15, 0.5, 5],
    [0.25, 0.3, 2],
    [0.05, 1.2, 20],
  ])("of %f ms, %f ms after %f ms are found again", (ownMs, cpuMsMax, afterMs) => {
    const found = fitWaking(emptyPages(ownMs, { cpuMsMax, afterMs }));
    // afterMs is tried in steps of 12 %, and what it misses the other two make up for.
    expect(Math.abs(Math.log(found.afterMs / afterMs))).toBeLessThan(0.13);
    expect(Math.abs(found.cpuMsMax / cpuMsMax - 1)).toBeLessThan(0.1);
    expect(Math.abs(found.ownMs - ownMs)).toBeLessThan(0.05 * (ownMs + cpuMsMax));
  });

  test("measured with one percent of noise tell any rate between those that were measured to within three", () => {
    const truth = { ownMs: 0.2, waking: { cpuMsMax: 0.5, afterMs: 5 } };
    for (let seed = 1; seed <= 40; seed++) {
      const draw = draws(seed);
      const found = fitWaking(emptyPages(truth.ownMs, truth.waking, () => 1 + 0.02 * (draw() - 0.5)));
      for (const perSecond of [50, 80, 120, 150, 220, 300, 400]) {
        const told = cpuMsAt(perSecond, found.ownMs, found);
        const true_ = cpuMsAt(perSecond, truth.ownMs, truth.waking);
        expect(Math.abs(told / true_ - 1), `seed ${seed}, ${perSecond} a second`).toBeLessThan(0.03);
      }
    }
  });

  test("a site that takes the same at every rate wakes for nothing", () => {
    const found = fitWaking(emptyPages(0.3, { cpuMsMax: 0, afterMs: 1 }));
    expect(found.cpuMsMax).toBeLessThan(1e-9);
    expect(found.ownMs).toBeCloseTo(0.3, 9);
  });

  test("a site that takes more the more it has to do has no waking, and neither time is ever negative", () => {
    for (let seed = 1; seed <= 60; seed++) {
      const draw = draws(seed);
      const found = fitWaking(RATES.map((rate) => ({ requestsPerSecond: rate, cpuMsPerRequest: 0.05 + draw() })));
      expect(found.cpuMsMax).toBeGreaterThanOrEqual(0);
      expect(found.ownMs).toBeGreaterThanOrEqual(-1e-12);
    }
    const rising = fitWaking(RATES.map((rate) => ({ requestsPerSecond: rate, cpuMsPerRequest: rate / 1000 })));
    expect(rising.cpuMsMax).toBe(0);
  });

  test("half of waking is met where the mean pause is as long as waking takes to come", () => {
    expect(wakingMs({ cpuMsMax: 0.8, afterMs: 5 }, { requestsPerSecond: 200 })).toBeCloseTo(0.4, 12);
  });
});

describe("the costs of a site", () => {
  const truth = {
    ...quietSite,
    ownMs: 0.2,
    waking: { cpuMsMax: 0.4, afterMs: 4 },
    roundTripMs: Array.from({ length: 199 }, (_, i) => 0.4 + (i / 199) ** 6),
  };

  test("are those that were planted", () => {
    const costs = siteCosts(plantedRuns(truth));
    expect(costs.waking?.cpuMsMax).toBeCloseTo(0.4, 1);
    expect(costs.requestCpuMs).toEqual({ kind: "constant", value: expect.closeTo(0.2, 1) });
    expect(costs.networkRoundTripMs).toEqual({ kind: "constant", value: 0 });
  });

  test("give the visitor's way its own law, with its tail and without the site's own time", () => {
    const { clientRoundTripMs } = siteCosts(plantedRuns(truth));
    if (clientRoundTripMs.kind !== "empirical") throw new Error("the way has the law that was seen");
    const { quantiles } = clientRoundTripMs;
    expect(quantiles[0]).toBeCloseTo(truth.roundTripMs[0], 3);
    expect(quantiles.at(-1)).toBeCloseTo(truth.roundTripMs[198], 3);
    expect(quantiles).toEqual(quantiles.toSorted((a, b) => a - b));
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(quantiles) / mean(truth.roundTripMs)).toBeCloseTo(1, 1);
  });

  test("know no waking where there is none, so that nothing is simulated of it", () => {
    const flat = RATES.map((rate) => plantedFinds(quietSite, "empty", 1024, rate));
    const rising = flat.map((find, i) => ({ ...find, cpuMsPerRequest: 0.2 + i / 100 }));
    expect(siteCosts([...rising, plantedFinds(quietSite, "page", 1024, 50)]).waking).toBeUndefined();
  });
});

describe("a processor clock", () => {
  const site = { ...quietSite, ownMs: 0.2, waking: { cpuMsMax: 0.4, afterMs: 4 } };

  test.each([1, 1.04, 1.3])("that counts %f ms for each that a page has its core is found out", (counted) => {
    const truth = countedPerMs(plantedRuns(site));
    expect(truth).toBeCloseTo(1, 2);
    expect(countedPerMs(plantedRuns({ ...site, countedPerMs: counted })) / truth).toBeCloseTo(counted, 6);
  });

  test("is never taken to be wrong by more than half, whatever was measured", () => {
    const runs = (cpuMsPerRequest: number) =>
      plantedRuns(site).map((find) => (find.kind === "page" ? { ...find, cpuMsPerRequest } : find));
    expect(countedPerMs(runs(0))).toBe(0.5);
    expect(countedPerMs(runs(40))).toBe(2);
  });
});
