import fc from "fast-check";
import { expect, test } from "vitest";
import { energyPeak, energyStretch } from "../../../metrics/history/energy-statistic.ts";

const series = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 2, maxLength: 30 });

/** As the formula stands: all pairs. */
function plainPeak(points: readonly number[], leastSide: number): number {
  const mean = (some: readonly number[], others: readonly number[]) =>
    some.reduce((sum, a) => sum + others.reduce((inner, b) => inner + Math.abs(a - b), 0), 0) /
    (some.length * others.length);
  let most = Number.NEGATIVE_INFINITY;
  for (let split = leastSide; split <= points.length - leastSide; split++) {
    const [left, right] = [points.slice(0, split), points.slice(split)];
    const distance = 2 * mean(left, right) - mean(left, left) - mean(right, right);
    most = Math.max(most, ((left.length * right.length) / points.length) * distance);
  }
  return most;
}

test("the statistic is that of all pairs of distances, in any order of the points", () => {
  fc.assert(
    fc.property(series, fc.integer({ min: 1, max: 3 }), (points, leastSide) => {
      fc.pre(points.length >= 2 * leastSide);
      const stretch = energyStretch(Float64Array.from(points));
      expect(energyPeak(stretch, stretch.ranks, leastSide).statistic).toBeCloseTo(plainPeak(points, leastSide), 8);
      const turned = Int32Array.from(stretch.ranks).reverse();
      expect(energyPeak(stretch, turned, leastSide).statistic).toBeCloseTo(
        plainPeak([...points].reverse(), leastSide),
        8,
      );
    }),
  );
});

test("a change of spread with unmoved mean is seen too", () => {
  const points = Float64Array.from([
    ...Array.from({ length: 20 }, (_, n) => (n % 2 ? 1 : -1)),
    ...Array.from({ length: 20 }, (_, n) => (n % 2 ? 9 : -9)),
  ]);
  const stretch = energyStretch(points);
  expect(energyPeak(stretch, stretch.ranks, 3).split).toBe(20);
});
