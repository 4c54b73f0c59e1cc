// The order of a calibration's runs and what becomes of those that end badly, with runs that only pretend.

import { describe, expect, test } from "vitest";
import { calibrateProvider } from "../../../bench/calibrate/calibrate.ts";
import { UnusableRun } from "../../../bench/calibrate/unusable-run.ts";
import type { BenchOptions, BenchProgress, runBench } from "../../../bench/run-bench.ts";
import { InputError } from "../../../config/problem.ts";
import type { Scenario } from "../../../config/scenario.ts";
import type { RunResult } from "../../../metrics/run-result.ts";
import { makeResult } from "../../reports/fixture-result.ts";
import { benchOptions } from "../bench-options.ts";
import { smallScenario } from "../small-scenario.ts";
import { plantedMicro, quietSite } from "./planted-site.ts";

type Run = typeof runBench;

const answered = makeResult({ kind: "measured", samples: 2000 });

/** What a run would tell of a site whose requests take half a millisecond. */
function pretended(scenario: Scenario, { driver }: BenchOptions): RunResult {
  const result = { ...answered, scenario };
  const { arrivals } = scenario.workload;
  const perSecond = arrivals.kind === "burst" ? arrivals.perSecond : 0;
  const [{ interval: _, ...pattern }] = result.figures;
  const values: Record<string, number> = {
    requestsPerSecond: perSecond,
    coreUtilisation: (perSecond * 0.5) / 1000,
    memoryOverheadBytes: 600,
    memoryBytesPerStateByte: 1.5,
    memoryMeanBytes: 5e7,
    storedSessionsMean: 0,
  };
  const figures = Object.entries(values).map(([key, value]) => ({ ...pattern, key, value }));
  const study = driver === "micro" ? plantedMicro(quietSite, 1) : undefined;
  const audit = { ...result.audit, verdict: "valid" as const, findings: [] };
  return {
    ...result,
    driver,
    audit,
    figures,
    ...(study === undefined ? {} : { study }),
  };
}

function calibrated(
  run: Run,
  signal = new AbortController().signal,
  told: BenchProgress[] = [],
  scenario = smallScenario(),
) {
  const { environment } = benchOptions();
  return calibrateProvider(scenario, {
    signal,
    onProgress: (progress) => told.push(progress),
    budgetMs: 30_000,
    environment,
    command: "sessionlab calibrate",
    run,
  });
}

const pagesOf = ({ workload }: Scenario) => workload.pages.map(({ name }) => name).join();

describe("a calibration in process", () => {
  test("runs each kind of page over HTTP, then single calls, then the memory", async () => {
    const order: string[] = [];
    const run: Run = async (scenario, options) => {
      order.push(options.driver === "journeys" ? `${options.through} ${pagesOf(scenario)}` : options.driver);
      return pretended(scenario, options);
    };
    const calibration = await calibrated(run);
    expect(order).toEqual([
      ...["page", "empty", "empty", "empty", "read", "page", "read", "lock", "lock", "write", "page", "write"].map(
        (kind) => `http ${kind}`,
      ),
      ...["empty", "empty", "empty"].map((kind) => `http ${kind}`),
      "micro",
      "memory",
    ]);
    expect(calibration).toMatchObject({ provider: "in-proc", measured: true, storeConcurrency: 1 });
    expect(calibration.memory).toMatchObject({ bytesPerSession: 600, bytesPerStateByte: 1.5 });
    expect(calibration.evidence).toContain("sessionlab calibrate");
  });

  test("tells its progress from nothing to all, never backwards, even over runs that were repeated", async () => {
    const told: BenchProgress[] = [];
    let runs = 0;
    await calibrated(
      async (scenario, options) => {
        for (const share of [0, 0.5, 1, 1.2]) options.onProgress({ share, note: "measuring" });
        const result = pretended(scenario, options);
        return runs++ === 2 ? { ...result, audit: { ...result.audit, verdict: "invalid" } } : result;
      },
      undefined,
      told,
    );
    const shares = told.map(({ share }) => share);
    expect(shares[0]).toBe(0);
    expect(shares.at(-1)).toBeCloseTo(1, 9);
    for (let i = 1; i < shares.length; i++) expect(shares[i]).toBeGreaterThanOrEqual(shares[i - 1]);
    expect(Math.max(...shares)).toBeLessThanOrEqual(1);
  });

  test("of a site without sessions measures pages alone, and no call costs anything", async () => {
    const drivers: string[] = [];
    const off = smallScenario({ site: { mode: "Off" } });
    const run: Run = async (scenario, options) => {
      drivers.push(options.driver);
      return pretended(scenario, options);
    };
    const calibration = await calibrated(run, undefined, [], off);
    expect(drivers).toEqual(Array(8).fill("journeys"));
    expect(calibration.operations.getItem.webCpuMs).toBe(0);
  });
});

