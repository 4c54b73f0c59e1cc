// One line a result over a common axis, named in a legend and, where there is room, at its end. Time charts and
// percentile curves are both drawn here.

import * as Plot from "@observablehq/plot";
import { type Download, downloads } from "../download.ts";
import { html, type Markup } from "../markup.ts";
import { dodge } from "./dodge.ts";
import { legend, lineStyle } from "./line-styles.ts";
import type { Draughtsman } from "./plot-svg.ts";

export interface Line {
  /** Place of the result in the report: decides colour and dashes. */
  readonly index: number;
  readonly label: string;
  readonly points: readonly { readonly x: number; readonly y: number | null }[];
}

export interface LineChart {
  readonly title: string;
  readonly x: {
    readonly label: string;
    readonly ticks: readonly number[];
    readonly max: number;
    readonly format: (value: number) => string;
  };
  readonly y: {
    readonly label: string;
    readonly min: number;
    readonly max: number;
    readonly log: boolean;
    readonly format: (value: number) => string;
  };
  readonly lines: readonly Line[];
  /** Moments that concern all lines: upright rules with a word. */
  readonly rules?: readonly { readonly x: number; readonly label: string }[];
  /** Places on single lines. */
  readonly dots?: readonly { readonly index: number; readonly x: number; readonly y: number }[];
}

interface Size {
  readonly width: number;
  readonly height: number;
  readonly direct: boolean;
}

const WIDE: Size = { width: 960, height: 300, direct: true };
const HALF: Size = { width: 470, height: 300, direct: false };
const NARROW: Size = { width: 380, height: 250, direct: false };
const MARGIN_TOP = 28;
const MARGIN_BOTTOM = 40;
const LABEL_GAP_PX = 15;
const CHARACTER_PX = 7.6;

/** The chart twice, for wide and for narrow pages; the style sheet shows one of them. `forNarrow` may have fewer points. */
export function wideAndNarrow(
  draughtsman: Draughtsman,
  forWide: LineChart,
  forNarrow: LineChart,
  data: Download,
): Markup {
  const wide = drawLines(draughtsman, forWide, WIDE);
  const picture = draughtsman.picture(data.name.replace(/\.csv$/, ""), wide);
  const names = legend(forNarrow.lines.map(({ label, index }) => ({ label, style: lineStyle(index) })));
  return html`${names}<div class="wide">${wide}</div><div class="narrow">${drawLines(draughtsman, forNarrow, NARROW)}</div>${downloads(data, picture)}`;
}

/** The chart once, half a page wide, its lines named by a legend elsewhere. */
export function halfPage(draughtsman: Draughtsman, chart: LineChart): Markup {
  return drawLines(draughtsman, chart, HALF);
}

function drawLines(draughtsman: Draughtsman, chart: LineChart, size: Size): Markup {
  const { lines, x, y } = chart;
  const longest = lines.reduce((most, line) => Math.max(most, line.label.length), 0);
  const marginRight = size.direct ? Math.ceil(longest * CHARACTER_PX) + 24 : 24;
  const rows = lines.flatMap((line) => line.points.map((point) => ({ ...point, line: line.index })));
  const yTicks = y.log ? logTicks(y.min, y.max) : 5;
  const marks = [
    Plot.gridY({ ticks: yTicks, stroke: "currentColor", strokeOpacity: 0.13 }),
    Plot.ruleY(y.log ? [] : [0], { stroke: "currentColor", strokeOpacity: 0.5 }),
    ...lines.map((line) =>
      Plot.line(
        rows.filter((row) => row.line === line.index),
        {
          x: "x",
          y: "y",
          stroke: lineStyle(line.index).color,
          strokeWidth: 1.8,
          strokeDasharray: lineStyle(line.index).dash || undefined,
          strokeLinejoin: "round",
        },
      ),
    ),
    ...(size.direct ? endLabels(chart, size) : []),
    ...markedPlaces(chart),
    Plot.axisX({
      ticks: [...x.ticks],
      tickFormat: x.format,
      label: x.label,
      labelAnchor: "center",
      labelArrow: "none",
      labelOffset: 36,
    }),
    // A log scale has a format of its own, which would leave some ticks without their number; `text` overrules it.
    Array.isArray(yTicks)
      ? Plot.axisY(yTicks, { text: y.format, label: y.label, labelArrow: "none", tickSize: 0 })
      : Plot.axisY({ ticks: yTicks, tickFormat: y.format, label: y.label, labelArrow: "none", tickSize: 0 }),
  ];
  return draughtsman.draw({
    title: chart.title,
    width: size.width,
    height: size.height,
    options: {
      marginTop: MARGIN_TOP,
      marginBottom: MARGIN_BOTTOM,
      marginLeft: 58,
      marginRight,
      x: { domain: [0, x.max] },
      y: { domain: [y.min, y.max], ...(y.log ? { type: "log" } : {}) },
      marks,
    },
  });
}

function markedPlaces({ rules = [], dots = [], y }: LineChart): Plot.Markish[] {
  return [
    Plot.ruleX(rules, { x: "x", stroke: "currentColor", strokeOpacity: 0.6, strokeDasharray: "4 3" }),
    Plot.text(rules, {
      x: "x",
      y: y.min,
      dx: 5,
      dy: -8,
      textAnchor: "start",
      text: "label",
      fill: "currentColor",
      fillOpacity: 0.8,
      fontSize: 11,
    }),
    ...dots.map((dot) =>
      Plot.dot([dot], { x: "x", y: "y", r: 5, symbol: "diamond", fill: lineStyle(dot.index).color }),
    ),
  ];
}

/** 1, 2 and 5 times each power of ten that lies on the axis; powers alone where that would be too many. */
export function logTicks(min: number, max: number): number[] {
  const powers = Array.from({ length: 24 }, (_, index) => Number(`1e${index - 12}`));
  const within = (ticks: number[]) => ticks.filter((tick) => tick >= min && tick <= max);
  const fine = within(powers.flatMap((power) => [power, 2 * power, 5 * power]));
  return fine.length <= 9 ? fine : within(powers);
}

function endLabels({ lines, y }: LineChart, size: Size): Plot.Markish[] {
  const plotHeight = size.height - MARGIN_TOP - MARGIN_BOTTOM;
  const heightOf = (value: number) =>
    y.log ? Math.log(value / y.min) / Math.log(y.max / y.min) : (value - y.min) / (y.max - y.min);
  const ends = lines.flatMap((line) => {
    const end = line.points.findLast((point) => point.y !== null);
    return end === undefined
      ? []
      : [{ line, x: end.x, y: end.y!, wantedPx: MARGIN_TOP + plotHeight * (1 - heightOf(end.y!)) }];
  });
  const placed = dodge(
    ends.map((end) => end.wantedPx),
    LABEL_GAP_PX,
    MARGIN_TOP,
    size.height - MARGIN_BOTTOM,
  );
  return ends.flatMap((end, index) => {
    const color = lineStyle(end.line.index).color;
    return [
      Plot.dot([end], { x: "x", y: "y", r: 2.6, fill: color }),
      Plot.text([end], {
        frameAnchor: "top-right",
        dx: 10,
        dy: placed[index]! - MARGIN_TOP,
        text: () => end.line.label,
        textAnchor: "start",
        lineAnchor: "middle",
        fill: color,
        fontWeight: 600,
      }),
    ];
  });
}
