// One metric over its runs: points in the order they ran, the levels as steps, changes as upright marks with their size, outliers
// hollow, intervals as thin bars. Drawn wide and narrow with what changed, and small for metrics that did not change.

import * as Plot from "@observablehq/plot";
import type { ChangePoint, HistoryTrend } from "../../../metrics/history/history.ts";
import { formatFigure } from "../../format-number.ts";
import { type Direction, directionSigns, directionWord, levelsOf, sizeOf } from "../../history/change-words.ts";
import { html, type Markup } from "../markup.ts";
import { barsCurve, dotsCurve } from "./one-path.ts";
import type { Draughtsman } from "./plot-svg.ts";
import { dayOf, runAxis } from "./run-axis.ts";
import { formatTick } from "./time-axis.ts";
import { lanesOf, layOutTrend, type Span, type TrendLayout } from "./trend-layout.ts";

interface Size {
  readonly width: number;
  readonly height: number;
  readonly pointsMax: number;
  readonly datesMax: number;
  /** Above the chart, for the sizes of changes. */
  readonly lanes: number;
}

const WIDE: Size = { width: 960, height: 225, pointsMax: 300, datesMax: 8, lanes: 2 };
const NARROW: Size = { width: 380, height: 200, pointsMax: 150, datesMax: 3, lanes: 3 };
const SMALL: Size = { width: 330, height: 110, pointsMax: 120, datesMax: 2, lanes: 0 };

const MARGIN_LEFT = 58;
const MARGIN_RIGHT = 44;
const LANE_PX = 16;
/** Room for outliers at the edge below the first lane. */
const LANE_BASE_PX = 11;
const CHARACTER_PX = 7.6;
const LABEL_GAP_PX = 8;

const directionColors: Readonly<Record<Direction, string>> = {
  worse: "var(--bad)",
  better: "var(--good)",
  unknown: "var(--soft)",
};

/** The chart twice, for wide and for narrow pages, with a sentence on what is not in it. */
export function trendChart(draughtsman: Draughtsman, trend: HistoryTrend): Markup {
  const wide = layOutTrend(trend, WIDE.pointsMax);
  const notes = [
    ...(wide.stretches.length > 0
      ? ["Too many runs to show each: every stroke reaches from the lowest to the highest of a stretch of runs."]
      : []),
    ...(wide.beyond.length > 0 ? ["Hollow triangles: outliers beyond the edge of the chart."] : []),
  ];
  return html`<div class="wide">${draw(draughtsman, trend, wide, WIDE)}</div><div class="narrow">${draw(draughtsman, trend, layOutTrend(trend, NARROW.pointsMax), NARROW)}</div>${notes.length === 0 ? null : html`<p class="under">${notes.join(" ")}</p>`}`;
}

/** A third of a wide page, without intervals and marks of changes; the unit of its axis stands elsewhere. */
export function smallTrend(
  draughtsman: Draughtsman,
  trend: HistoryTrend,
): { readonly chart: Markup; readonly unit: string } {
  const layout = layOutTrend(trend, SMALL.pointsMax);
  return { chart: draw(draughtsman, trend, { ...layout, intervals: [] }, SMALL), unit: layout.scale.unit };
}

function draw(draughtsman: Draughtsman, trend: HistoryTrend, layout: TrendLayout, size: Size): Markup {
  const { points } = trend.series;
  const axis = runAxis(
    points.map(({ at }) => at),
    size.datesMax,
  );
  const marks = size.lanes === 0 ? [] : marksOf(trend, size);
  const lanesUsed = marks.reduce((most, { lane }) => Math.max(most, lane === null ? 0 : lane + 1), 0);
  const marginTop = size.lanes === 0 ? 8 : 20 + lanesUsed * LANE_PX;
  return draughtsman.draw({
    title: spoken(trend),
    width: size.width,
    height: size.height + lanesUsed * LANE_PX,
    options: {
      marginTop,
      marginBottom: (size.lanes === 0 ? 24 : 28) + (axis.label === null ? 0 : LANE_PX),
      marginLeft: MARGIN_LEFT,
      marginRight: MARGIN_RIGHT,
      x: { domain: [-0.5, points.length - 0.5] },
      y: { domain: [...layout.domain] },
      marks: [
        Plot.gridY({ ticks: size.lanes === 0 ? 3 : 5, stroke: "currentColor", strokeOpacity: 0.13 }),
        ...pointMarks(layout),
        ...changeMarks(marks, size),
        Plot.axisX([...axis.ticks], {
          // A scale of numbers has a format of its own; `text` overrules it.
          text: axis.format,
          label: axis.label,
          labelAnchor: "center",
          labelArrow: "none",
          labelOffset: 36,
          tickSize: 3,
        }),
        Plot.axisY({
          ticks: size.lanes === 0 ? 3 : 5,
          tickFormat: formatTick,
          label: size.lanes === 0 ? null : layout.scale.unit,
          labelArrow: "none",
          tickSize: 0,
        }),
      ],
    },
  });
}

