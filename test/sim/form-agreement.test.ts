import { describe, expect, test } from "vitest";
import type { RunResult } from "../../metrics/run-result.ts";
import { judgeForms } from "../../sim/form-agreement.ts";
import { simulate } from "../../sim/simulate.ts";
import { scenarioOf } from "../scenario-of.ts";

/** Pollaczek and Khinchine's own case: requests at random, one turn each. */
const single = scenarioOf(`
site: { mode: InProc, timeoutMinutes: 5, coresPerWorker: 1 }
workload:
  arrivals: 1
  requestsPerVisit: 1
  pages: [{ name: a, share: 1, session: read-write, changedShare: 1, cpuMs: { kind: lognormal, mean: 3, sigma: 1 } }]
run: { fidelity: requests, durationMinutes: 70, warmupMinutes: 10, timeScale: 150, replications: 8, seed: 3 }`);
const result = simulate(single);

/** The same run beside a formula that is off by a share. */
function withWrong(key: string, share: number): RunResult {
  const figures = result.figures.map((figure) =>
    figure.key !== key || figure.closedForm === undefined
      ? figure
      : { ...figure, closedForm: { ...figure.closedForm, value: figure.closedForm.value * (1 + share) } },
  );
  return { ...result, figures };
}

test("formulas that describe the site agree with its simulation, and nothing is found", () => {
  expect(result.audit.findings).toEqual([]);
  expect(result.figures.filter(({ closedForm }) => closedForm !== undefined).length).toBeGreaterThan(15);
  expect(result.figures.some(({ closedForm }) => closedForm?.disagrees)).toBe(false);
});

describe("a formula that is off by a fifth is found out", () => {
  test.each(["coreUtilisation", "responseMeanMs", "responseP50Ms", "requestsPerSecond"])("%s", (key) => {
    const { figures, findings } = judgeForms(withWrong(key, 0.2), 8);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatch(new RegExp(`^Closed form disagrees: ${key} is `));
    expect(figures.filter(({ closedForm }) => closedForm?.disagrees).map((figure) => figure.key)).toEqual([key]);
  });
});

test("what lies within the tolerance of a formula, and chance, is not found", () => {
  expect(judgeForms(withWrong("responseMeanMs", 0.002), 8).findings).toEqual([]);
});

test("two replications that happen to be alike accuse nobody; eight would", () => {
  const alike: RunResult = {
    ...result,
    figures: [
      {
        key: "visitsPerSecond",
        label: "Visits",
        unit: "/s",
        value: 0.978,
        interval: { low: 0.978, high: 0.978, method: "" },
        closedForm: { value: 1, name: "arrival rate", sum: "" },
      },
    ],
  };
  expect(judgeForms(alike, 2).findings).toEqual([]);
  expect(judgeForms(alike, 8).findings).toHaveLength(1);
});

test("of a share that comes about by few events nothing is said", () => {
  const rare = (value: number): RunResult => ({
    ...result,
    measured: { ...result.measured, refused: 3 },
    figures: [
      {
        key: "refusedShare",
        label: "New sessions refused",
        unit: "share",
        value: 0.001,
        interval: { low: 0.0009, high: 0.0011, method: "" },
        closedForm: { value, name: "Erlang B", sum: "" },
      },
    ],
  });
  expect(judgeForms(rare(0.002), 8).findings).toEqual([]);
  expect(judgeForms(rare(0.9), 8).findings).toHaveLength(1);
});

test("formulas that were told of cheaper requests than the run had disagree with it", () => {
  // Requests of 1.7 ms beside the page, and the formulas of 0.2 ms.
  const slow = {
    ...single,
    calibration: { ...single.calibration, requestCpuMs: { kind: "constant" as const, value: 1.7 } },
  };
  const run = simulate(slow);
  const crossed = run.figures.map((figure) => {
    const { closedForm } = result.figures.find(({ key }) => key === figure.key) ?? {};
    const { closedForm: _, ...bare } = figure;
    return closedForm === undefined ? bare : { ...bare, closedForm };
  });
  const keys = judgeForms({ ...run, figures: crossed }, 8).figures.filter(({ closedForm }) => closedForm?.disagrees);
  expect(keys.map(({ key }) => key)).toEqual(expect.arrayContaining(["responseMeanMs", "coreUtilisation"]));
});
