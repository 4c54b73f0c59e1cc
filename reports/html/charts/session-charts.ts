// Stored and live sessions over time, one small chart a result on a common scale, with the cap drawn in: what the cap sees and
// what the users see.

import * as Plot from "@observablehq/plot";
import type { RunResult } from "../../../metrics/run-result.ts";
import { seriesCsv } from "../../data-csv.ts";
import { capOf } from "../../figure-rows.ts";
import { formatDuration, formatNumber } from "../../format-number.ts";
import { csvFile, downloads } from "../download.ts";
import { html, type Markup } from "../markup.ts";
import { legend, lineStyle } from "./line-styles.ts";
import type { Draughtsman } from "./plot-svg.ts";
import { type Point, thinOut } from "./thin-out.ts";
import { formatTick, timeAxis } from "./time-axis.ts";

const LIVE_DASH = "3 3";
const CAP_DASH = "9 4";

export interface SessionScale {
  /** Top of the y axis. */
  readonly top: number;
  readonly lengthMs: number;
}

/** The common scale of all results; null where none has counted sessions over time. A cap far above the sessions is not drawn. */
export function sessionScale(results: readonly RunResult[]): SessionScale | null {
  const peak = results
    .flatMap((result) => result.series.columns.stored ?? [])
    .reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
  const lengthMs = results.reduce((most, result) => Math.max(most, result.series.atMs.at(-1) ?? 0), 0);
  if (lengthMs === 0 || results.every((result) => result.series.columns.stored === undefined)) return null;
  const caps = results.flatMap((result) => capOf(result) ?? []).filter((cap) => cap <= 2 * peak);
  return { top: Math.max(1, peak, ...caps) * 1.12, lengthMs };
}

function sessionLegend(): Markup {
  return legend([
    { label: "stored", style: { color: "var(--line-0)", dash: "" } },
    { label: "live", style: { color: "var(--line-1)", dash: LIVE_DASH } },
    { label: "cap", style: { color: "var(--bad)", dash: CAP_DASH } },
  ]);
}

function sessionChart(
  draughtsman: Draughtsman,
  result: RunResult,
  scale: SessionScale,
  width: number,
  pointsMax: number,
): Markup {
  const { atMs, columns } = result.series;
  const axis = timeAxis(scale.lengthMs, width > 600 ? 12 : 6);
  const cap = capOf(result);
  const capDrawn = cap !== null && cap <= scale.top;
  const lineOf = (column: readonly (number | null)[] | undefined) => {
    const points = (column ?? []).map((value, index): Point => ({ atMs: atMs[index]!, value }));
    return thinOut(points, pointsMax).map((point) => ({ x: point.atMs / axis.unitMs, y: point.value }));
  };
  const stored = lineOf(columns.stored);
  const live = lineOf(columns.live);
  const lengthX = scale.lengthMs / axis.unitMs;
  const warmupX = Math.min(result.scenario.run.warmupMs / axis.unitMs, lengthX);
  const color = lineStyle(0).color;
  const marks = [
    ...(warmupX > 0
      ? [
          Plot.rect([0], { x1: 0, x2: warmupX, y1: 0, y2: scale.top, fill: "currentColor", fillOpacity: 0.05 }),
          Plot.text(["warm-up"], {
            x: 0,
            y: 0,
            dx: 5,
            dy: -8,
            textAnchor: "start",
            text: (text: string) => text,
            fill: "currentColor",
            fillOpacity: 0.7,
            fontSize: 11,
          }),
        ]
      : []),
    Plot.gridY({ ticks: 5, stroke: "currentColor", strokeOpacity: 0.13 }),
    Plot.areaY(stored, { x: "x", y: "y", fill: color, fillOpacity: 0.14 }),
    Plot.line(stored, { x: "x", y: "y", stroke: color, strokeWidth: 1.8 }),
    Plot.line(live, { x: "x", y: "y", stroke: "var(--line-1)", strokeWidth: 1.3, strokeDasharray: LIVE_DASH }),
    ...(capDrawn ? [Plot.ruleY([cap], { stroke: "var(--bad)", strokeWidth: 1.8, strokeDasharray: CAP_DASH })] : []),
    ...(result.complete ? [] : [cutShortMark(result.endedAtMs / axis.unitMs, scale.top)]),
    Plot.text([capLabel(cap, capDrawn)], {
      x: lengthX,
      y: capDrawn ? cap : scale.top,
      dy: capDrawn ? -9 : 6,
      text: (text: string) => text,
      textAnchor: "end",
      fill: capDrawn ? "var(--bad)" : "currentColor",
      fontWeight: 600,
    }),
    Plot.ruleY([0], { stroke: "currentColor", strokeOpacity: 0.5 }),
    Plot.axisX({
      ticks: [...axis.ticks],
      tickFormat: formatTick,
      label: axis.label,
      labelAnchor: "center",
      labelArrow: "none",
      labelOffset: 36,
    }),
    Plot.axisY({ ticks: 5, tickFormat: formatTick, label: "sessions", labelArrow: "none", tickSize: 0 }),
  ];
  return draughtsman.draw({
    title: describe(result, stored),
    width,
    height: 270,
    options: {
      marginTop: 28,
      marginBottom: 40,
      marginLeft: 58,
      marginRight: 14,
      x: { domain: [0, lengthX] },
      y: { domain: [0, scale.top] },
      marks,
    },
  });
}

function cutShortMark(x: number, top: number): Plot.Markish {
  return Plot.text(["cut short"], {
    x,
    y: top / 2,
    dx: -9,
    rotate: -90,
    text: (text: string) => text,
    fill: "var(--doubtful)",
    fontWeight: 600,
  });
}

function capLabel(cap: number | null, drawn: boolean): string {
  if (cap === null) return "no cap";
  return drawn ? `cap ${formatNumber(cap)}` : `cap ${formatNumber(cap)}, far above`;
}

function describe(result: RunResult, stored: readonly { readonly y: number | null }[]): string {
  const peak = stored.reduce((most, point) => Math.max(most, point.y ?? 0), 0);
  const cap = capOf(result);
  const against = cap === null ? "with no cap" : `with a cap of ${formatNumber(cap)}`;
  return `${result.label}: stored and live sessions over ${formatDuration(result.endedAtMs)}, at most ${formatNumber(peak)} stored, ${against}`;
}

/** The small charts of all results; a single one takes the whole width. */
export function sessionCharts(draughtsman: Draughtsman, results: readonly RunResult[], scale: SessionScale): Markup {
  const data = csvFile("sessions-over-time", seriesCsv(results, ["stored", "live"]));
  if (results.length === 1) {
    const [result] = results as [RunResult];
    const wide = sessionChart(draughtsman, result, scale, 960, 600);
    return html`${sessionLegend()}<div class="wide">${wide}</div><div class="narrow">${sessionChart(draughtsman, result, scale, 380, 240)}</div>${downloads(data, draughtsman.picture("sessions-over-time", wide))}`;
  }
  const charts = results.map((result) => {
    const chart = sessionChart(draughtsman, result, scale, 470, 300);
    return html`<figure><figcaption>${result.label}</figcaption>${chart}${downloads(draughtsman.picture(`sessions ${result.label}`, chart))}</figure>`;
  });
  return html`${sessionLegend()}<div class="pair-grid">${charts}</div>${downloads(data)}`;
}
