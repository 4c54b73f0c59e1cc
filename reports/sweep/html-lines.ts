// A figure along one axis: a line for each combination of the others, the band of its 95 % intervals behind it, what a formula says as
// small crosses, and the limits of targets as rules.

import * as Plot from "@observablehq/plot";
import type { Sweep, SweepFigure, SweepPoint } from "../../metrics/sweep/sweep.ts";
import { formatNumber } from "../format-number.ts";
import { legendEntry, lineStyle } from "../html/charts/line-styles.ts";
import type { Draughtsman } from "../html/charts/plot-svg.ts";
import { html, type Markup } from "../html/markup.ts";
import { figureScale, limitText, valueText } from "./sweep-words.ts";

export interface BandLine {
  /** Of the other axes; empty where there are none. */
  readonly label: string;
  readonly index: number;
  readonly points: readonly SweepPoint[];
}

interface Row {
  readonly x: number | string;
  readonly y: number;
  readonly low: number;
  readonly high: number;
  readonly form: number | null;
}

export function bandLegend(lines: readonly BandLine[], sweep: Sweep, { key }: SweepFigure): Markup {
  const rules = limitsOf(sweep, key).length > 0;
  const forms = sweep.points.some(({ figures }) => figures[key]?.closedForm !== undefined);
  return html`<ul class="legend">${lines.length > 1 ? lines.map(({ label, index }) => legendEntry(label, lineStyle(index))) : null}<li>bands: 95 % intervals</li>${rules ? legendEntry("limit of a target", LIMIT) : null}${forms ? html`<li>× closed form</li>` : null}</ul>`;
}

/** With so many, single intervals would run into one another. */
const MANY_POINTS = 30;
const LIMIT = { color: "var(--bad)", dash: "5 4" };

export function bandChart(
  draughtsman: Draughtsman,
  sweep: Sweep,
  figure: SweepFigure,
  along: number,
  lines: readonly BandLine[],
  width: number,
): Markup {
  const scale = figureScale(sweep, figure.key);
  const axis = sweep.axes[along]!;
  const numeric = axis.values.every((value) => typeof value === "number");
  const drawn = lines.map((line) => ({ ...line, rows: rowsOf(line, figure.key, along, scale.divisor) }));
  const limits = limitsOf(sweep, figure.key).map(({ limit }) => limit / scale.divisor);
  const all = drawn.flatMap(({ rows }) =>
    rows.flatMap(({ low, high, form }) => [low, high, ...(form === null ? [] : [form])]),
  );
  // A limit far beyond everything would press the lines flat.
  const near = limits.filter((limit) => limit <= 3 * Math.max(...all) && limit >= Math.min(...all) / 3);
  const [least, most] = [Math.min(0, ...all), Math.max(...all, ...near)];
  const unit = scale.unit === "" ? "" : ` (${scale.unit})`;
  return draughtsman.draw({
    title: describe(sweep, figure, along, drawn),
    width,
    height: width > 600 ? 320 : 260,
    options: {
      marginTop: 28,
      marginBottom: 40,
      marginLeft: 64,
      marginRight: 24,
      x: numeric
        ? { type: isLog(axis.values.map(Number)) ? "log" : "linear" }
        : { type: "point", domain: axis.values.map(valueText), padding: 0.5 },
      y: { domain: [least, most === least ? least + 1 : most], nice: true },
      marks: [
        Plot.gridY({ ticks: 5, stroke: "currentColor", strokeOpacity: 0.13 }),
        ...drawn.flatMap(({ rows, index }) => (numeric ? lineMarks(rows, index) : dotMarks(rows, index))),
        Plot.ruleY(near, { stroke: LIMIT.color, strokeDasharray: LIMIT.dash, strokeWidth: 1.4 }),
        Plot.axisX({
          ...(numeric && isLog(axis.values.map(Number))
            ? { ticks: axis.values.map(Number) }
            : numeric
              ? { ticks: width > 600 ? 9 : 5 }
              : {}),
          tickFormat: (value: number | string) => (typeof value === "number" ? formatNumber(value, 4) : value),
          label: axis.key,
          labelAnchor: "center",
          labelArrow: "none",
          labelOffset: 36,
        }),
        Plot.axisY({
          ticks: 5,
          tickFormat: (value: number) => formatNumber(value),
          label: `${figure.label}${unit}`,
          labelArrow: "none",
          tickSize: 0,
        }),
      ],
    },
  });
}

