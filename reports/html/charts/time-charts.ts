// What changes while a run goes on, beside the sessions: memory, refusals, busy cores, response times. One chart each, one line a
// result; a chart that no result has data for is not drawn.

import type { RunResult } from "../../../metrics/run-result.ts";
import { seriesCsv } from "../../data-csv.ts";
import { capOf } from "../../figure-rows.ts";
import { formatScaled, type Scale, scaleFor } from "../../format-number.ts";
import { csvFile } from "../download.ts";
import type { Markup } from "../markup.ts";
import { type Line, type LineChart, wideAndNarrow } from "./line-chart.ts";
import type { Draughtsman } from "./plot-svg.ts";
import { LINE_POINTS_MAX, type Point, shareOverTime, thinOut } from "./thin-out.ts";
import { formatTick, timeAxis } from "./time-axis.ts";

const NARROW_POINTS = 200;
/** Spans that shares of counts are summed over: enough to see when, few enough to mean something. */
const SHARE_SPANS = 120;

export interface TimeChart {
  readonly title: string;
  /** As in a Figure: "bytes", "share", "ms". */
  readonly unit: string;
  /** Of the series, as data behind the chart. */
  readonly columns: readonly string[];
  readonly pointsOf: (result: RunResult, pointsMax: number) => readonly Point[];
}

/** A value missing between two others was not taken at that moment (memory, only after a collection): the line goes straight on. */
function column(name: string): Pick<TimeChart, "columns" | "pointsOf"> {
  return {
    columns: [name],
    pointsOf: ({ series }, pointsMax) => {
      const points = (series.columns[name] ?? []).map((value, index): Point => ({ atMs: series.atMs[index]!, value }));
      return thinOut(
        points.filter((point) => point.value !== null),
        pointsMax,
      );
    },
  };
}

export const memoryChart: TimeChart = { title: "Memory", unit: "bytes", ...column("memoryBytes") };
export const refusedChart: TimeChart = {
  title: "Share of new sessions refused",
  unit: "share",
  columns: ["started", "refused"],
  pointsOf: (result) => {
    const { series } = result;
    const { started, refused } = series.columns;
    // Without a cap nobody is refused, and a line at 0 says nothing.
    const never = capOf(result) === null && refused?.every((count) => !count);
    return started === undefined || refused === undefined || never
      ? []
      : shareOverTime(series.atMs, refused, [started, refused], SHARE_SPANS);
  },
};
export const coresChart: TimeChart = { title: "Web cores busy", unit: "share", ...column("cpuShare") };
export const responseChart: TimeChart = {
  title: "Response time, p99 of each sample",
  unit: "ms",
  ...column("responseP99Ms"),
};

/** null where no result has a single value to draw. */
export function drawTimeChart(
  draughtsman: Draughtsman,
  chart: TimeChart,
  results: readonly RunResult[],
): Markup | null {
  const [wide, narrow] = [lines(chart, results, LINE_POINTS_MAX), lines(chart, results, NARROW_POINTS)];
  if (wide.length === 0) return null;
  const values = wide.flatMap((line) => line.points.flatMap((point) => point.value ?? []));
  const top = values.reduce((most, value) => Math.max(most, value), 0) || (chart.unit === "share" ? 0.01 : 1);
  const scale = scaleFor(chart.unit, [top]);
  const lengthMs = results.reduce((most, result) => Math.max(most, result.series.atMs.at(-1) ?? 0), 0);
  const describe = (from: readonly TimeLine[], ticksMax: number) =>
    lineChart(chart, from, scale, top, lengthMs, ticksMax);
  const data = csvFile(`${chart.title}-over-time`, seriesCsv(results, chart.columns));
  return wideAndNarrow(draughtsman, describe(wide, 12), describe(narrow, 5), data);
}

interface TimeLine {
  readonly index: number;
  readonly label: string;
  readonly points: readonly Point[];
}

function lines(chart: TimeChart, results: readonly RunResult[], pointsMax: number): readonly TimeLine[] {
  return results.flatMap((result, index) => {
    const points = chart.pointsOf(result, pointsMax);
    return points.length === 0 ? [] : [{ index, label: result.label, points }];
  });
}

function lineChart(
  chart: TimeChart,
  from: readonly TimeLine[],
  scale: Scale,
  top: number,
  lengthMs: number,
  ticksMax: number,
): LineChart {
  const axis = timeAxis(lengthMs, ticksMax);
  const scaled = from.map(
    (line): Line => ({
      index: line.index,
      label: line.label,
      points: line.points.map(({ atMs, value }) => ({
        x: atMs / axis.unitMs,
        y: value === null ? null : value / scale.divisor,
      })),
    }),
  );
  const peaks = from.map((line) => {
    const peak = line.points.reduce((most, point) => Math.max(most, point.value ?? 0), 0);
    return `${line.label} at most ${formatScaled(peak, scale)} ${scale.unit}`;
  });
  return {
    title: `${chart.title} over time: ${peaks.join("; ")}`,
    x: { label: axis.label, ticks: axis.ticks, max: lengthMs / axis.unitMs, format: formatTick },
    y: { label: scale.unit, min: 0, max: (top / scale.divisor) * 1.08, log: false, format: formatTick },
    lines: scaled,
  };
}
