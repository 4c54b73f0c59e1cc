import { expect, test } from "vitest";
import { planMarkdown } from "../../../reports/plan/markdown.ts";
import { hopeless, plan, undecided } from "./fixture-plan.ts";

test("a recommendation as a comment, whole", async () => {
  await expect(planMarkdown(plan)).toMatchFileSnapshot("../golden/plan-recommended.md");
});

test("the first line tells no answer and doubt from an answer", () => {
  const first = (text: string) => text.split("\n")[0];
  expect(first(planMarkdown(hopeless))).toBe("### ✗ ticket sale: No setting meets the targets");
  expect(first(planMarkdown(undecided))).toMatch(/^### \? UNDECIDED: ticket sale/);
});

test("nothing of a plan can become markup", () => {
  const hostile = "<img src=x> | `a` [b](c) @d";
  const text = planMarkdown({
    ...plan,
    scenario: { ...plan.scenario, name: hostile },
    assumptions: [hostile],
    alternatives: plan.alternatives.map((one) => ({ ...one, why: hostile })),
  });
  expect(text).not.toMatch(/(?<!\\)<img/);
  expect(text).not.toContain("[b](c)");
  expect(text).not.toContain(" @d");
});
