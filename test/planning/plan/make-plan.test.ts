import { beforeAll, describe, expect, test } from "vitest";
import { createEvaluator } from "../../../cli/plan/evaluate-threads.ts";
import { type PlanInput, planningScenarios, readPlanInput } from "../../../cli/plan/plan-input.ts";
import type { Plan } from "../../../metrics/plan/plan.ts";
import { makePlan, type PlanTask, searchTaskOf } from "../../../planning/plan/make-plan.ts";
import { searchExhaustively, searchPlan } from "../../../planning/plan/search.ts";
import { parsePlan, stringifyPlan } from "../../../reports/plan/plan-file.ts";

const environment = {
  startedAt: "2026-11-21T12:00:00.000Z",
  wallSeconds: 0,
  sessionlab: "",
  commit: null,
  node: "",
  platform: "",
  cpu: "",
  cores: 0,
  memoryBytes: 0,
};
const files = await planningScenarios();
const inputOf = (name: string, search: readonly string[] = []) =>
  readPlanInput(files.find((file) => file.endsWith(`${name}.yaml`))!, { search });

async function planned(input: PlanInput, threads: number): Promise<Plan> {
  const { evaluate, end } = createEvaluator(threads, new AbortController().signal);
  try {
    return await makePlan({ ...input, evaluate, command: "", environment: () => environment });
  } finally {
    await end();
  }
}

const taskOf = (input: PlanInput): PlanTask => ({
  ...input,
  replicationsMax: 12,
  evaluate: createEvaluator(1, new AbortController().signal).evaluate,
  command: "",
  environment: () => environment,
});

describe("the plan of a house that is full at 500 sessions a worker", () => {
  let input: PlanInput;
  let plan: Plan;
  beforeAll(async () => {
    input = await inputOf("full-house", ["site.mode=InProc,StateServer", "site.servers=2,3"]);
    plan = await planned(input, 1);
  }, 60_000);

  test("is three servers, as Erlang's formula says, and their price", () => {
    expect(plan.recommendation).toMatchObject({
      choice: { "site.mode": "InProc", "site.servers": 3 },
      verdict: "meets",
      cost: { total: 3 * (60 + 25 + 5) },
    });
    expect(plan.complete).toBe(true);
  });

  test("tells at which load the cap is reached", () => {
    // 500 places refuse 1 % of 474 erlang; three of them have 453 now.
    expect(plan.breaking!.metAt).toBeGreaterThan(1);
    expect(plan.breaking!.missedAt).toBeLessThan(1.1);
    expect(plan.breaking).toMatchObject({
      why: "the cap of 500 sessions is reached",
      target: { figure: "refusedShare" },
    });
  });

  test("names what lost, and by how much", () => {
    const whys = plan.alternatives.map(({ why }) => why).join("\n");
    expect(whys).toContain("cheaper by 90 EUR a month, but misses a target: New sessions refused is 2");
    expect(plan.points.simulated + plan.points.settled).toBe(plan.points.all);
  });

  test("leans on how many come and how long they stay, and not on how large their state is", () => {
    const width = (name: string) => {
      const { low, high } = plan.sensitivities.find(({ assumption }) => assumption === name)!;
      return Math.abs(low.margin! - high.margin!);
    };
    expect(width("arrival rate")).toBeGreaterThan(1);
    expect(width("think time")).toBeGreaterThan(0.1);
    expect(width("state size")).toBe(0);
    expect(plan.sensitivities[0]!.assumption).toBe("arrival rate");
    expect(plan.sensitivities.map(({ assumption }) => assumption)).not.toContain("page CPU");
  });

  test("has the settings to apply, and can be read again", () => {
    expect(plan.apply[0]!.text).toContain('mode="InProc"');
    expect(stringifyPlan(parsePlan(stringifyPlan(plan), "plan.json"))).toBe(stringifyPlan(plan));
  });

  test("is the same to the byte with two threads", async () => {
    expect(stringifyPlan(await planned(input, 2))).toBe(stringifyPlan(plan));
  }, 60_000);
});

describe("what exhaustive search finds", () => {
  // npm run proof:plans does the same with every bundled scenario and its whole grid.
  test.each([
    ["full-house", ["site.mode=InProc", "site.servers=1,2,3,4"], { "site.mode": "InProc", "site.servers": 3 }],
    [
      "full-house",
      ["site.servers=3", "site.sessionsMax=450,480,520"],
      { "site.mode": "InProc", "site.servers": 3, "site.sessionsMax": 520 },
    ],
    ["full-house", ["site.servers=1,2"], undefined],
  ] as const)(
    "is what a plan finds: %s with %s",
    async (name, search, choice) => {
      const task = searchTaskOf(taskOf(await inputOf(name, search)));
      expect((await searchPlan(task)).best?.candidate.choice).toEqual(choice);
      expect((await searchExhaustively(task)).best?.candidate.choice).toEqual(choice);
    },
    60_000,
  );
});

test("where formulas rule out everything, the binding target is simulated and named all the same", async () => {
  const plan = await planned(await inputOf("full-house", ["site.mode=StateServer", "site.servers=1,2"]), 1);
  expect(plan.recommendation).toBe(null);
  expect(plan.binding).toMatchObject({ target: { figure: "refusedShare", met: false } });
}, 60_000);