function rowsOf({ points }: BandLine, key: string, along: number, divisor: number): readonly Row[] {
  return points
    .flatMap(({ at, figures }): Row[] => {
      const figure = figures[key];
      if (figure === undefined || figure.value === null) return [];
      const { value, interval, closedForm } = figure;
      const position = at[along]!;
      return [
        {
          x: typeof position === "number" ? position : valueText(position),
          y: value / divisor,
          low: (interval?.low ?? value) / divisor,
          high: (interval?.high ?? value) / divisor,
          form: closedForm === undefined ? null : closedForm / divisor,
        },
      ];
    })
    .sort((a, b) => (typeof a.x === "number" && typeof b.x === "number" ? a.x - b.x : 0));
}

function lineMarks(rows: readonly Row[], index: number): Plot.Markish[] {
  const { color, dash } = lineStyle(index);
  return [
    Plot.areaY(rows, { x: "x", y1: "low", y2: "high", fill: color, fillOpacity: 0.18 }),
    Plot.line(rows, {
      x: "x",
      y: "y",
      stroke: color,
      strokeWidth: 1.8,
      strokeDasharray: dash || undefined,
      strokeLinejoin: "round",
    }),
    ...dotMarks(rows, index),
  ];
}

function dotMarks(rows: readonly Row[], index: number): Plot.Markish[] {
  const { color } = lineStyle(index);
  const many = rows.length > MANY_POINTS;
  const forms = rows.filter(({ form }) => form !== null);
  return [
    ...(many ? [] : [Plot.ruleX(rows, { x: "x", y1: "low", y2: "high", stroke: color, strokeWidth: 1.4 })]),
    Plot.dot(rows, { x: "x", y: "y", r: many ? 1.6 : 2.8, fill: color }),
    Plot.dot(forms, { x: "x", y: "form", r: many ? 2 : 4, symbol: "times", stroke: "currentColor" }),
  ];
}

/** Each limit that a target sets to this figure, once. */
function limitsOf({ points }: Sweep, key: string): readonly { readonly limit: number; readonly text: string }[] {
  const limits = new Map<number, string>();
  for (const { figure, atMost, atLeast } of points.flatMap(({ targets }) => targets)) {
    if (figure !== key) continue;
    for (const limit of [atMost, atLeast])
      if (limit !== undefined) limits.set(limit, limitText({ atMost, atLeast }, ""));
  }
  return [...limits].map(([limit, text]) => ({ limit, text }));
}

/** Values that were spread by ratios, and are above 0. */
function isLog(values: readonly number[]): boolean {
  const sorted = values.toSorted((a, b) => a - b);
  const [first, last] = [sorted[0]!, sorted.at(-1)!];
  if (sorted.length < 4 || first <= 0 || last / first < 8) return false;
  const ratios = sorted.slice(1).map((value, i) => value / sorted[i]!);
  return Math.max(...ratios) / Math.min(...ratios) < 1.6;
}

function describe(
  sweep: Sweep,
  { key, label }: SweepFigure,
  along: number,
  lines: readonly { readonly label: string; readonly rows: readonly Row[] }[],
): string {
  const { unit } = figureScale(sweep, key);
  const said = lines.map(({ label: name, rows }) => {
    const [first, last] = [rows[0], rows.at(-1)];
    if (first === undefined || last === undefined) return `${name} unknown`;
    const course = `${formatNumber(first.y)} at ${first.x} to ${formatNumber(last.y)} at ${last.x}`;
    return name === "" ? course : `${name}: ${course}`;
  });
  return `${label}${unit === "" ? "" : ` in ${unit}`} along ${sweep.axes[along]!.key}: ${said.join("; ")}`;
}
