import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runAxis } from "../../../reports/html/charts/run-axis.ts";
import { lanesOf, layOutTrend } from "../../../reports/html/charts/trend-layout.ts";
import { makeTrend } from "./fixture-history.ts";

describe("a trend laid out", () => {
  test("that is short keeps every run and interval, outliers apart", () => {
    const layout = layOutTrend(makeTrend({ runs: 50, outliers: [{ index: 7, factor: 1.01 }] }), 100);
    expect(layout.points.map(({ place }) => place)).toEqual(
      Array.from({ length: 50 }, (_, place) => place).filter((place) => place !== 7),
    );
    expect(layout.intervals).toHaveLength(49);
    expect(layout.outliers).toHaveLength(1);
    expect(layout.stretches).toEqual([]);
  });

  test("that is long becomes strokes that reach from lowest to highest and never over a change", () => {
    const trend = makeTrend({ runs: 5000, steps: [{ index: 2505, factor: 1.5 }] });
    const { stretches, points } = layOutTrend(trend, 100);
    expect(points).toEqual([]);
    expect(stretches.length).toBeLessThanOrEqual(102);
    const values = trend.series.points.map(({ value }) => value);
    expect(Math.min(...stretches.map(({ low }) => low))).toBe(Math.min(...values));
    expect(Math.max(...stretches.map(({ high }) => high))).toBe(Math.max(...values));
    for (const { low, high } of stretches) expect(high / low).toBeLessThan(1.1);
  });

  test("has a step for each level, end to end over all runs", () => {
    const steps = [
      { index: 20, factor: 1.2 },
      { index: 70, factor: 0.5 },
    ];
    const { levels } = layOutTrend(makeTrend({ runs: 100, steps, value: 10 }), 200);
    expect(levels.map(({ from, to }) => [from, to])).toEqual([
      [-0.5, 19.5],
      [19.5, 69.5],
      [69.5, 99.5],
    ]);
    expect(levels.map(({ value }) => value)).toEqual([10, 12, 6]);
  });

  test("is not flattened by an outlier far out, which stands at the edge instead", () => {
    const { domain, beyond, outliers } = layOutTrend(
      makeTrend({ value: 4, outliers: [{ index: 3, factor: 100 }] }),
      200,
    );
    expect(domain[1]).toBeLessThan(6);
    expect(outliers).toEqual([]);
    expect(beyond).toEqual([{ place: 3, value: domain[1], above: true }]);
  });

  test("in a unit that nobody here knows counts in millions before its axis has no room for the digits", () => {
    const { scale, domain } = layOutTrend(makeTrend({ unit: "cycles/iter", value: 590_000_000 }), 200);
    expect(scale.unit).toBe("million cycles/iter");
    expect(domain[0]).toBeGreaterThan(500);
    expect(domain[1]).toBeLessThan(700);
    expect(layOutTrend(makeTrend({ unit: "rows", value: 120_000 }), 200).scale.unit).toBe("rows");
  });

  test("of no runs, of one, and of zeros alone has an axis that is not empty", () => {
    for (const trend of [makeTrend({ runs: 1 }), makeTrend({ value: 0 })]) {
      const { domain } = layOutTrend(trend, 100);
      expect(domain[1]).toBeGreaterThan(domain[0]);
    }
    const { domain } = layOutTrend(makeTrend({ runs: 0 }), 100);
    expect(domain[1]).toBeGreaterThan(domain[0]);
  });
});

test("labels in lanes never cover one another, and one lane is used while there is room in it", () => {
  const centres = fc.array(fc.integer({ min: 0, max: 900 }), { maxLength: 30 });
  fc.assert(
    fc.property(centres, (list) => {
      const labels = [...list].sort((a, b) => a - b).map((centrePx) => ({ centrePx, widthPx: 60 }));
      const lanes = lanesOf(labels, 2, 8);
      for (const lane of [0, 1]) {
        const there = labels.filter((_, place) => lanes[place] === lane);
        for (let place = 1; place < there.length; place++)
          expect(there[place]!.centrePx - there[place - 1]!.centrePx).toBeGreaterThanOrEqual(68);
      }
    }),
  );
  const apart = [100, 200, 300].map((centrePx) => ({ centrePx, widthPx: 60 }));
  expect(lanesOf(apart, 2, 8)).toEqual([0, 0, 0]);
});

test("runs of several days are dated, runs of one day timed, and no date stands twice", () => {
  const days = ["2026-05-06T01:00:00Z", "2026-05-06T09:00:00Z", "2026-05-09T09:00:00Z"];
  const axis = runAxis(days, 3);
  expect(axis.ticks.map(axis.format)).toEqual(["2026-05-06", "2026-05-09"]);
  const hours = runAxis(days.slice(0, 2), 3);
  expect(hours.ticks.map(hours.format)).toEqual(["01:00", "09:00"]);
  expect(hours.label).toBe("2026-05-06, UTC");
  expect(runAxis([], 3).ticks).toEqual([]);
});
