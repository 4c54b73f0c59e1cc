import { describe, expect, test } from "vitest";
import type { Plan } from "../../../metrics/plan/plan.ts";
import { planPage } from "../../../reports/plan/html.ts";
import { bare, evidence, hopeless, plan, recommendation, undecided } from "./fixture-plan.ts";

const page = await planPage(plan);

describe("the page of a plan", () => {
  test("is the same for the same plan, and asks nobody for anything", async () => {
    expect(await planPage(plan)).toBe(page);
    expect(page.match(/\b(?:src|href)="(?!data:|#)[^"]*"/g)).toBeNull();
    expect(page).not.toContain("<script");
  });

  test("opens with the recommendation and what it costs", () => {
    expect(page).toContain("<h1>3 servers, StateServer, timeout 20 min: 412 EUR a month</h1>");
    expect(page).toContain("Meets all 4 targets with 95 % confidence in the peak and under 2 faults.");
    expect(page).toContain("3 web servers × 120 (360 EUR) + memory of the store, 13 GiB × 4 (52 EUR)");
  });

  test("says of every chart in words what it shows", () => {
    const charts = [...page.matchAll(/<svg class="chart" role="img" aria-label="([^"]*)"/g)].map(([, said]) => said!);
    // Bullets and tornado are drawn twice, for wide and for narrow pages.
    expect(charts).toHaveLength(6);
    expect(charts.every((said) => said.length > 40)).toBe(true);
    expect(charts[0]).toContain("Response time, p99 ✓ met: 176 ± 9 ms, at most 250 ms");
  });

  test("has the widest bar of the tornado first, and says where the choice changes", () => {
    const tornado = /aria-label="(Smallest margin, now[^"]*)"/.exec(page)![1]!;
    const order = plan.sensitivities.map(({ assumption }) => tornado.indexOf(assumption));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(page).toContain("◆ think time × 0.8: no setting meets the targets");
    expect(page).toContain("◆ cost of a request on a web core × 1.25: 4 servers, StateServer, timeout 20 min, 532 EUR");
  });

  test("has the files to apply as blocks, to be copied or saved", () => {
    expect(page).toContain("&lt;sessionState mode=&quot;StateServer&quot; timeout=&quot;20&quot;");
    expect(page).toContain('download="web-config-session-state.txt"');
    expect(page).toContain('download="plan.json"');
  });
});

test("undecided is an alert, and never told as met", async () => {
  const text = await planPage(undecided);
  expect(text).toContain('<div class="loud" role="alert"><p><span class="badge doubtful-text">? UNDECIDED</span>');
  expect(text).not.toContain("Meets all");
  expect(text).not.toContain('class="badge good"');
});

test("without a recommendation the binding target stands on top, and nothing is there to apply", async () => {
  const text = await planPage(hopeless);
  expect(text).toContain("<h1>No setting meets the targets</h1>");
  expect(text).toContain(
    "The binding target is Response time, p99 at most 250 ms: 318 ± 22 ms, 27.2 % beyond it (peak).",
  );
  expect(text).not.toContain('id="apply"');
  expect(text).not.toContain('id="tornado"');
});

test("a plan that holds next to nothing still makes a page", async () => {
  expect(await planPage(bare)).toContain("No answer yet: the search was cut short");
});

test("extremes are drawn: limits of 0, values unknown, margins out of all measure, nothing that broke", async () => {
  const extreme: Plan = {
    ...plan,
    recommendation: {
      ...recommendation,
      targets: [
        evidence("refused", 0.004, 0.001, null, { limit: "at most 0", met: false }),
        evidence("lost", 0, 0, null, { value: null, interval: null }),
        evidence("response", 250_000, 900, -999, { met: false }),
      ],
    },
    breaking: { metAt: 10, missedAt: null, target: null, why: "" },
  };
  const text = await planPage(extreme);
  expect(text).toContain("▸ further beyond the limit than the axis reaches");
  expect(text).toContain("Nothing gives up to 10 times the load; beyond that nobody looked.");
  expect(text).not.toMatch(/NaN|Infinity|undefined/);
});

test("nothing of a plan can become markup, and no password is passed on", async () => {
  const hostile = '"><script>alert(1)</script>';
  const text = await planPage({
    ...plan,
    scenario: { ...plan.scenario, name: hostile, description: hostile },
    prices: hostile,
    assumptions: [hostile],
    situations: [{ kind: "peak", name: hostile, description: hostile }],
    sensitivities: plan.sensitivities.map((one) => ({ ...one, assumption: hostile })),
    apply: [{ name: hostile, text: hostile }],
    command: "sessionlab plan a.yaml --search 'store.connection=data source=db;password=hunter2'",
  });
  expect(text).not.toContain("<script");
  expect(text).not.toContain("hunter2");
});
