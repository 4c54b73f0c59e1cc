// Runs whose costs are known, because they were simulated, handed over as if they had been measured.

import { expect, test } from "vitest";
import { parseCalibration } from "../../../config/calibration.ts";
import type { Calibration, Scenario } from "../../../config/scenario.ts";
import type { RunResult } from "../../../metrics/run-result.ts";
import { calibrationFromResults } from "../../../planning/calibration/from-results.ts";
import { memoryOf } from "../../../planning/calibration/memory.ts";
import { simulate } from "../../../sim/simulate.ts";
import { lawMean, lawQuantile } from "../../../workload/distributions.ts";
import { plainCalibration } from "../../plain-calibration.ts";
import { scenarioOf } from "../../scenario-of.ts";

function scenario(mode: string, perSecond = 1, stateBytes = 2000): Scenario {
  return scenarioOf(`
site: { mode: ${mode}, timeoutMinutes: 5, coresPerWorker: 1 }
workload:
  arrivals: { kind: poisson, perSecond: ${perSecond} }
  requestsPerVisit: { kind: geometric, mean: 5 }
  thinkSeconds: { kind: exponential, mean: 20 }
  pages:
    - { name: browse, share: 70, session: read-only, cpuMs: { kind: exponential, mean: 1 } }
    - { name: basket, share: 30, session: read-write, changedShare: 0.8, cpuMs: { kind: exponential, mean: 2 } }
  stateBytes: { kind: lognormal, mean: ${stateBytes}, sigma: 0.5 }
run: { durationMinutes: 14, warmupMinutes: 2, timeScale: 20, replications: 1, seed: 5 }`);
}

/** What a bench would have seen of a site with these costs. */
function measured(of: Scenario, calibration: Calibration): RunResult {
  const result = simulate({ ...of, calibration });
  return {
    ...result,
    kind: "measured",
    scenario: of,
    environment: {
      ...result.environment,
      startedAt: "2026-01-01T00:00:00.000Z",
      platform: "linux",
      node: "v24",
      cores: 2,
      cpu: "x",
    },
  };
}

const fit = (results: readonly RunResult[], base: Calibration, goOn = async () => true) =>
  calibrationFromResults(results, base, { provider: null, onProgress: () => {}, goOn });

const truth: Calibration = {
  ...plainCalibration("InProc"),
  requestCpuMs: { kind: "constant", value: 1.5 },
  clientRoundTripMs: { kind: "lognormal", mean: 3, sigma: 0.7 },
  memory: { fixedBytes: 30e6, bytesPerSession: 4000, bytesPerStateByte: 1.092 },
};

test("a run in process tells a request's time on a core, the way to the visitor and a session's bytes", async () => {
  const found = await fit([measured(scenario("InProc"), truth)], plainCalibration("InProc"));
  const { calibration, errors } = found!;
  expect(lawMean(calibration.requestCpuMs) / 1.5).toBeCloseTo(1, 2);
  expect(lawQuantile(calibration.clientRoundTripMs, 0.5) / lawQuantile(truth.clientRoundTripMs, 0.5)).toBeCloseTo(1, 1);
  expect(Math.abs(calibration.memory.bytesPerSession / 4000 - 1)).toBeLessThan(0.1);
  expect(Math.abs(calibration.memory.fixedBytes / 30e6 - 1)).toBeLessThan(0.02);
  const error = (figure: string) => {
    const one = errors.find((candidate) => candidate.figure === figure)!;
    return Math.abs(one.simulated / one.measured - 1);
  };
  expect(error("responseP50Ms")).toBeLessThan(0.03);
  expect(error("responseP99Ms")).toBeLessThan(0.05);
  expect(error("coreUtilisation")).toBeLessThan(0.01);
  expect(error("memoryMeanBytes")).toBeLessThan(0.01);
  expect(parseCalibration(JSON.stringify(calibration), "x").problems).toEqual([]);
  expect(calibration.measured).toBe(true);
  expect(calibration.evidence).toContain("responseP50Ms");
});

