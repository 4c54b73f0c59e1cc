// The tornado: for each assumption how far the smallest margin goes when it is turned down and up, widest first, around the margin as
// it is. Left of the limit a target is missed; a diamond marks an end at which another choice would be the cheapest.

import * as Plot from "@observablehq/plot";
import type { Plan } from "../../../metrics/plan/plan.ts";
import { UNKNOWN } from "../../format-number.ts";
import type { Draughtsman } from "../../html/charts/plot-svg.ts";
import { formatTick } from "../../html/charts/time-axis.ts";
import { html, type Markup } from "../../html/markup.ts";
import { marginOf, times } from "../plan-words.ts";
import { type Tornado, type TornadoEnd, tornadoOf } from "../tornado-places.ts";
import { barPlaces, type ChartRow, NARROW, type RowSize, rowTexts, SIDE_PX, WIDE } from "./chart-rows.ts";

const MARGIN_BOTTOM = 40;
const MARGIN_TOP = 20;

interface Bar extends ChartRow {
  readonly from: number;
  readonly to: number;
  readonly base: number;
}

/** null where there is nothing to turn. */
export function tornadoChart(draughtsman: Draughtsman, plan: Plan): Markup | null {
  const tornado = tornadoOf(plan);
  if (tornado === null) return null;
  const title = `Smallest margin, now ${marginOf(tornado.base)}: ${tornado.bars
    .map(({ assumption, left, right }) => `${assumption} ${endInWords(left)} to ${endInWords(right)}`)
    .join("; ")}`;
  const changes = tornado.bars.some(({ left, right }) => left.changes || right.changes);
  return html`<div class="wide">${draw(draughtsman, tornado, WIDE, title)}</div><div class="narrow">${draw(draughtsman, tornado, NARROW, title)}</div>
<p class="under">From the margin as it is, ${marginOf(tornado.base)}, to the margin with one assumption turned down and up. ┊ The limit: left of it a target is missed.${changes ? " ◆ Another choice would be the cheapest there, or none meets the targets." : ""}${tornado.clipped ? " Bars end where the axis ends; the numbers go on." : ""}</p>`;
}

function endInWords({ factor, margin, changes }: TornadoEnd): string {
  return `×${times(factor)} ${margin === null ? UNKNOWN : marginOf(margin)}${changes ? " ◆" : ""}`;
}

function draw(draughtsman: Draughtsman, { base, bars: all, domain }: Tornado, size: RowSize, title: string): Markup {
  const places = barPlaces(all.length, size);
  const bars = all.map(
    ({ assumption, left, right, from, to }, row): Bar => ({
      name: assumption,
      text: `${endInWords(left)} … ${endInWords(right)}`,
      color: "currentColor",
      barPx: places[row]!,
      from,
      to,
      base,
    }),
  );
  const clip = (margin: number) => Math.min(domain[1], Math.max(domain[0], margin));
  const changing = all.flatMap(({ left, right }, row) =>
    [left, right].flatMap(({ changes, margin }) =>
      changes && margin !== null ? [{ x: clip(margin) * 100, barPx: places[row]! }] : [],
    ),
  );
  const height = bars.length * size.rowPx;
  const air = (domain[1] - domain[0]) * 3;
  const part = (from: (bar: Bar) => number, to: (bar: Bar) => number, fill: string) =>
    Plot.rect(bars, {
      x1: (bar: Bar) => from(bar) * 100,
      x2: (bar: Bar) => to(bar) * 100,
      y1: ({ barPx }: Bar) => barPx - 8,
      y2: ({ barPx }: Bar) => barPx + 8,
      fill,
      fillOpacity: 0.8,
    });
  return draughtsman.draw({
    title,
    width: size.width,
    height: height + MARGIN_BOTTOM + MARGIN_TOP,
    options: {
      marginTop: MARGIN_TOP,
      marginBottom: MARGIN_BOTTOM,
      marginLeft: size.namePx + SIDE_PX,
      marginRight: size.textPx + SIDE_PX,
      x: { domain: [domain[0] * 100 - air, domain[1] * 100 + air], insetLeft: size.insetPx, insetRight: size.insetPx },
      y: { domain: [0, height], type: "linear", reverse: true, axis: null },
      marks: [
        Plot.gridX({ ticks: size.ticks, stroke: "currentColor", strokeOpacity: 0.13 }),
        part(
          ({ from }) => from,
          (bar) => bar.base,
          "var(--line-1)",
        ),
        part(
          (bar) => bar.base,
          ({ to }) => to,
          "var(--line-0)",
        ),
        Plot.ruleX([0], { stroke: "currentColor", strokeWidth: 1.5, strokeDasharray: "3 3" }),
        Plot.ruleX([base * 100], { stroke: "currentColor", strokeWidth: 1.5 }),
        Plot.dot(changing, {
          x: "x",
          y: "barPx",
          symbol: "diamond",
          r: 6,
          fill: "currentColor",
          stroke: "var(--page)",
          strokeWidth: 1.5,
        }),
        Plot.text([base * 100], {
          x: (margin: number) => margin,
          frameAnchor: "top",
          dy: -12,
          text: () => "now",
          fill: "currentColor",
        }),
        ...rowTexts(bars, size),
        Plot.axisX({
          ticks: size.ticks,
          tickFormat: (value: number) => `${formatTick(value).replace("-", "−")} %`,
          label: "smallest margin to a limit",
          labelAnchor: "center",
          labelArrow: "none",
          labelOffset: 36,
          tickSize: 3,
        }),
      ],
    },
  });
}
