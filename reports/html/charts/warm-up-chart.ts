// Was the start left out? Stored sessions smoothed by Welch's moving average, with the warm-up chosen and the moment that MSER-5 names.

import type { RunResult } from "../../../metrics/run-result.ts";
import { type Settling, settlingOf, welchCurve } from "../../../metrics/warm-up.ts";
import { csvText } from "../../csv.ts";
import { formatDuration, formatNumber, formatRelative, UNKNOWN } from "../../format-number.ts";
import { csvFile } from "../download.ts";
import { html, type Markup } from "../markup.ts";
import { htmlTable } from "../table.ts";
import { type LineChart, wideAndNarrow } from "./line-chart.ts";
import type { Draughtsman } from "./plot-svg.ts";
import { thinOut } from "./thin-out.ts";
import { formatTick, timeAxis } from "./time-axis.ts";

/** The average goes over so small a part of the run on either side. */
const WINDOW_PARTS = 24;
/** What is smooth needs no more. */
const POINTS = 160;
const NARROW_POINTS = 80;

interface Curve {
  readonly index: number;
  readonly result: RunResult;
  readonly settling: readonly Settling[];
  /** From the end of the first sample on; the curve ends a window before the run does. */
  readonly points: readonly { readonly atMs: number; readonly value: number }[];
}

/** null where no result has sessions that settle. */
export function warmUpSection(draughtsman: Draughtsman, results: readonly RunResult[]): Markup | null {
  const curves = results.flatMap((result, index) => curveOf(result, index));
  if (curves.length === 0) return null;
  const data = csvFile("warm-up", warmUpCsv(curves));
  const chart = wideAndNarrow(draughtsman, describe(curves, 12, POINTS), describe(curves, 5, NARROW_POINTS), data);
  return html`${chart}<p class="soft">Means over replications, smoothed by Welch's moving average over a ${WINDOW_PARTS}th of the run on either side. The dashed rule is the end of the warm-up chosen; ◆ is where MSER-5 would end it.</p>${settlingTable(curves)}`;
}

function curveOf(result: RunResult, index: number): readonly Curve[] {
  const settling = settlingOf(result.scenario, result.series);
  if (!settling.some(({ column }) => column === "stored")) return [];
  const values = (result.series.columns.stored ?? []).slice(1).map((value) => value ?? 0);
  const smooth = welchCurve(values, Math.max(1, Math.floor(values.length / WINDOW_PARTS)));
  const points = smooth.map((value, i) => ({ atMs: result.series.atMs[i + 1]!, value }));
  return points.length < 2 ? [] : [{ index, result, settling, points }];
}

function describe(curves: readonly Curve[], ticksMax: number, pointsMax: number): LineChart {
  const lengthMs = curves.reduce((most, { result }) => Math.max(most, result.series.atMs.at(-1) ?? 0), 0);
  const axis = timeAxis(lengthMs, ticksMax);
  const top = curves.flatMap(({ points }) => points).reduce((most, { value }) => Math.max(most, value), 1);
  const warmups = [...new Set(curves.map(({ result }) => result.scenario.run.warmupMs))];
  return {
    title: "Stored sessions, Welch's moving average, with the warm-up chosen and that of MSER-5",
    x: { label: axis.label, ticks: axis.ticks, max: lengthMs / axis.unitMs, format: formatTick },
    y: { label: "sessions", min: 0, max: top * 1.08, log: false, format: formatTick },
    lines: curves.map(({ index, result, points }) => ({
      index,
      label: result.label,
      points: thinOut(points, pointsMax).map(({ atMs, value }) => ({ x: atMs / axis.unitMs, y: value })),
    })),
    rules: warmups.map((warmupMs) => ({ x: warmupMs / axis.unitMs, label: "warm-up" })),
    dots: curves.flatMap(({ index, settling, points }) => {
      const atMs = settling.find(({ column }) => column === "stored")?.settledAtMs ?? null;
      const point = atMs === null ? undefined : points.find((one) => one.atMs >= atMs);
      return point === undefined ? [] : [{ index, x: point.atMs / axis.unitMs, y: point.value }];
    }),
  };
}

/** Six digits are more than such an average tells. */
function warmUpCsv(curves: readonly Curve[]): string {
  const rows = curves.flatMap(({ result, points }) =>
    thinOut(points, POINTS).map(({ atMs, value }) => [result.label, atMs, Number((value ?? 0).toPrecision(6))]),
  );
  return csvText([["run", "atMs", "stored sessions, smoothed"], ...rows]);
}

function settlingTable(curves: readonly Curve[]): Markup {
  const rows = curves.flatMap(({ result, settling }) =>
    settling.map(({ column, settledAtMs, meanChosen, meanSettled }) => ({
      head: html`${result.label}<small>${column} sessions</small>`,
      cells: [
        formatDuration(result.scenario.run.warmupMs),
        settledAtMs === null ? "beyond half the run" : formatDuration(settledAtMs),
        formatNumber(meanChosen),
        formatNumber(meanSettled),
        meanChosen === 0 ? UNKNOWN : formatRelative(meanSettled / meanChosen - 1),
      ],
    })),
  );
  return htmlTable({
    caption: "Warm-up chosen and that of MSER-5, and the mean of sessions after each",
    heads: ["Sessions", "warm-up", "MSER-5", "mean after warm-up", "mean after MSER-5", "apart"],
    rows,
  });
}
