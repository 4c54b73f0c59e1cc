// Latency percentiles on an axis that gives every further "nine" the same room, so that the tail is seen as well as the middle.

import type { RunResult } from "../../../metrics/run-result.ts";
import { percentilesCsv } from "../../data-csv.ts";
import { ninesOf, percentileCurve } from "../../percentiles.ts";
import { csvFile, downloads } from "../download.ts";
import { html, type Markup } from "../markup.ts";
import { halfPage, type LineChart } from "./line-chart.ts";
import { legend, lineStyle } from "./line-styles.ts";
import type { Draughtsman } from "./plot-svg.ts";
import { formatTick } from "./time-axis.ts";

const marked = [0, 50, 90, 99, 99.9, 99.99, 99.999] as const;
const shown = [
  ["response", "Response time, from the moment the request was due"],
  ["service", "Service time, from the moment it was sent"],
] as const;
/** Beyond this ratio of slowest to quickest a straight axis would hide the quick ones. */
const LOG_FROM_RATIO = 20;

/** Response and service times beside one another on the same axes; null without enough samples of either. */
export function percentileCharts(draughtsman: Draughtsman, results: readonly RunResult[]): Markup | null {
  const curves = shown.map(([key, title]) => ({
    key,
    title,
    lines: results.flatMap((result, index) => {
      const points = percentileCurve(result, key).map(({ nines, ms }) => ({ x: nines, y: ms }));
      return points.length === 0 ? [] : [{ index, label: result.label, points }];
    }),
  }));
  const points = curves.flatMap((curve) => curve.lines.flatMap((line) => line.points));
  if (points.length === 0) return null;
  const slowest = points.reduce((most, point) => Math.max(most, point.y), 0);
  const quickest = points.reduce((least, point) => Math.min(least, point.y > 0 ? point.y : least), slowest);
  const log = quickest > 0 && slowest / quickest > LOG_FROM_RATIO;
  const xMax = points.reduce((most, point) => Math.max(most, point.x), 0);
  const ticks = marked.map(ninesOf).filter((nines) => nines <= xMax + 1e-9);
  const nameOf = (nines: number) => `p${marked.find((percentile) => Math.abs(ninesOf(percentile) - nines) < 1e-9)}`;
  const charts = curves.flatMap((curve) => {
    if (curve.lines.length === 0) return [];
    const chart: LineChart = {
      title: `${curve.title}: ${curve.lines.map(({ label, points: [...along] }) => `${label} ${formatTick(along.at(-1)!.y)} ms at ${nameNear(along.at(-1)!.x)}`).join("; ")}`,
      x: { label: "percentile", ticks, max: xMax, format: nameOf },
      y: {
        label: log ? "ms, log scale" : "ms",
        min: log ? quickest * 0.9 : 0,
        max: slowest * (log ? 1.2 : 1.08),
        log,
        format: formatTick,
      },
      lines: curve.lines.map((line) => ({
        ...line,
        points: line.points.map((point) => ({ x: point.x, y: log ? Math.max(point.y, quickest) : point.y })),
      })),
    };
    const drawn = halfPage(draughtsman, chart);
    return [
      html`<figure><figcaption>${curve.title}</figcaption>${drawn}${downloads(draughtsman.picture(`percentiles ${curve.key}`, drawn))}</figure>`,
    ];
  });
  const data = csvFile(
    "percentiles",
    percentilesCsv(
      results,
      shown.map(([key]) => key),
    ),
  );
  const named = [...new Map(curves.flatMap((curve) => curve.lines).map((line) => [line.index, line.label]))];
  const names = legend(named.sort(([a], [b]) => a - b).map(([index, label]) => ({ label, style: lineStyle(index) })));
  return html`${names}<div class="pair-grid">${charts}</div>${downloads(data)}`;
}

function nameNear(nines: number): string {
  return `p${marked.findLast((percentile) => ninesOf(percentile) <= nines + 1e-9)}`;
}
