import { expect, test } from "vitest";
import { scaleLaw } from "../../config/scale-law.ts";
import type { Law } from "../../config/scenario.ts";
import { lawMean, lawQuantile } from "../../workload/distributions.ts";

test.each<Law>([
  { kind: "constant", value: 3 },
  { kind: "exponential", mean: 3 },
  { kind: "exponential", mean: 3, max: 8 },
  { kind: "lognormal", mean: 3, sigma: 0.7, max: 20 },
  { kind: "pareto", min: 1, shape: 2.5, max: 40 },
  { kind: "empirical", quantiles: [0, 1, 5] },
])("a law that is scaled has each value so many times as large: %o", (law) => {
  const scaled = scaleLaw(law, 2.5);
  expect(scaled.kind).toBe(law.kind);
  expect(lawMean(scaled)).toBeCloseTo(2.5 * lawMean(law), 9);
  for (const share of [0.1, 0.5, 0.9, 0.999]) {
    expect(lawQuantile(scaled, share)).toBeCloseTo(2.5 * lawQuantile(law, share), 9);
  }
});
