// What a request takes beyond its own time because its worker had none for a while before it came.

import { describe, expect, test } from "vitest";
import type { Calibration, Scenario } from "../../../config/scenario.ts";
import { meanMs, recordedValues } from "../../../metrics/latency-histogram.ts";
import { pagesOnMachine } from "../../../sim/model/compress.ts";
import { runRequests } from "../../../sim/model/run-requests.ts";
import { createWaking } from "../../../sim/model/waking.ts";
import { lawMean } from "../../../workload/distributions.ts";
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
  const wakingOf = (processes: number) =>
    createWaking(on(plain, { waking: { cpuMsMax: 2, afterMs: 5 } }).calibration, processes);

  test("that is the first takes all of it, and one that comes with it nothing more", () => {
    const waking = wakingOf(1);
    expect(waking?.(7, 0)).toBe(2);
    expect(waking?.(7, 0)).toBe(0);
  });

  test("takes 1 − 1/e of the most after the pause that the calibration names, and all of it after a long one", () => {
    const waking = wakingOf(1);
    waking?.(7, 0);
    expect(waking?.(12, 0)).toBeCloseTo(2 * (1 - 1 / Math.E), 12);
    expect(waking?.(10_000, 0)).toBeCloseTo(2, 12);
  });

  test("of one worker keeps no other awake", () => {
    const waking = wakingOf(2);
    waking?.(7, 0);
    expect(waking?.(7, 1)).toBe(2);
    expect(waking?.(7, 0)).toBe(0);
  });

  test("takes nothing more where the calibration knows no waking, or one of no time", () => {
    expect(createWaking(plain.calibration, 1)).toBeNull();
    expect(createWaking({ ...plain.calibration, waking: { cpuMsMax: 0, afterMs: 5 } }, 1)).toBeNull();
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

  test("of pages that wait for a database takes more of it when they come back, by how long they were away", () => {
    const before = meanOfSeldom("cpuMs: 4, waitMs: 3", {});
    const waking = { cpuMsMax: 0.5, afterMs: 2 };
    // Of its own 4 ms, the wait, the half at its beginning, and what a request takes beside its page.
    const awayMs = 4 + 3 + 0.5 + lawMean(plain.calibration.requestCpuMs);
    const again = 0.5 * (1 - Math.exp(-awayMs / 2));
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
    const wakingMs = (cpuMsMax * pauseMs) / (pauseMs + afterMs);
    expect(added / (wakingMs / pauseMs)).toBeCloseTo(1, 1);
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
