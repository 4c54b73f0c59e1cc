import { describe, expect, test } from "vitest";
import { InputError } from "../../../config/problem.ts";
import { type CompareOptions, compareRuns } from "../../../metrics/compare/compare-runs.ts";
import type { Comparison } from "../../../metrics/compare/comparison.ts";
import { noiseFloors } from "../../../metrics/compare/measure-floors.ts";
import type { RunResult } from "../../../metrics/run-result.ts";
import { makeResult } from "../../reports/fixture-result.ts";
import { makeStudyResult } from "../../reports/fixture-study.ts";
import { plantRuns } from "./measured-runs.ts";

const options: CompareOptions = {
  names: { base: "HEAD~1", candidate: "the working tree" },
  seed: 1,
  command: "sessionlab compare base candidate",
  complete: true,
  force: false,
  waivers: [],
  today: "2026-11-21",
  covers: () => null,
  noise: null,
};

const verdictOf = ({ metrics }: Comparison, key: string) => metrics.find((metric) => metric.key === key)?.verdict;

function objection(base: readonly RunResult[], candidate: readonly RunResult[]): string {
  try {
    compareRuns(base, candidate, options);
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return "none";
}

const changed = (runs: readonly RunResult[], change: (run: RunResult) => Partial<RunResult>) =>
  runs.map((run) => ({ ...run, ...change(run) }));

describe("two sides that took turns", () => {
  const slower = plantRuns({ blocks: 16, factor: 1.25, noise: 0.03, seed: 1 });

  test("are compared block by block: response times a quarter longer are regressions, and come first", () => {
    const comparison = compareRuns(slower.base, slower.candidate, options);
    expect(comparison).toMatchObject({ design: "interleaved", blocks: 16, verdict: "regressed", objections: [] });
    expect(verdictOf(comparison, "responseP99Ms")).toBe("regressed");
    expect(comparison.metrics[0].verdict).toBe("regressed");
    expect(verdictOf(comparison, "refusedShare")).toBe("no worse");
    expect(verdictOf(comparison, "responseShape")).toBe("no worse");
  });

  test("alike, are no worse", () => {
    const { base, candidate } = plantRuns({ blocks: 24, factor: 1, noise: 0.02, seed: 2 });
    expect(compareRuns(base, candidate, options).verdict).toBe("no worse");
  });

  test("the same runs and seed give the same comparison to the digit", () => {
    const twice = [0, 1].map(() => JSON.stringify(compareRuns(slower.base, slower.candidate, options)));
    expect(twice[0]).toBe(twice[1]);
  });

  test("a block with an invalid run is left out whole, and it is said", () => {
    const invalid: RunResult["audit"] = { ...slower.base[0].audit, verdict: "invalid", findings: ["late"] };
    const base = slower.base.map((run, i) => (i === 4 ? { ...run, audit: invalid } : run));
    const comparison = compareRuns(base, slower.candidate, options);
    expect(comparison.blocks).toBe(15);
    expect(comparison.base).toMatchObject({ runs: 30, runsLeftOut: 2 });
    expect(comparison.findings).toContain("Left out, 1 runs invalid: late");
  });

  test("runs of two different comparisons are sets: their blocks are not each other's", () => {
    const other = plantRuns({ blocks: 16, factor: 1.25, noise: 0.03, seed: 9 });
    const later = changed(other.candidate, ({ seed }) => ({ seed: seed + 100 }));
    expect(compareRuns(slower.base, later, options).design).toBe("sets");
  });

  test("a waived regression is told and does not fail the comparison", () => {
    const waivers = [{ metric: "*P*Ms", commits: "*", reason: "taken on for safety" }];
    const comparison = compareRuns(slower.base, slower.candidate, { ...options, waivers });
    expect(verdictOf(comparison, "responseP99Ms")).toBe("regressed");
    expect(comparison.verdict).not.toBe("regressed");
    expect(comparison.waivers).toEqual([{ waiver: waivers[0], use: "used" }]);
  });

  test("a minimum effect of one's own decides", () => {
    const comparison = compareRuns(slower.base, slower.candidate, {
      ...options,
      minimumEffects: { responseP99Ms: 0.4 },
    });
    expect(verdictOf(comparison, "responseP99Ms")).toBe("no worse");
  });
});

describe("what must not be compared", () => {
  const { base, candidate } = plantRuns({ blocks: 2, factor: 1, noise: 0.02, seed: 3 });
  const elsewhere = (run: RunResult) => ({ environment: { ...run.environment, cpu: "another processor" } });

  test("another machine, another scenario, another experiment, a prediction: refused with the reason", () => {
    const workload = (run: RunResult) => ({
      scenario: { ...run.scenario, workload: { ...run.scenario.workload, requestsPerVisit: 99 as never } },
    });
    expect(objection(base, changed(candidate, elsewhere))).toMatch(
      /machine is another processor, .+ run both on one machine/,
    );
    expect(objection(base, changed(candidate, workload))).toMatch(
      /workload\.requestsPerVisit is 99; expected the same in all: \{"kind":"geometric"/,
    );
    expect(objection(base, [makeStudyResult("micro")])).toMatch(/driver is micro/);
    expect(objection(base, [makeResult({ kind: "simulated" })])).toMatch(
      /kind is simulated.+report shows a prediction/,
    );
    expect(
      objection(
        base,
        changed(candidate, (run) => ({ complete: false, seed: run.seed })),
      ),
    ).toMatch(/candidate is no run that counts; cut short/);
    expect(objection(base, candidate)).toBe("none");
  });

  test("experiments that were asked for something else are refused: another load, other sizes", () => {
    const saturation = makeStudyResult("saturation");
    if (saturation.study?.kind !== "saturation") throw new Error("the fixture is of saturation");
    const more = { ...saturation, study: { ...saturation.study, connections: 999 } };
    expect(objection([saturation], [saturation])).toBe("none");
    expect(objection([saturation], [more])).toMatch(/experiment is 999 connections; expected the same in all/);
    const [memory, locks] = [makeStudyResult("memory"), makeStudyResult("locks")];
    if (memory.study?.kind !== "memory" || locks.study?.kind !== "locks") throw new Error("the fixtures are of both");
    const [first, ...measures] = memory.study.measures;
    const fewer = { ...memory, study: { ...memory.study, measures: [{ ...first, lines: [] }, ...measures] } };
    const lower = { ...locks, study: { ...locks.study, steps: locks.study.steps.slice(0, 1) } };
    expect(objection([memory], [fewer])).toMatch(/experiment is state bytes/);
    expect(objection([locks], [lower])).toMatch(/experiment is requests at once/);
  });

  test("a setting that the program of one side did not know yet is no other scenario", () => {
    const older = changed(candidate, (run) => {
      const { stateBytes, ...workload } = run.scenario.workload;
      return { scenario: { ...run.scenario, workload: workload as typeof run.scenario.workload } };
    });
    expect(objection(base, older)).toBe("none");
    expect(objection(older, base)).toBe("none");
  });

  test("a side of several sites is refused", () => {
    const mixed = candidate.map((run, i) => (i === 0 ? { ...run, label: "Redis, measured" } : run));
    expect(objection(base, mixed)).toMatch(/candidate is Redis, measured; InProc, measured/);
  });

  test("forced, it is compared, and the objection stands in the comparison", () => {
    const comparison = compareRuns(base, changed(candidate, elsewhere), { ...options, force: true });
    expect(comparison.objections).toEqual([expect.stringMatching(/^machine: another processor/)]);
  });
});

describe("single runs", () => {
  const { base, candidate } = plantRuns({ blocks: 16, factor: 1, noise: 0.02, seed: 4 });
  const floors = noiseFloors(base, candidate, { blocksMax: 20, seed: 1 });
  const single = (factor: number) => plantRuns({ blocks: 1, factor, noise: 0.001, seed: 5 });

  test("one measured run a side is no verdict until the noise of the machine is known", () => {
    const { base: a, candidate: b } = single(1.3);
    const [one, other] = [a.slice(0, 1), b.slice(0, 1)];
    const blind = compareRuns(one, other, options);
    expect(blind).toMatchObject({ design: "single", verdict: "cannot tell" });
    expect(blind.metrics.find(({ key }) => key === "responseP99Ms")?.effect?.interval?.method).toMatch(
      /stretches of time/,
    );
    const knowing = compareRuns(one, other, { ...options, noise: floors });
    expect(verdictOf(knowing, "responseP99Ms")).toBe("cannot tell");
    expect(knowing.metrics.find(({ key }) => key === "responseP99Ms")?.reason).toMatch(/looks worse/);
    const another = compareRuns(one, other, { ...options, noise: { ...floors, machine: "another" } });
    expect(another.verdict).toBe("cannot tell");
    expect(another.findings.join()).toMatch(/were not used/);
  });

  test("the floor of a metric lies where its noise has it", () => {
    const p50 = floors.floors.find(({ key }) => key === "responseP99Ms");
    // Logarithms spread evenly over ± 0.02: deviation 0.0115 a run, and of half the sum of two differences as much.
    expect(p50?.runDeviation).toBeCloseTo(0.0115, 2);
    expect(p50?.blockDeviation).toBeCloseTo(0.0115, 2);
    expect(p50?.floor).toBeGreaterThan(0.01);
    expect(p50?.floor).toBeLessThan(0.04);
    expect(floors.floors.find(({ key }) => key === "refusedShare")?.floor).toBe(0);
  });

  test("two simulations of several replications speak for themselves", () => {
    const simulated = (seed: number, latencyMs: number) => {
      const result = makeResult({ kind: "simulated", seed, latencyMs });
      const figures = result.figures.map((figure) => {
        const { value } = figure;
        return value === null
          ? figure
          : { ...figure, interval: { low: 0.97 * value, high: 1.03 * value, method: "t" } };
      });
      return { ...result, figures, replications: 10 };
    };
    const comparison = compareRuns([simulated(1, 12)], [simulated(2, 24)], options);
    expect(verdictOf(comparison, "responseP99Ms")).toBe("regressed");
  });
});
