// The runs of both sides of a comparison in the order they ran: what the effect of a metric rests on, to be seen by anybody who does
// not want to believe an interval.

import * as Plot from "@observablehq/plot";
import type { Comparison, MetricComparison } from "../../../metrics/compare/comparison.ts";
import { formatFigure, scaleFor } from "../../format-number.ts";
import { html, type Markup } from "../markup.ts";
import { lineStyle } from "./line-styles.ts";
import { dotsCurve } from "./one-path.ts";
import type { Draughtsman } from "./plot-svg.ts";
import { formatTick } from "./time-axis.ts";

const WIDTH = 440;
const HEIGHT = 190;
/** From the middle of a block: its two runs of the base, then those of the candidate. */
const PLACES_IN_BLOCK = { base: [-0.28, -0.1], candidate: [0.1, 0.28] } as const;
const RUNS_A_SIDE = 2;

/** Sides have a form of their own, not a colour alone. */
const sides = [
  { name: "base", style: lineStyle(0), cap: "round", px: 5.5 },
  { name: "candidate", style: lineStyle(1), cap: "square", px: 5 },
] as const;

/** Whether there is more than one run of a side to be seen. */
export function hasStrip({ runs }: MetricComparison): boolean {
  return Math.max(runs.base.length, runs.candidate.length) > 1;
}

export function runStrip(draughtsman: Draughtsman, metric: MetricComparison, { blocks }: Comparison): Markup {
  const { runs, label, unit } = metric;
  const all = [...runs.base, ...runs.candidate];
  const scale = scaleFor(unit, all);
  // Runs that did not know the metric are missing, and with them what says which block the others are of.
  const inBlocks = blocks > 0 && Object.values(runs).every(({ length }) => length === RUNS_A_SIDE * blocks);
  const points = (side: "base" | "candidate") =>
    runs[side].map((value, run) => ({
      x: inBlocks
        ? Math.floor(run / RUNS_A_SIDE) + 1 + PLACES_IN_BLOCK[side][run % RUNS_A_SIDE]!
        : run + 1 + (side === "base" ? -0.12 : 0.12),
      y: value / scale.divisor,
    }));
  const last = inBlocks ? blocks : Math.max(runs.base.length, runs.candidate.length);
  const [low, high] = [Math.min(...all) / scale.divisor, Math.max(...all) / scale.divisor];
  const air = (high - low) * 0.08 || Math.abs(high) * 0.05 || 1;
  const middles = { base: metric.base, candidate: metric.candidate };
  return draughtsman.draw({
    title: `${label}, runs in order: base around ${formatFigure(metric.base, unit)}, candidate around ${formatFigure(metric.candidate, unit)}`,
    width: WIDTH,
    height: HEIGHT,
    options: {
      marginTop: 22,
      marginBottom: 38,
      marginLeft: 56,
      marginRight: 12,
      x: { domain: [0.5, last + 0.5] },
      y: { domain: [low - air, high + air] },
      marks: [
        Plot.gridY({ ticks: 4, stroke: "currentColor", strokeOpacity: 0.13 }),
        ...sides.flatMap(({ name, style }) => {
          const middle = middles[name];
          if (middle === null) return [];
          const dashes = style.dash === "" ? {} : { strokeDasharray: style.dash };
          return [Plot.ruleY([middle / scale.divisor], { stroke: style.color, strokeWidth: 1.3, ...dashes })];
        }),
        ...sides.map(({ name, style, cap, px }) =>
          Plot.line(points(name), {
            x: "x",
            y: "y",
            curve: dotsCurve,
            stroke: style.color,
            strokeWidth: px,
            strokeLinecap: cap,
          }),
        ),
        Plot.axisX(ticksUpTo(last), {
          text: formatTick,
          label: inBlocks ? "block" : "run of its side",
          labelAnchor: "center",
          labelArrow: "none",
          labelOffset: 34,
          tickSize: 3,
        }),
        Plot.axisY({ ticks: 4, tickFormat: formatTick, label: scale.unit, labelArrow: "none", tickSize: 0 }),
      ],
    },
  });
}

/** What the forms stand for. */
export function stripLegend(): Markup {
  const [base, candidate] = sides;
  return html`<ul class="legend"><li><svg class="sample" viewBox="0 0 34 10" aria-hidden="true"><path d="M1 5H33" stroke="${base.style.color}" stroke-width="1.3"/><circle cx="17" cy="5" r="3.4" fill="${base.style.color}"/></svg>base, and its middle</li><li><svg class="sample" viewBox="0 0 34 10" aria-hidden="true"><path d="M1 5H33" stroke="${candidate.style.color}" stroke-width="1.3" stroke-dasharray="${candidate.style.dash}"/><rect x="14" y="2" width="6" height="6" fill="${candidate.style.color}"/></svg>candidate, and its middle</li></ul>`;
}

/** Whole numbers from 1, at most eight. */
function ticksUpTo(last: number): readonly number[] {
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500].find((one) => last / one <= 8) ?? Math.ceil(last / 8);
  return Array.from({ length: Math.floor(last / step) }, (_, index) => (index + 1) * step);
}
