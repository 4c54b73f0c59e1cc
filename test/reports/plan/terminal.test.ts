import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { renderPlan } from "../../../reports/plan/terminal.ts";
import { textWidth } from "../../../reports/text-table.ts";
import { bare, evidence, hopeless, plan, recommendation, undecided } from "./fixture-plan.ts";

const at = (columns: number) => ({ color: false, columns });

describe("whole plans, kept as text", () => {
  test.each([80, 120])("a recommendation at %i columns", async (columns) => {
    await expect(renderPlan(plan, at(columns))).toMatchFileSnapshot(`../golden/plan-recommended-${columns}.txt`);
  });

  test("no setting meets the targets", async () => {
    await expect(renderPlan(hopeless, at(80))).toMatchFileSnapshot("../golden/plan-hopeless.txt");
  });

  test("undecided and cut short", async () => {
    await expect(renderPlan(undecided, at(80))).toMatchFileSnapshot("../golden/plan-undecided.txt");
  });
});

describe("the first lines", () => {
  test("say what to buy, what it costs and that it meets the targets", () => {
    const [, head, second] = renderPlan(plan, at(80)).split("\n");
    expect(head).toBe("✓ 3 servers, StateServer, timeout 20 min: 412 EUR a month");
    expect(second).toBe("  Meets all 4 targets with 95 % confidence in the peak and under 2 faults.");
  });

  test("name the binding target and by how much the nearest choice misses it", () => {
    const text = renderPlan(hopeless, at(200));
    expect(text).toContain("✗ No setting meets the targets");
    expect(text).toContain("Response time, p99 at most 250 ms: 318 ± 22 ms, 27.2 % beyond it (peak)");
    expect(text).toContain("Nearest to it comes 2 servers, StateServer, timeout 20 min, 240 EUR a month.");
  });

  test("never call undecided met", () => {
    const text = renderPlan(undecided, at(200));
    expect(text).toContain("UNDECIDED: Response time, p99 cannot be told met or missed with 95 % confidence");
    expect(text).not.toMatch(/^\s*Meets/m);
    expect(text).toMatch(/^Response time, p99 .*\? UNDECIDED/m);
  });

  test("say of a search cut short that nothing is known, not that nothing would do", () => {
    const text = renderPlan(bare, at(80));
    expect(text).toContain("No answer yet: the search was cut short");
    expect(text).not.toContain("No setting meets");
  });
});

test("a limit of a fault's own is told, not that of the scenario", () => {
  const own = evidence("response", 900, 10, 0.1, { limit: "at most 1000", situation: "kill-worker at minute 60" });
  const changed = { ...plan, recommendation: { ...recommendation, targets: [own] } };
  expect(renderPlan(changed, at(120))).toContain("at most 1,000 ms");
});

test.each([80, 100, 120])("no line but those to be copied is wider than %i columns", (columns) => {
  const copied = new Set(plan.apply.flatMap(({ text }) => text.split("\n").map((line) => `  ${line}`)));
  const wide = renderPlan(plan, at(columns))
    .split("\n")
    .filter((line) => textWidth(line) > columns && !copied.has(line));
  expect(wide).toEqual([]);
});

test("colours add nothing that is not said in words", () => {
  const colored = renderPlan(plan, { color: true, columns: 80 });
  expect(colored).not.toBe(renderPlan(plan, at(80)));
  expect(stripVTControlCharacters(colored)).toBe(renderPlan(plan, at(80)));
});

test("a password in the command or in a choice is not repeated", () => {
  const secret = "data source=db;password=hunter2";
  const text = renderPlan(
    {
      ...plan,
      command: `sessionlab plan a.yaml --search "store.connection=${secret}"`,
      searched: [{ key: "store.connection", values: [secret] }],
      recommendation: { ...recommendation, choice: { "store.connection": secret } },
    },
    at(80),
  );
  expect(text).toContain("connection data source=db;password=***");
  expect(text).not.toContain("hunter2");
});

test("an interval that lies askew is told by its ends, one without width by nothing", () => {
  const targets = [
    evidence("refused", 0, 0, 1, { interval: { low: 0, high: 0.00022, method: "Clopper and Pearson" } }),
    evidence("lost", 0, 0, 1),
  ];
  const text = renderPlan({ ...plan, recommendation: { ...recommendation, targets } }, at(120));
  expect(text).toMatch(/^Refused share +0 \(0 to 0\.022\d*\) % /m);
  expect(text).toMatch(/^Lost share +0 % /m);
});
