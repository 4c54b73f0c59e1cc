import { expect, test } from "vitest";
import { InputError } from "../../../config/problem.ts";
import { isPlan, parsePlan, stringifyPlan } from "../../../reports/plan/plan-file.ts";
import { bare, hopeless, plan, undecided } from "./fixture-plan.ts";

test.each(Object.entries({ plan, hopeless, undecided, bare }))(
  "%s comes back from its file as it was, and the file has one form",
  (_, one) => {
    const text = stringifyPlan(one);
    expect(parsePlan(text, "plan.json")).toEqual(JSON.parse(JSON.stringify(one)));
    expect(stringifyPlan(parsePlan(text, "plan.json"))).toBe(text);
    expect(isPlan(JSON.parse(text))).toBe(true);
  },
);

function problemsOf(text: string) {
  try {
    parsePlan(text, "plan.json");
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
  return [];
}

test("every mistake of a broken file is told at once, each with its place", () => {
  const broken = { ...plan, currency: 3, recommendation: { ...plan.recommendation, verdict: "perhaps" } };
  expect(problemsOf(JSON.stringify(broken)).map(({ at }) => at)).toEqual(["currency", "recommendation.verdict"]);
});

test.each([
  ["", "the file"],
  ["{", "the file"],
  ["{}", "schema"],
  ['{"schema":"sessionlab.run-result/1"}', "schema"],
])("%j is refused as no plan", (text, place) => {
  expect(problemsOf(text)).toMatchObject([{ at: place, file: "plan.json" }]);
});

test("a plan of another version is sent to the program that wrote it", () => {
  expect(problemsOf('{"schema":"sessionlab.plan/9"}')[0]!.mend).toContain("version of sessionlab");
  expect(isPlan({ schema: "sessionlab.run-result/1" })).toBe(false);
});

test("no password of a connection string is written, whether of the scenario or a choice", () => {
  const secret = "data source=db;user id=shop;password=hunter2";
  const text = stringifyPlan({
    ...plan,
    scenario: { ...plan.scenario, store: { ...plan.scenario.store, connections: [secret] } },
    searched: [{ key: "store.connection", values: [secret] }],
    seen: [{ choice: { "store.connection": secret }, cost: 1, verdict: "meets", margin: 1 }],
  });
  expect(text).not.toContain("hunter2");
  expect(text.match(/password=\*\*\*/g)).toHaveLength(3);
});
