// Values as dots on rows, several runs to a row, each with its interval as a bar: where bars do not meet, the runs differ by more than
// luck. Single rounds stand behind as fine strokes, so that nobody has to believe an interval.

import * as Plot from "@observablehq/plot";
import type { Markup } from "../markup.ts";
import { logTicks } from "./line-chart.ts";
import { lineStyle } from "./line-styles.ts";
import type { Draughtsman } from "./plot-svg.ts";
import { formatTick } from "./time-axis.ts";

export interface Dot {
  /** Place of the result in the report. */
  readonly index: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly rounds: readonly number[];
}

export interface DotRows {
  readonly title: string;
  readonly unit: string;
  readonly log: boolean;
  readonly rows: readonly { readonly label: string; readonly dots: readonly Dot[] }[];
}

const WIDTH = 470;
const DOT_PX = 13;
const ROW_PADDING_PX = 12;
const ROUND_PX = 5;
const MARGIN_TOP = 8;
const MARGIN_BOTTOM = 40;
const LABEL_PX = 7.2;

export function drawDotRows(draughtsman: Draughtsman, { title, unit, log, rows }: DotRows): Markup {
  const all = rows.flatMap(({ dots }) => dots.flatMap(({ value, low, high, rounds }) => [value, low, high, ...rounds]));
  const known = log ? all.filter((value) => value > 0) : all;
  const [least, most] = [Math.min(...known), Math.max(...known)];
  const domain = log ? [least / 1.15, most * 1.15] : padded(least, most);
  let heightPx = 0;
  const placed = rows.map(({ label, dots }) => {
    const topPx = heightPx;
    heightPx += dots.length * DOT_PX + ROW_PADDING_PX;
    return {
      label,
      topPx,
      middlePx: (topPx + heightPx) / 2,
      dots: dots.map((dot, place) => ({
        ...dot,
        low: Math.max(dot.low, domain[0]!),
        yPx: topPx + ROW_PADDING_PX / 2 + DOT_PX * (place + 0.5),
      })),
    };
  });
  const flat = placed.flatMap(({ dots }) => dots);
  const ticks = log ? logTicks(domain[0]!, domain[1]!) : null;
  const longest = rows.reduce((length, { label }) => Math.max(length, label.length), 0);
  return draughtsman.draw({
    title,
    width: WIDTH,
    height: heightPx + MARGIN_TOP + MARGIN_BOTTOM,
    options: {
      marginTop: MARGIN_TOP,
      marginBottom: MARGIN_BOTTOM,
      marginLeft: longest === 0 ? 14 : Math.ceil(longest * LABEL_PX) + 14,
      marginRight: 18,
      x: { domain, type: log ? "log" : "linear" },
      y: { domain: [0, heightPx], type: "linear", reverse: true, axis: null },
      marks: [
        ticks === null
          ? Plot.gridX({ ticks: 5, stroke: "currentColor", strokeOpacity: 0.16 })
          : Plot.gridX(ticks, { stroke: "currentColor", strokeOpacity: 0.16 }),
        Plot.ruleY(
          placed.slice(1).map(({ topPx }) => topPx),
          { stroke: "currentColor", strokeOpacity: 0.1 },
        ),
        Plot.text(placed, {
          y: "middlePx",
          text: "label",
          frameAnchor: "left",
          textAnchor: "end",
          dx: -10,
          fill: "currentColor",
        }),
        ...flat.flatMap(({ index, rounds, yPx }) =>
          rounds.length === 0
            ? []
            : [
                Plot.ruleX(rounds, {
                  x: (value: number) => value,
                  y1: () => yPx - ROUND_PX,
                  y2: () => yPx + ROUND_PX,
                  stroke: lineStyle(index).color,
                  strokeOpacity: 0.55,
                }),
              ],
        ),
        ...flat.map((dot) =>
          Plot.ruleY([dot], {
            y: "yPx",
            x1: "low",
            x2: "high",
            stroke: lineStyle(dot.index).color,
            strokeWidth: 5,
            strokeOpacity: 0.4,
            strokeLinecap: "round",
          }),
        ),
        Plot.dot(flat, { x: "value", y: "yPx", r: 3.8, fill: ({ index }: Dot) => lineStyle(index).color }),
        ticks === null
          ? Plot.axisX({ ticks: 5, tickFormat: formatTick, label: unit, ...axisLabel })
          : Plot.axisX(ticks, { text: formatTick, label: `${unit}, log scale`, ...axisLabel }),
      ],
    },
  });
}

const axisLabel = { labelAnchor: "center", labelArrow: "none", labelOffset: 36, tickSize: 3 } as const;

function padded(low: number, high: number): readonly [number, number] {
  const air = (high - low) * 0.08 || Math.abs(high) * 0.05 || 1;
  return [low >= 0 && low <= (high - low) * 0.6 ? 0 : low - air, high + air];
}