test("a machine whose processors were given to others is told in the evidence", async () => {
  const { evidence } = await calibrated(async (scenario, options) => {
    const result = pretended(scenario, options);
    const { generator } = result.audit;
    return { ...result, audit: { ...result.audit, generator: generator && { ...generator, stealShare: 0.05 } } };
  });
  expect(evidence).toContain("The hypervisor gave up to 5 % of the processors to other machines");
});

describe("a run that cannot be believed", () => {
  const invalid = (result: RunResult): RunResult => ({
    ...result,
    audit: { ...result.audit, verdict: "invalid", findings: ["The generator was late."] },
  });

  test("is repeated, and costs nothing when it comes right", async () => {
    const readings: string[] = [];
    const calibration = await calibrated(async (scenario, options) => {
      readings.push(pagesOf(scenario));
      const disturbed = readings.length === 5 || readings.length === 6;
      return disturbed ? invalid(pretended(scenario, options)) : pretended(scenario, options);
    });
    expect(readings.slice(3, 8)).toEqual(["empty", "read", "read", "read", "page"]);
    expect(calibration.measured).toBe(true);
  });

  test("again and again is refused by name, with what was found, and nothing is run after it", async () => {
    let runs = 0;
    const refusal = await calibrated(async (scenario, options) => {
      runs++;
      const result = pretended(scenario, options);
      return pagesOf(scenario) === "lock" ? invalid(result) : result;
    }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(UnusableRun);
    expect(String(refusal)).toContain("lock their session, 150 a second, 1024 bytes");
    expect(String(refusal)).toContain("The generator was late.");
    expect(runs).toBe(7 + 3);
  });

  test("would be all that sessions kept by the client give, so they are refused before anything runs", async () => {
    let runs = 0;
    const run: Run = async (scenario, options) => {
      runs++;
      return pretended(scenario, options);
    };
    const sealed = smallScenario({ site: { mode: "Custom" }, store: { provider: "sealed-cookie" } });
    await expect(calibrated(run, undefined, [], sealed)).rejects.toThrow(InputError);
    expect(runs).toBe(0);
  });

  test("because nothing was answered is refused as well", async () => {
    const silent: Run = async (scenario, options) => {
      const result = pretended(scenario, options);
      return { ...result, measured: { ...result.measured, completed: 0 } };
    };
    await expect(calibrated(silent)).rejects.toThrow(UnusableRun);
  });
});

describe("a calibration that is ended", () => {
  test.each(["journeys", "micro", "memory"])(
    "during %s ends with the reason, and runs nothing more",
    async (driver) => {
      const control = new AbortController();
      const reason = new Error("enough");
      const drivers: string[] = [];
      const cut: Run = async (scenario, options) => {
        drivers.push(options.driver);
        if (options.driver === driver) control.abort(reason);
        return { ...pretended(scenario, options), complete: !control.signal.aborted };
      };
      await expect(calibrated(cut, control.signal)).rejects.toBe(reason);
      expect(drivers.at(-1)).toBe(driver);
      expect(drivers.filter((one) => one === driver)).toHaveLength(1);
    },
  );

  test("during a run that was invalid does not repeat it", async () => {
    const control = new AbortController();
    let runs = 0;
    const cut: Run = async (scenario, options) => {
      runs++;
      control.abort();
      const result = pretended(scenario, options);
      return { ...result, complete: false, audit: { ...result.audit, verdict: "invalid" } };
    };
    await expect(calibrated(cut, control.signal)).rejects.toBe(control.signal.reason);
    expect(runs).toBe(1);
  });

  test("before it began runs nothing", async () => {
    let runs = 0;
    const run: Run = async (scenario, options) => {
      runs++;
      return pretended(scenario, options);
    };
    await expect(calibrated(run, AbortSignal.abort(new Error("too late")))).rejects.toThrow("too late");
    expect(runs).toBe(0);
  });
});
