import { describe, expect, test } from "vitest";
import { percentileMs } from "../../../metrics/latency-histogram.ts";
import { doubts, idleFloorMs, targetProblems } from "../../../planning/plan/checks.ts";
import { runReplication } from "../../../sim/run-replication.ts";
import { scenarioOf } from "../../scenario-of.ts";

const pages = (text: string) =>
  scenarioOf(`workload: { arrivals: 0.5, pages: [${text}] }\nrun: { durationMinutes: 30, warmupMinutes: 5 }`);
const plain = pages("{ name: a, share: 1, cpuMs: 5 }");
const problems = (...targets: Parameters<typeof targetProblems>[1]) => targetProblems(plain, targets, "targets");

describe("targets that cannot be meant", () => {
  test("contradict each other", () => {
    expect(
      problems({ figure: "storedSessionsMean", atLeast: 100 }, { figure: "storedSessionsMean", atMost: 50 }),
    ).toMatchObject([
      { at: "targets", given: "storedSessionsMean at least 100 and at most 50", mend: "swap them, or leave one out" },
    ]);
    expect(problems({ figure: "storedSessionsMean", atLeast: 50, atMost: 100 })).toEqual([]);
  });

  test("lie below 0, or are per cent where a share is meant", () => {
    expect(problems({ figure: "refusedShare", atMost: -1 })).toMatchObject([
      { at: "targets.0.atMost", mend: "raise it" },
    ]);
    expect(problems({ figure: "refusedShare", atMost: 5 })).toMatchObject([{ mend: "for 5 % write 0.05" }]);
  });

  test("name a figure that only an experiment has, or one of requests in a run without any", () => {
    expect(problems({ figure: "saturationPerSecond", atLeast: 5 })[0]).toMatchObject({ at: "targets.0.figure" });
    const population = { ...plain, run: { ...plain.run, fidelity: "population" as const } };
    expect(targetProblems(population, [{ figure: "responseP99Ms", atMost: 100 }], "targets")).toMatchObject([
      { at: "targets.0.figure", given: "responseP99Ms in a run of fidelity population" },
    ]);
  });

  test("ask for less than the pages take on an idle site", () => {
    const slow = pages("{ name: a, share: 99, cpuMs: 5 }, { name: b, share: 2, cpuMs: 5, waitMs: 400 }");
    expect(targetProblems(slow, [{ figure: "responseP99Ms", atMost: 300 }], "targets")[0]).toMatchObject({
      at: "targets.0.atMost",
      given: "300 ms",
    });
    expect(targetProblems(slow, [{ figure: "responseP90Ms", atMost: 300 }], "targets")).toEqual([]);
  });
});

test("the floor of an idle site is below what it is simulated to take, and not far", () => {
  for (const text of [
    "{ name: a, share: 1, cpuMs: { kind: exponential, mean: 10 } }",
    "{ name: a, share: 3, cpuMs: 4 }, { name: b, share: 1, cpuMs: { kind: lognormal, mean: 8, sigma: 1 }, waitMs: 30 }",
    "{ name: a, share: 1, cpuMs: { kind: pareto, min: 3, shape: 3 }, waitMs: { kind: exponential, mean: 20 } }",
  ]) {
    const scenario = pages(text);
    const response = runReplication({ ...scenario, site: { ...scenario.site, coresPerWorker: 64 } }, 1).histograms
      .response!;
    for (const [figure, at] of [
      ["responseP50Ms", 50],
      ["responseP90Ms", 90],
      ["responseP99Ms", 99],
    ] as const) {
      const floor = idleFloorMs(scenario, figure);
      const simulated = percentileMs(response, at)!;
      expect(floor, `${figure} of ${text}`).toBeLessThan(simulated * 1.05);
      expect(floor, `${figure} of ${text}`).toBeGreaterThan(simulated * 0.6);
    }
  }
});

test("what may be a slip is told: hours for minutes, a short warm-up, a share of nothing at all", () => {
  const told = (text: string) =>
    doubts(scenarioOf(`${text}\nworkload: { arrivals: 1 }`), [{ figure: "failedShare", atMost: 0 }]).join("\n");
  expect(told("site: { timeoutMinutes: 1200 }")).toContain("1200 is 20 hours; if 1200 seconds were meant, write 20");
  expect(told("site: { timeoutMinutes: 60 }")).toContain("warm-up is shorter");
  expect(told("site: { timeoutMinutes: 20 }")).toMatch(/^failedShare at most 0 cannot be shown/);
});
