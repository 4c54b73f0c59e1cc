import { describe, expect, test } from "vitest";
import type { CountLaw, Law } from "../../config/scenario.ts";
import {
  countMean,
  countQuantile,
  lawCdf,
  lawMean,
  lawMeanBelow,
  lawQuantile,
  normalCdf,
  normalQuantile,
} from "../../workload/distributions.ts";

const laws: Law[] = [
  { kind: "constant", value: 3 },
  { kind: "exponential", mean: 30 },
  { kind: "exponential", mean: 30, max: 60 },
  { kind: "lognormal", mean: 40, sigma: 1.2 },
  { kind: "lognormal", mean: 40, sigma: 1.2, max: 100 },
  { kind: "pareto", min: 5, shape: 2.5 },
  { kind: "pareto", min: 5, shape: 0.9, max: 500 },
  { kind: "empirical", quantiles: [0, 1, 4, 9, 100] },
  { kind: "empirical", quantiles: [7] },
];

describe.each(laws)("the law $kind $mean $min $max", (law) => {
  test("has a quantile that undoes its distribution function, below any cut", () => {
    if (law.kind === "constant" || (law.kind === "empirical" && law.quantiles.length === 1)) return;
    for (const u of [0.01, 0.3, 0.5, 0.77, 0.99]) {
      const value = lawQuantile(law, u);
      if ("max" in law && value === law.max) expect(lawCdf(law, value)).toBe(1);
      else expect(lawCdf(law, value)).toBeCloseTo(u, 9);
    }
  });
  test("has the mean of its quantiles, whole and below a limit", () => {
    const points = 200_000;
    for (const limit of [2, 20, 60, Number.POSITIVE_INFINITY]) {
      let sum = 0;
      for (let i = 0; i < points; i++) sum += Math.min(limit, lawQuantile(law, (i + 0.5) / points));
      const mean = limit === Number.POSITIVE_INFINITY ? lawMean(law) : lawMeanBelow(law, limit);
      expect(mean / (sum / points)).toBeCloseTo(1, 2);
    }
  });
});

test("a Pareto law with shape 1 or less has no finite mean", () => {
  expect(lawMean({ kind: "pareto", min: 1, shape: 1 })).toBe(Number.POSITIVE_INFINITY);
});

test("counts: geometric from 1 with the mean asked for, empirical by weight, fixed", () => {
  const counts: CountLaw[] = [
    { kind: "geometric", mean: 6 },
    { kind: "geometric", mean: 1 },
    { kind: "empirical", values: [1, 2, 10], weights: [5, 0, 5] },
    { kind: "fixed", value: 4 },
  ];
  const points = 100_000;
  for (const law of counts) {
    const values = Array.from({ length: points }, (_, i) => countQuantile(law, (i + 0.5) / points));
    expect(Math.min(...values)).toBeGreaterThanOrEqual(1);
    expect(values.reduce((a, b) => a + b, 0) / points / countMean(law)).toBeCloseTo(1, 3);
  }
});

test("the normal law agrees with published values to the last digits", () => {
  // Source: Abramowitz and Stegun, tables 26.1 and 26.5; R's qnorm(1e-9).
  expect(normalCdf(1.96)).toBeCloseTo(0.9750021048517795, 14);
  expect(normalCdf(-6) / 9.865876450376946e-10).toBeCloseTo(1, 12);
  expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 13);
  expect(normalQuantile(1e-9)).toBeCloseTo(-5.997807015007686, 12);
});
