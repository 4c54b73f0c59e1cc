import fc from "fast-check";
import { expect, test } from "vitest";
import { tornadoOf } from "../../../reports/plan/tornado-places.ts";
import { hopeless, plan, recommendation } from "./fixture-plan.ts";

const margin = fc.option(fc.double({ min: -30, max: 30, noNaN: true }), { nil: null });

test("bars are widest first, lie in the domain with the limit, and each end is where its margin is", () => {
  const end = (factor: number) =>
    fc.record({ factor: fc.constant(factor), margin, choice: fc.constant(null), cost: fc.constant(null) });
  const sensitivity = fc.record({ assumption: fc.string(), low: end(0.8), high: end(1.25) });
  fc.assert(
    fc.property(fc.array(sensitivity, { minLength: 1, maxLength: 8 }), (sensitivities) => {
      const { bars, domain } = tornadoOf({ ...plan, sensitivities })!;
      const widths = bars.map(({ from, to }) => to - from);
      expect(widths).toEqual(widths.toSorted((a, b) => b - a));
      expect(domain[0]).toBeLessThanOrEqual(0);
      expect(domain[1]).toBeGreaterThanOrEqual(0);
      for (const { from, to, left, right } of bars) {
        expect(from).toBeGreaterThanOrEqual(domain[0]);
        expect(to).toBeLessThanOrEqual(domain[1]);
        if (left.margin !== null && right.margin !== null) expect(left.margin).toBeLessThanOrEqual(right.margin);
      }
    }),
  );
});

test("an end is marked where another choice would be the cheapest, or none", () => {
  const marked = tornadoOf(plan)!.bars.flatMap(({ assumption, left, right }) =>
    [left, right].filter(({ changes }) => changes).map(({ factor }) => `${assumption} ${factor}`),
  );
  expect(marked).toEqual([
    "cost of a request on a web core 1.25",
    "cost of a request on a web core 0.8",
    "think time 0.8",
  ]);
});

test("there is none without a recommendation, assumptions or a margin", () => {
  expect(tornadoOf(hopeless)).toBeNull();
  expect(tornadoOf({ ...plan, sensitivities: [] })).toBeNull();
  expect(tornadoOf({ ...plan, recommendation: { ...recommendation, targets: [] } })).toBeNull();
});
