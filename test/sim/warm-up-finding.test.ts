import { expect, test } from "vitest";
import { simulate } from "../../sim/simulate.ts";
import { scenarioOf } from "../scenario-of.ts";

const findingsOf = (warmupMinutes: number, workload = "arrivals: 1", more = "") =>
  simulate(
    scenarioOf(`
workload: { ${workload} }
run: { fidelity: population, durationMinutes: 180, warmupMinutes: ${warmupMinutes}, replications: 4 }
${more}`),
  ).audit;

test("a run whose mean still has the empty start in it is doubtful, and says how to mend that", () => {
  const { verdict, findings } = findingsOf(5);
  expect(verdict).toBe("doubtful");
  expect(findings).toHaveLength(1);
  expect(findings[0]).toMatch(/stored sessions.*MSER-5.*[\d.]+ % higher.*Set run\.(durationMinutes|warmupMinutes)/);
});

test("a run that left its start out is valid", () => {
  expect(findingsOf(60)).toMatchObject({ verdict: "valid", findings: [] });
});

test("where visitors come at a changing rate nothing settles, and nothing is said of it", () => {
  expect(findingsOf(5, "arrivals: { kind: ramp, fromPerSecond: 0.5, toPerSecond: 2 }").findings).toEqual([]);
});
