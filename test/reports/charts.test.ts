import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { valuesNeeded } from "../../metrics/latency-histogram.ts";
import { dodge } from "../../reports/html/charts/dodge.ts";
import { type Point, shareOverTime, thinOut } from "../../reports/html/charts/thin-out.ts";
import { formatTick, timeAxis } from "../../reports/html/charts/time-axis.ts";
import { ninesOf, supportedPercentile } from "../../reports/percentiles.ts";
import { sparkline, wrap } from "../../reports/text-table.ts";

const values = fc.array(fc.option(fc.integer({ min: -1000, max: 1000 }), { nil: null }), {
  minLength: 1,
  maxLength: 500,
});
const asPoints = (list: readonly (number | null)[]) => list.map((value, index): Point => ({ atMs: index, value }));

describe("a line thinned out", () => {
  test("keeps its lowest and highest point, its order and its limit", () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 2, max: 100 }), (list, pointsMax) => {
        const thin = thinOut(asPoints(list), pointsMax);
        expect(thin.length).toBeLessThanOrEqual(pointsMax);
        const known = (points: readonly Point[]) => points.flatMap((point) => point.value ?? []);
        expect(Math.max(...known(thin))).toBe(Math.max(...known(asPoints(list))));
        expect(Math.min(...known(thin))).toBe(Math.min(...known(asPoints(list))));
        expect(thin.map((point) => point.atMs)).toEqual(thin.map((point) => point.atMs).sort((a, b) => a - b));
      }),
    );
  });

  test("of counts is a share of sums, not a mean of shares", () => {
    const [point] = shareOverTime(
      [1, 2],
      [1, 0],
      [
        [1, 0],
        [0, 9],
      ],
      1,
    );
    expect(point).toEqual({ atMs: 2, value: 0.1 });
    expect(shareOverTime([1], [0], [[0]], 1)).toEqual([{ atMs: 1, value: null }]);
  });
});

test("labels moved apart keep their order and their distance, and stay inside while there is room", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 8 }), (wanted) => {
      const placed = dodge(wanted, 15, 0, 300);
      const order = wanted.map((_, index) => index).sort((a, b) => wanted[a]! - wanted[b]! || a - b);
      const sorted = order.map((index) => placed[index]!);
      for (let i = 1; i < sorted.length; i++) expect(sorted[i]! - sorted[i - 1]!).toBeGreaterThanOrEqual(15);
      expect(sorted[0]).toBeGreaterThanOrEqual(0);
      expect(sorted.at(-1)).toBeLessThanOrEqual(300);
    }),
  );
});

test.each([
  [90_000, "seconds"],
  [7_200_000, "minutes"],
  [86_400_000, "hours"],
  [30 * 86_400_000, "days"],
])("a run of %d ms has its time in %s, with no more ticks than there is room for", (lengthMs, unit) => {
  const axis = timeAxis(lengthMs, 6);
  expect(axis.label).toContain(unit);
  expect(axis.ticks.length).toBeGreaterThan(2);
  expect(axis.ticks.length).toBeLessThanOrEqual(7);
});

test("ticks are written without zeros at the end, and whole tens keep theirs", () => {
  expect([0, 0.1 + 0.2, 44.45, 600, 1500, 0.5].map(formatTick)).toEqual(["0", "0.3", "44.45", "600", "1,500", "0.5"]);
  expect([1000, 1000.25, -1000.5, 1_000_000.4].map(formatTick)).toEqual(["1,000", "1,000.25", "−1,000.5", "1,000,000"]);
});

test("ten samples lie beyond a percentile that is told", () => {
  expect([19, 20, 99, 100, 9_999, 10_000].map(supportedPercentile)).toEqual([0, 50, 50, 90, 99, 99.9]);
  expect(valuesNeeded(99.999)).toBe(1_000_000);
  expect(ninesOf(99.9)).toBeCloseTo(3, 9);
});

test("a bar of a sparkline stands for the largest value of its part, and a blank for none", () => {
  expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7, 8], 9, 8)).toBe("▁▁▂▃▄▅▆▇█");
  expect(sparkline([1, 8, null, null], 2, 8)).toBe("█ ");
  expect(sparkline([0, 0], 2, 0)).toBe("▁▁");
});

test("wrapped text is broken between words and set in from the second line on", () => {
  expect(wrap("  · one two three", 11, 4)).toEqual(["  · one two", "    three"]);
});
