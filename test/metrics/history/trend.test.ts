import { expect, test } from "vitest";
import type { HistorySeries } from "../../../metrics/history/history.ts";
import { findTrend } from "../../../metrics/history/trend.ts";
import { levelsOf } from "./planted.ts";

function seriesOf(values: readonly number[], better: HistorySeries["better"]): HistorySeries {
  return {
    scenario: "ycsb-a",
    label: "InProc, micro",
    machine: null,
    key: "responseP50Ms",
    metricLabel: "Response time, p50",
    unit: "ms",
    better,
    points: values.map((value, index) => ({
      at: `2026-01-01T00:00:${index}Z`,
      commit: index === 0 ? null : `c${index}`,
      value,
    })),
  };
}

const rise = levelsOf(
  [
    [100, 30],
    [110, 30],
  ],
  1,
);

test("a change names the commits it lies between, its size and its time", () => {
  const { changePoints, outliers, series } = findTrend(seriesOf(rise, "low"));
  expect(changePoints).toMatchObject([
    { index: 30, afterCommit: "c29", byCommit: "c30", at: "2026-01-01T00:00:30Z", direction: "worse" },
  ]);
  expect(changePoints[0]!.relative).toBeCloseTo(0.1, 1);
  expect(outliers).toEqual([]);
  expect(series.points).toHaveLength(60);
});

test("which way is good is the metric's to say", () => {
  const directionOf = (values: readonly number[], better: HistorySeries["better"]) =>
    findTrend(seriesOf(values, better)).changePoints[0]!.direction;
  const fall = [...rise].reverse();
  expect([directionOf(rise, "low"), directionOf(rise, "high"), directionOf(rise, null)]).toEqual([
    "worse",
    "better",
    "unknown",
  ]);
  expect([directionOf(fall, "low"), directionOf(fall, "high"), directionOf(fall, null)]).toEqual([
    "better",
    "worse",
    "unknown",
  ]);
});

test("a change from 0 has no share", () => {
  const values = Array.from({ length: 20 }, (_, index) => (index < 10 ? 0 : 3));
  expect(findTrend(seriesOf(values, "low")).changePoints).toMatchObject([
    { index: 10, before: 0, after: 3, relative: null },
  ]);
});

test("without points there is no trend to tell", () => {
  expect(findTrend(seriesOf([], "low"))).toMatchObject({ changePoints: [], outliers: [] });
});
