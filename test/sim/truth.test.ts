// The simulation against closed forms: every figure inside a 99.9 % interval computed over independent replications. Seeds are
// fixed, so a failure is a change of the engine, not bad luck.

import { describe, expect, test, vi } from "vitest";
import type { Scenario } from "../../config/scenario.ts";
import { meanInterval } from "../../metrics/confidence.ts";
import type { RunRecord } from "../../metrics/run-record.ts";
import { closedFormsOf } from "../../sim/analytic/closed-forms.ts";
import { runReplication } from "../../sim/run-replication.ts";
import { replicationSeed } from "../../workload/random-stream.ts";
import { scenarioOf } from "../scenario-of.ts";

const fault = vi.hoisted(() => ({ bucketsLate: 0 }));

// The engine itself, or the engine with a mistake in it: sessions expire one bucket of the cache too late.
vi.mock("../../sim/model/session-table.ts", async (importOriginal) => {
  const original = await importOriginal<typeof import("../../sim/model/session-table.ts")>();
  const createSessionTable: typeof original.createSessionTable = (options) => {
    const { site } = options;
    const timeoutMs = (site.timeoutMs ?? 0) + fault.bucketsLate * site.expirySweepMs;
    return original.createSessionTable({ ...options, site: { ...site, timeoutMs } });
  };
  return { ...original, createSessionTable };
});

type Figure = (record: RunRecord) => number;
const storedMean: Figure = (record) => record.observations.storedSessionsMean ?? Number.NaN;
const liveMean: Figure = (record) => record.observations.liveSessionsMean ?? Number.NaN;
const lifetimeSeconds: Figure = (record) => (record.observations.sessionLifetimeMeanMs ?? Number.NaN) / 1000;
const refusedShare: Figure = ({ measured }) => measured.refused / measured.arrivals;

function replicate(scenario: Scenario): RunRecord[] {
  const { replications, seed } = scenario.run;
  return Array.from({ length: replications }, (_, n) => runReplication(scenario, replicationSeed(seed, n)));
}

function agrees(records: readonly RunRecord[], figure: Figure, truth: number): boolean {
  const interval = meanInterval(records.map(figure), 0.999, "");
  return interval !== null && interval.low <= truth && truth <= interval.high;
}

function formOf(scenario: Scenario, key: string): number {
  const form = closedFormsOf(scenario)[key];
  if (form === undefined) throw new Error(`no closed form for ${key}`);
  return form.value;
}

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

describe("the share refused at the cap is Erlang's", () => {
  const caps = [1, 2, 5, 10, 20, 35, 50, 80, 120, 200];
  const loads = [0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.3, 1.6, 2];
  test.each(caps)("%i places, at ten loads from half to twice the places", (cap) => {
    for (const [i, load] of loads.entries()) {
      // One visit is stored for 300 s of timeout and two think times of 30 s on average: 360 s.
      const perSecond = (cap * load) / 360;
      const durationMinutes = Math.min(2_000_000, Math.ceil(4000 / perSecond / 60) + 60);
      const scenario = scenarioOf(`
site: { timeoutMinutes: 5, sessionsMax: ${cap}, expirySweepSeconds: 0, expirySlideMinSeconds: 0 }
workload: { arrivals: ${perSecond}, requestsPerVisit: { kind: geometric, mean: 3 }, thinkSeconds: { kind: exponential, mean: 30 } }
run: { fidelity: population, durationMinutes: ${durationMinutes}, warmupMinutes: 60, replications: 8, seed: ${7919 * cap + i} }`);
      const truth = formOf(scenario, "refusedShare");
      const records = replicate(scenario);
      const refused = records.reduce((sum, record) => sum + record.measured.refused, 0);
      const arrivals = records.reduce((sum, record) => sum + record.measured.arrivals, 0);
      if (arrivals * truth < 20) {
        // Too rare for an interval of its own: the count is Poisson, and lies below this bound in 99.95 % of cases.
        expect(refused, `load ${load}`).toBeLessThan(arrivals * truth + 3.3 * Math.sqrt(arrivals * truth) + 6);
      } else {
        const message = `load ${load}: simulated ${refused / arrivals}, Erlang ${truth}`;
        expect(agrees(records, refusedShare, truth), message).toBe(true);
      }
    }
  });
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