function pointMarks(layout: TrendLayout): Plot.Markish[] {
  const { points, intervals, stretches, outliers, beyond, levels } = layout;
  const dotPx = points.length <= 80 ? 6 : 4;
  return [
    bars(intervals, 1.5, 0.4),
    bars(stretches, 2.4, 0.55),
    Plot.line(points, {
      x: "place",
      y: "value",
      curve: dotsCurve,
      stroke: "var(--line-0)",
      strokeOpacity: 0.75,
      strokeWidth: dotPx,
      strokeLinecap: "round",
    }),
    Plot.ruleY(levels, { y: "value", x1: "from", x2: "to", stroke: "var(--line-1)", strokeWidth: 2.4 }),
    Plot.dot(outliers, { x: "place", y: "value", r: 3.4, stroke: "var(--line-0)", strokeWidth: 1.4 }),
    ...[true, false].map((above) =>
      Plot.dot(
        beyond.filter((one) => one.above === above),
        {
          x: "place",
          y: "value",
          r: 4,
          symbol: "triangle",
          rotate: above ? 0 : 180,
          stroke: "var(--line-0)",
          strokeWidth: 1.4,
        },
      ),
    ),
  ];
}

function bars(spans: readonly Span[], strokeWidth: number, strokeOpacity: number): Plot.Markish {
  const ends = spans.flatMap(({ place, low, high }) => [
    { place, value: low },
    { place, value: high },
  ]);
  return Plot.line(ends, {
    x: "place",
    y: "value",
    curve: barsCurve,
    stroke: "var(--line-0)",
    strokeOpacity,
    strokeWidth,
    strokeLinecap: "round",
  });
}

interface Mark {
  readonly at: number;
  readonly color: string;
  readonly text: string;
  /** From the axis to the middle of the mark. */
  readonly centrePx: number;
  readonly widthPx: number;
  /** null where there is no room for the text. */
  readonly lane: number | null;
}

/** Between the last run of the old level and the first of the new. */
function marksOf({ series, changePoints }: HistoryTrend, size: Size): readonly Mark[] {
  const plotPx = size.width - MARGIN_LEFT - MARGIN_RIGHT;
  const labels = changePoints.map((point) => {
    const text = `${directionSigns[point.direction]} ${sizeOf(point)}`;
    return { text, centrePx: (plotPx * point.index) / series.points.length, widthPx: text.length * CHARACTER_PX };
  });
  const lanes = lanesOf(labels, size.lanes, LABEL_GAP_PX);
  return changePoints.map(({ index, direction }, place) => ({
    ...labels[place]!,
    at: index - 0.5,
    color: directionColors[direction],
    lane: lanes[place]!,
  }));
}

function changeMarks(marks: readonly Mark[], size: Size): Plot.Markish[] {
  const above = ({ lane }: Mark) => (lane === null ? 0 : LANE_BASE_PX + lane * LANE_PX);
  const plotPx = size.width - MARGIN_LEFT - MARGIN_RIGHT;
  return [
    ...marks.map((mark) =>
      Plot.ruleX([mark], {
        x: "at",
        stroke: mark.color,
        strokeWidth: 1.4,
        strokeDasharray: "4 3",
        insetTop: 2 - above(mark),
      }),
    ),
    ...marks
      .filter(({ lane }) => lane !== null)
      .map((mark) =>
        Plot.text([mark], {
          x: "at",
          frameAnchor: "top",
          lineAnchor: "bottom",
          dx: keptInside(mark, plotPx),
          dy: -above(mark),
          text: "text",
          fill: mark.color,
          fontWeight: 600,
          // Rules of other changes stop short of the text.
          stroke: "var(--page)",
          strokeWidth: 5,
        }),
      ),
  ];
}

/** How far a label near an edge of the chart has to move to stay within. */
function keptInside({ centrePx, widthPx }: Mark, plotPx: number): number {
  const left = centrePx - widthPx / 2 + MARGIN_LEFT;
  const right = plotPx + MARGIN_RIGHT - (centrePx + widthPx / 2);
  return left < 0 ? -left : right < 0 ? right : 0;
}

/** For those who cannot see it. */
function spoken({ series, changePoints, outliers }: HistoryTrend): string {
  const { metricLabel, unit, points } = series;
  const last = points.at(-1);
  const changed = changePoints.map(
    (point: ChangePoint) =>
      `${directionWord(point.direction).slice(2)} on ${dayOf(point.at)}, ${levelsOf(point, unit)}`,
  );
  const stray = outliers.length === 0 ? [] : [`${outliers.length} outliers`];
  const end = last === undefined ? [] : [`last ${formatFigure(last.value, unit)}`];
  return `${metricLabel} over ${points.length} runs: ${[...(changed.length === 0 ? ["no change found"] : changed), ...stray, ...end].join("; ")}`;
}
