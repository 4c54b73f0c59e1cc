import { expect, test } from "vitest";
import { figureKinds } from "../../../metrics/figures.ts";
import { confirmation, renderInstant } from "../../../reports/instant-table.ts";
import { closedFormsOf } from "../../../sim/analytic/closed-forms.ts";
import { instantAnswer } from "../../../sim/analytic/instant.ts";
import { simulate } from "../../../sim/simulate.ts";
import { scenarioOf } from "../../scenario-of.ts";

const shop = (more = "") =>
  scenarioOf(`
site: { mode: StateServer, timeoutMinutes: 5, coresPerWorker: 1 }
workload: { arrivals: 0.5, requestsPerVisit: 4, thinkSeconds: { kind: exponential, mean: 20 } }
run: { fidelity: requests, durationMinutes: 40, warmupMinutes: 12, timeScale: 60, replications: 3 }
${more}`);

test("formulas alone answer with each figure a simulation has, or with why not", () => {
  const scenario = shop();
  const { figures, withheld } = instantAnswer(scenario);
  expect(figures.map(({ key }) => key)).toEqual(figureKinds.map(({ key }) => key));
  for (const { key, value, closedForm } of figures) {
    expect(closedForm).toEqual(closedFormsOf(scenario)[key]);
    expect(value === null).toBe(withheld[key] !== undefined);
  }
  expect(withheld.storedSessionsMax).toBe("the highest of a run depends on its length");
});

test("a target is judged where a formula speaks of it, and not within its tolerance", () => {
  const { responseMeanMs } = closedFormsOf(shop());
  const near = responseMeanMs.value * (1 + (responseMeanMs.tolerance ?? 0) / 2);
  const answer = instantAnswer(
    shop(`targets:
  - { figure: responseMeanMs, atMost: ${near} }
  - { figure: responseMeanMs, atMost: ${responseMeanMs.value * 2} }
  - { figure: responseMeanMs, atMost: ${responseMeanMs.value / 2} }
  - { figure: memoryMaxBytes, atMost: 1000 }`),
  );
  expect(answer.targets.map(({ met }) => met)).toEqual([null, true, false, null]);
});

test("on the terminal each formula has its sum, each figure without one its reason, and the bottleneck its rate", () => {
  const text = renderInstant(instantAnswer(shop()), "StateServer", 12.34, { color: false, columns: 100 });
  expect(text).toContain("By formulas alone, StateServer (12.3 ms of computing)");
  expect(text).toMatch(/Requests \(\/s\) +2 +arrival rate × requests a visit: 0\.5\/s × 4/);
  expect(text).toMatch(/web cores: .* full first, at [\d,]+ real requests\/s/);
  expect(text).toContain("the highest of a run depends on its length: Stored sessions, highest; Memory, highest");
});

test("a simulation of the site confirms them, figure by figure", () => {
  const result = simulate(shop());
  const formed = result.figures.filter(({ value, closedForm }) => value !== null && closedForm !== undefined).length;
  expect(confirmation(result)).toBe(
    `StateServer, simulated: ${formed} of ${formed} figures agree with their formulas.`,
  );
  const figures = result.figures.map((figure) =>
    figure.key === "responseMeanMs" && figure.closedForm !== undefined
      ? { ...figure, closedForm: { ...figure.closedForm, disagrees: true as const } }
      : figure,
  );
  expect(confirmation({ ...result, figures })).toMatch(/; Response time, mean does not\.$/);
});
