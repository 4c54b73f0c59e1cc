// What a request takes beyond its own time because its worker had nothing to do before it came.

import { describe, expect, test } from "vitest";
import type { Calibration, Scenario } from "../../../config/scenario.ts";
import { meanMs, recordedValues } from "../../../metrics/latency-histogram.ts";
import { createTally } from "../../../sim/engine/tally.ts";
import { pagesOnMachine } from "../../../sim/model/compress.ts";
import { runRequests } from "../../../sim/model/run-requests.ts";
import { createWaking } from "../../../sim/model/waking.ts";
import { createJourneys } from "../../../workload/journeys.ts";
import { scenarioOf } from "../../scenario-of.ts";

const plain = scenarioOf(`
site: { mode: InProc, coresPerWorker: 2 }
workload:
  arrivals: 20
  requestsPerVisit: { kind: geometric, mean: 3 }
  thinkSeconds: { kind: exponential, mean: 5 }
  pages: [{ name: page, share: 1, session: read-write, changedShare: 1, cpuMs: { kind: exponential, mean: 4 } }]
run: { durationMinutes: 3, warmupMinutes: 1, replications: 1 }`);

function on(scenario: Scenario, changes: Partial<Calibration>): Scenario {
  return { ...scenario, calibration: { ...scenario.calibration, ...changes } };
}

/** All that a run gives, as text. */
function bytesOf(scenario: Scenario, seed = 3): string {
  const { histograms, ...rest } = runRequests(scenario, seed, {});
  const recorded = Object.entries(histograms).map(([name, histogram]) => [name, recordedValues(histogram)]);
  return JSON.stringify([rest, recorded]);
}

describe("a request", () => {
  const waking = createWaking(on(plain, { waking: { cpuMsMax: 2, afterMs: 5 } }).calibration);
  const cores = (busy: ReturnType<typeof createTally>) => ({ busy }) as Parameters<NonNullable<typeof waking>>[1];

  test("takes nothing more from a worker at work, however long it has been so", () => {
    const busy = createTally();
    busy.add(0, 1);
    expect(waking?.(1e9, cores(busy))).toBe(0);
  });

  test("takes nothing more at the very moment at which the worker falls idle", () => {
    const busy = createTally();
    busy.add(0, 1);
    busy.add(7, -1);
    expect(waking?.(7, cores(busy))).toBe(0);
  });

  test("takes 1 − 1/e of the most after the pause that the calibration names, and all of it after a long one", () => {
    const busy = createTally();
    busy.add(0, 1);
    busy.add(7, -1);
    expect(waking?.(12, cores(busy))).toBeCloseTo(2 * (1 - 1 / Math.E), 12);
    expect(waking?.(10_000, cores(busy))).toBeCloseTo(2, 12);
  });

  test("takes nothing more where the calibration knows no waking, or one of no time", () => {
    expect(createWaking(plain.calibration)).toBeNull();
    expect(createWaking({ ...plain.calibration, waking: { cpuMsMax: 0, afterMs: 5 } })).toBeNull();
  });
});

describe("a run", () => {
  test("without waking, with one of no time, and on a machine of the same speed, is the same to the byte", () => {
    const bytes = bytesOf(plain);
    expect(bytesOf(on(plain, { waking: { cpuMsMax: 0, afterMs: 5 } }))).toBe(bytes);
    expect(bytesOf(on(plain, { pageCpuFactor: 1 }))).toBe(bytes);
    expect(bytesOf(on(plain, { waking: { cpuMsMax: 1, afterMs: 5 } }))).not.toBe(bytes);
    expect(bytesOf(on(plain, { pageCpuFactor: 1.01 }))).not.toBe(bytes);
  });

  const meanOfSeldom = (page: string, changes: Partial<Calibration>) => {
    const seldom = scenarioOf(`
site: { mode: InProc }
workload:
  arrivals: { kind: constant, perSecond: 1 }
  requestsPerVisit: 1
  thinkSeconds: 0
  pages: [{ name: page, share: 1, session: none, ${page} }]
run: { durationMinutes: 3, warmupMinutes: 1, replications: 1 }`);
    const { response } = runRequests(on(seldom, changes), 1, {}).histograms;
    return (response && meanMs(response)) ?? Number.NaN;
  };

  test("of pages that come alone, long after each other, takes the whole of waking more", () => {
    const before = meanOfSeldom("cpuMs: 4", {});
    expect(meanOfSeldom("cpuMs: 4", { waking: { cpuMsMax: 0.5, afterMs: 2 } })).toBeCloseTo(before + 0.5, 2);
    expect(meanOfSeldom("cpuMs: 4", { pageCpuFactor: 1.5 })).toBeCloseTo(before + 2, 2);
  });

  test("of pages that wait for a database wakes its worker twice, the second time after a pause of that wait", () => {
    const before = meanOfSeldom("cpuMs: 4, waitMs: 3", {});
    const waking = { cpuMsMax: 0.5, afterMs: 2 };
    const again = 0.5 * (1 - Math.exp(-3 / 2));
    expect(meanOfSeldom("cpuMs: 4, waitMs: 3", { waking })).toBeCloseTo(before + 0.5 + again, 2);
  });

  test("of random arrivals spends what the mean of waking says", () => {
    const random = scenarioOf(`
site: { mode: InProc }
workload:
  arrivals: 200
  requestsPerVisit: 1
  thinkSeconds: 0
  pages: [{ name: page, share: 1, session: none, cpuMs: 1 }]
run: { durationMinutes: 3, warmupMinutes: 1, replications: 1 }`);
    const busy = (changes: Partial<Calibration>) =>
      runRequests(on(random, changes), 1, {}).observations.coreUtilisation ?? 0;
    const [cpuMsMax, afterMs, pauseMs] = [1, 3, 5];
    const without = busy({});
    const added = busy({ waking: { cpuMsMax, afterMs } }) - without;
    // The idle share i of requests wakes it, and i = 1 − without − i × waking ÷ pause.
    const wakingMs = (cpuMsMax * pauseMs) / (pauseMs + afterMs);
    const idle = (1 - without) / (1 + wakingMs / pauseMs);
    expect(added / ((idle * wakingMs) / pauseMs)).toBeCloseTo(1, 1);
  });
});

test("pages take so many times their own time, and nothing else of a visit is changed", () => {
  const journeys = createJourneys(plain.workload, 3);
  const scaled = pagesOnMachine(journeys, { ...plain.calibration, pageCpuFactor: 2.5 });
  for (let visit = 0; visit < 50; visit++) {
    expect(scaled.cpuMs(visit, 0, 0)).toBe(2.5 * journeys.cpuMs(visit, 0, 0));
    expect(scaled.waitMs(visit, 0, 0)).toBe(journeys.waitMs(visit, 0, 0));
    expect(scaled.thinkMs(visit, 0)).toBe(journeys.thinkMs(visit, 0));
  }
  expect(pagesOnMachine(journeys, plain.calibration)).toBe(journeys);
});