test("runs whose states differ in size tell a byte's cost from a session's; runs alike take the byte's from the base", () => {
  const heavier = { ...truth, memory: { ...truth.memory, bytesPerStateByte: 1.8 } };
  const bytesAlone = { ...truth, memory: { fixedBytes: 0, bytesPerSession: 0, bytesPerStateByte: 1 } };
  const mean = (values: readonly (number | null)[]) => values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
  const runs = [500, 16_000].map((bytes) => {
    const { columns } = measured(scenario("InProc", 1, bytes), bytesAlone).series;
    const stateBytesMean = mean(columns.memoryBytes!) / mean(columns.stored!);
    return { result: measured(scenario("InProc", 1, bytes), heavier), stateBytesMean };
  });
  const { memory } = memoryOf(runs, plainCalibration("InProc"))!;
  expect(Math.abs(memory.bytesPerStateByte / 1.8 - 1)).toBeLessThan(0.1);
  expect(Math.abs(memory.bytesPerSession / 4000 - 1)).toBeLessThan(0.15);
  const alike = memoryOf([runs[0]!], plainCalibration("InProc"))!;
  expect(alike.memory.bytesPerStateByte).toBe(plainCalibration("InProc").memory.bytesPerStateByte);
  expect(alike.how).toContain("plain InProc");
  const whole = ({ bytesPerSession, bytesPerStateByte }: Calibration["memory"]) =>
    bytesPerSession + bytesPerStateByte * runs[0]!.stateBytesMean;
  expect(Math.abs(whole(alike.memory) / whole(heavier.memory) - 1)).toBeLessThan(0.05);
});

test("a run with its sessions elsewhere tells how many times slower the store is than in the base", async () => {
  const base = plainCalibration("StateServer");
  const slower = (law: Calibration["networkRoundTripMs"]) =>
    ({ kind: "lognormal", mean: lawMean(law) * 6, sigma: 0.5 }) as const;
  const operations = Object.fromEntries(
    Object.entries(base.operations).map(([name, cost]) => [
      name,
      { ...cost, storeMs: slower(cost.storeMs), storeMsPerKiB: 0.012 },
    ]),
  ) as Calibration["operations"];
  const slow = {
    ...base,
    operations,
    networkRoundTripMs: slower(base.networkRoundTripMs),
    requestCpuMs: truth.requestCpuMs,
  };
  const found = (await fit([measured(scenario("StateServer"), slow)], base))!;
  const callMs = ({ networkRoundTripMs, operations: { getItem } }: Calibration) =>
    lawMean(networkRoundTripMs) + lawMean(getItem.storeMs);
  expect(Math.abs(callMs(found.calibration) / callMs(slow) - 1)).toBeLessThan(0.1);
  expect(lawMean(found.calibration.requestCpuMs) / 1.5).toBeCloseTo(1, 1);
  expect(found.calibration.evidence).toContain('From "plain StateServer", which is an assumption');
});

test("a site seen from outside at two loads tells its time on a core by what grows with the load", async () => {
  const unseen = (result: RunResult): RunResult => ({
    ...result,
    figures: result.figures.map((figure) =>
      ["coreUtilisation", "memoryMeanBytes"].includes(figure.key) ? { ...figure, value: null } : figure,
    ),
    series: { ...result.series, columns: {} },
  });
  const slow = { ...truth, requestCpuMs: { kind: "constant", value: 4 } as const };
  const runs = [0.3, 1.3].map((rate) => unseen(measured(scenario("InProc", rate), slow)));
  const { calibration } = (await fit(runs, plainCalibration("InProc")))!;
  expect(Math.abs(lawMean(calibration.requestCpuMs) / 4 - 1)).toBeLessThan(0.25);
  expect(calibration.machine, "nobody saw the site's machine").toBeUndefined();
});

test("a fit that is ended early is none", async () => {
  let asked = 0;
  expect(
    await fit([measured(scenario("InProc"), truth)], plainCalibration("InProc"), async () => ++asked < 3),
  ).toBeNull();
});
