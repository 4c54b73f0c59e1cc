// Formulas of sites whose workers have to be woken, and whose pages take another time than they say, beside simulations of them.

import { describe, expect, test } from "vitest";
import type { Calibration, Scenario } from "../../../config/scenario.ts";
import { meanMs, percentileMs } from "../../../metrics/latency-histogram.ts";
import { formsOf } from "../../../sim/analytic/closed-forms.ts";
import { requestWorks } from "../../../sim/analytic/demands.ts";
import { instantAnswer } from "../../../sim/analytic/instant.ts";
import { wakingLaw } from "../../../sim/analytic/waking-law.ts";
import { runRequests } from "../../../sim/model/run-requests.ts";
import { lawMean } from "../../../workload/distributions.ts";
import { scenarioOf } from "../../scenario-of.ts";

interface Site {
  readonly mode: string;
  readonly cores?: number;
  readonly perSecond: number;
  readonly waitMs?: number;
}

function siteOf({ mode, cores = 1, perSecond, waitMs = 0 }: Site, changes: Partial<Calibration>): Scenario {
  const session = mode === "Off" ? "none" : "read-write";
  const scenario = scenarioOf(`
site: { mode: ${mode}, coresPerWorker: ${cores} }
workload:
  arrivals: ${perSecond}
  requestsPerVisit: 1
  thinkSeconds: 1
  stateBytes: 2000
  pages: [{ name: page, share: 1, session: ${session}, changedShare: 1, waitMs: ${waitMs}, cpuMs: { kind: exponential, mean: 3 } }]
run: { durationMinutes: 12, warmupMinutes: 1, replications: 1 }`);
  const { waking: _, ...calibration } = scenario.calibration;
  return { ...scenario, calibration: { ...calibration, pageCpuFactor: 1, ...changes } };
}

const sites: readonly [Site, Partial<Calibration>][] = [
  [{ mode: "Off", perSecond: 100 }, { waking: { cpuMsMax: 0.6, afterMs: 5 } }],
  [{ mode: "Off", perSecond: 150 }, { waking: { cpuMsMax: 3, afterMs: 5 } }],
  [
    { mode: "InProc", perSecond: 100 },
    { waking: { cpuMsMax: 2, afterMs: 5 }, pageCpuFactor: 1.6 },
  ],
  [{ mode: "InProc", perSecond: 100, waitMs: 30 }, { waking: { cpuMsMax: 1, afterMs: 2 } }],
  [{ mode: "InProc", perSecond: 300, cores: 2 }, { waking: { cpuMsMax: 1, afterMs: 5 } }],
  [
    { mode: "StateServer", perSecond: 100 },
    { waking: { cpuMsMax: 2, afterMs: 2 }, pageCpuFactor: 0.7 },
  ],
  [{ mode: "SQLServer", perSecond: 250, cores: 2 }, { waking: { cpuMsMax: 1, afterMs: 3 } }],
];

describe.each(sites)("%o with %o", (site, changes) => {
  const scenario = siteOf(site, changes);
  const run = runRequests(scenario, 3, {});
  const { forms } = formsOf(scenario);
  const { response } = run.histograms;
  if (response === undefined) throw new Error("a run has responses");

  test.each([
    ["coreUtilisation", run.observations.coreUtilisation],
    ["responseMeanMs", meanMs(response)],
    ["responseP50Ms", percentileMs(response, 50)],
    ["responseP90Ms", percentileMs(response, 90)],
    ["responseP99Ms", percentileMs(response, 99)],
  ])("the simulation is within the tolerance of %s, and of chance", (key, seen) => {
    const form = forms[key];
    if (form === undefined || seen === null) throw new Error(`${key} has a form`);
    // A run of this length is off by 2 % in its means, by 4 % in its tail.
    const chance = key === "responseP99Ms" ? 0.04 : 0.02;
    expect(Math.abs(seen / form.value - 1), `${seen} beside ${form.value}`).toBeLessThan(
      chance + (form.tolerance ?? 0),
    );
  });
});

test("a page that takes so many times its time is one whose time is so many times as long, in every formula", () => {
  const site = { mode: "StateServer", perSecond: 50 };
  const factored = siteOf(site, { pageCpuFactor: 2 });
  const plain = siteOf(site, {});
  const [page] = plain.workload.pages;
  const cpuMs = { kind: "exponential" as const, mean: 6 };
  const longer = { ...plain, workload: { ...plain.workload, pages: [{ ...page, cpuMs }] } };
  const [one, other] = [instantAnswer(factored), instantAnswer(longer)];
  for (const [i, figure] of one.figures.entries()) {
    const { value } = other.figures[i];
    if (value === null || figure.value === null) expect(figure.value, figure.key).toBe(value);
    else expect(Math.abs(figure.value - value), figure.key).toBeLessThanOrEqual(1e-9 * Math.abs(value));
  }
  expect(one.saturation.requestsPerSecond).toBeCloseTo(other.saturation.requestsPerSecond, 9);
});

describe("waking in the formulas", () => {
  const waking = { cpuMsMax: 2, afterMs: 5 };

  test("changes nothing where it takes no time", () => {
    const site = { mode: "InProc", perSecond: 100 };
    const without = siteOf(site, {});
    const nothing = siteOf(site, { waking: { cpuMsMax: 0, afterMs: 5 } });
    expect(formsOf(nothing)).toEqual(formsOf(without));
  });

  test("is left out of saturation, at which one request follows on another", () => {
    const site = { mode: "InProc", perSecond: 100 };
    expect(instantAnswer(siteOf(site, { waking })).saturation).toEqual(instantAnswer(siteOf(site, {})).saturation);
  });

  test("takes all of it from the first who come, and the less the more often they come", () => {
    const means = [0.01, 1, 50, 150, 250, 300].map((perSecond) => {
      const scenario = siteOf({ mode: "Off", perSecond }, { waking });
      return wakingLaw(scenario, requestWorks(scenario), { perSecond, refusedPerSecond: 0 })?.meanMs ?? 0;
    });
    expect(means[0]).toBeCloseTo(2, 3);
    expect(means).toEqual(means.toSorted((a, b) => b - a));
    // A pause of 1000/300 ms, against 5.
    expect(means[5]).toBeCloseTo((2 * 10) / (10 + 15), 9);
  });

  test("has the mean that it says", () => {
    const scenario = siteOf({ mode: "Off", perSecond: 120 }, { waking });
    const law = wakingLaw(scenario, requestWorks(scenario), { perSecond: 120, refusedPerSecond: 0 });
    if (law === null) throw new Error("there is waking");
    expect(lawMean(law.law)).toBeCloseTo(law.meanMs, 9);
  });
});
