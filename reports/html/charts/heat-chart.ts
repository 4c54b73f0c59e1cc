// Response times over time as heat maps, one a result on common axes: the darker, the more of the requests due in that stretch took so
// long. Over it the median and a high percentile; stretches without requests are hatched, faults are drawn where they struck.

import * as Plot from "@observablehq/plot";
import type { RunResult } from "../../../metrics/run-result.ts";
import { type HeatMap, type HeatMaps, type HeatStretch, heatMaps, latencyOverTimeCsv } from "../../latency-heat.ts";
import { csvFile, downloads } from "../download.ts";
import { html, type Markup } from "../markup.ts";
import { type Cell, cellsMark, shadeLegend, shadeOf } from "./cells.ts";
import { logTicks } from "./line-chart.ts";
import { type LineStyle, legendEntry } from "./line-styles.ts";
import type { Draughtsman } from "./plot-svg.ts";
import { formatTick, type TimeAxis, timeAxis } from "./time-axis.ts";

const P50: LineStyle = { color: "var(--text)", dash: "3 3" };
const UPPER: LineStyle = { color: "var(--line-1)", dash: "" };
const FAULT: LineStyle = { color: "var(--bad)", dash: "" };
const HALO_PX = 4;

/** null where no result has response times over time. */
export function heatSection(draughtsman: Draughtsman, results: readonly RunResult[]): Markup | null {
  const heat = heatMaps(results);
  if (heat === null) return null;
  const fromMs = Math.min(...heat.maps.map(({ stretches }) => stretches[0]!.fromMs));
  const toMs = Math.max(...heat.maps.map(({ stretches }) => stretches.at(-1)!.toMs));
  const drawn = (map: HeatMap, width: number) =>
    draw(draughtsman, { heat, map, result: results[map.index]!, fromMs, toMs, width });
  const data = csvFile("latency-over-time", latencyOverTimeCsv(results));
  const names = heatLegend(heat, results);
  if (heat.maps.length === 1 && results.length === 1) {
    const [map] = heat.maps as [HeatMap];
    const wide = drawn(map, 960);
    const picture = draughtsman.picture("latency-over-time", wide);
    return html`${names}<div class="wide">${wide}</div><div class="narrow">${drawn(map, 380)}</div>${downloads(data, picture)}`;
  }
  const charts = heat.maps.map((map) => {
    const chart = drawn(map, 470);
    const { label } = results[map.index]!;
    return html`<figure><figcaption>${label}</figcaption>${chart}${downloads(draughtsman.picture(`latency-over-time ${label}`, chart))}</figure>`;
  });
  return html`${names}<div class="pair-grid">${charts}</div>${downloads(data)}`;
}

function heatLegend({ upperPercentile, maps }: HeatMaps, results: readonly RunResult[]): Markup {
  const empty = maps.some(({ stretches }) => stretches.some(({ requests }) => requests === 0));
  const struck = maps.some(({ index }) => results[index]!.faults.length > 0);
  return shadeLegend(
    "Share of the requests due in a stretch:",
    legendEntry("p50", P50),
    upperPercentile === null ? null : legendEntry(`p${upperPercentile}`, UPPER),
    empty
      ? html`<li><svg class="swatch" viewBox="0 0 18 12" aria-hidden="true"><path d="${hatch(0, 18, 0, 12)}" stroke="var(--soft)" stroke-width=".7"/></svg>no request answered</li>`
      : null,
    struck ? legendEntry("a fault struck", FAULT) : null,
  );
}

interface HeatDrawing {
  readonly heat: HeatMaps;
  readonly map: HeatMap;
  readonly result: RunResult;
  readonly fromMs: number;
  readonly toMs: number;
  readonly width: number;
}

function draw(draughtsman: Draughtsman, { heat, map, result, fromMs, toMs, width }: HeatDrawing): Markup {
  const { edgesMs, upperPercentile } = heat;
  const axis = timeAxis(toMs, width > 600 ? 12 : 6);
  const [from, to] = [fromMs / axis.unitMs, toMs / axis.unitMs];
  const [low, high] = [edgesMs[0]!, edgesMs.at(-1)!];
  const centre = ({ fromMs: a, toMs: b }: HeatStretch) => (a + b) / 2 / axis.unitMs;
  const line = (msOf: (stretch: HeatStretch) => number | null, { color, dash }: LineStyle) => {
    const points = map.stretches.map((stretch) => {
      const ms = msOf(stretch);
      return { x: centre(stretch), y: ms === null ? null : Math.min(high, Math.max(low, ms)) };
    });
    return [
      Plot.line(points, { x: "x", y: "y", stroke: "var(--page)", strokeWidth: HALO_PX, strokeLinejoin: "round" }),
      Plot.line(points, {
        x: "x",
        y: "y",
        stroke: color,
        strokeWidth: 1.8,
        strokeDasharray: dash || undefined,
        strokeLinejoin: "round",
      }),
    ];
  };
  const faults = result.faults.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
  const ticks = logTicks(low, high);
  return draughtsman.draw({
    title: describe(result, map, upperPercentile),
    width,
    height: width > 600 ? 320 : 270,
    options: {
      marginTop: 28,
      marginBottom: 40,
      marginLeft: 58,
      marginRight: 14,
      x: { domain: [from, to], type: "linear" },
      y: { domain: [low, high], type: "log" },
      marks: [
        Plot.frame({ stroke: "currentColor", strokeOpacity: 0.25 }),
        cellsMark(cellsOf(map, edgesMs, axis)),
        hatchMark(
          map.stretches
            .filter(({ requests }) => requests === 0)
            .map(({ fromMs: a, toMs: b }) => [a / axis.unitMs, b / axis.unitMs] as const),
        ),
        Plot.ruleX(faults, { x: ({ atMs }) => atMs / axis.unitMs, stroke: FAULT.color, strokeWidth: 1.6 }),
        ...line((stretch) => stretch.p50Ms, P50),
        ...line((stretch) => stretch.upperMs, UPPER),
        Plot.axisX({
          ticks: axis.ticks.filter((tick) => tick >= from && tick <= to),
          tickFormat: formatTick,
          label: axis.label,
          labelAnchor: "center",
          labelArrow: "none",
          labelOffset: 36,
        }),
        // A log scale has a format of its own, which would leave every other tick without its number; `text` overrules it.
        Plot.axisY(ticks, { text: formatTick, label: "ms, log scale", labelArrow: "none", tickSize: 0 }),
      ],
    },
  });
}

/** Row by row, so that neighbours of one shade are joined. */
function cellsOf({ stretches }: HeatMap, edgesMs: readonly number[], { unitMs }: TimeAxis): readonly Cell[] {
  return edgesMs.slice(1).flatMap((edgeMs, step) =>
    stretches.flatMap(({ fromMs, toMs, shares }) => {
      const shade = shadeOf(shares[step]!);
      if (shade === null) return [];
      return [{ x1: fromMs / unitMs, x2: toMs / unitMs, y1: edgesMs[step]!, y2: edgeMs, shade }];
    }),
  );
}

const HATCH_PX = 6;

/** Stretches of nothing, from bottom to top. */
function hatchMark(spans: readonly (readonly [from: number, to: number])[]): Plot.RenderFunction {
  return (_index, { x }, _values, { height, marginTop, marginBottom }, context) => {
    if (spans.length === 0) return null;
    const path = context.document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("stroke", "var(--soft)");
    path.setAttribute("stroke-opacity", "0.55");
    path.setAttribute("stroke-width", "0.7");
    path.setAttribute(
      "d",
      spans.map(([from, to]) => hatch(x!(from), x!(to), marginTop, height - marginBottom)).join(""),
    );
    return path;
  };
}

/** Slanting lines that fill a box. */
function hatch(left: number, right: number, top: number, bottom: number): string {
  const width = right - left;
  let path = "";
  for (let y = top; y < bottom + width; y += HATCH_PX) {
    // From the left edge at y, up and to the right, cut off where the box ends.
    const x1 = left + Math.max(0, y - bottom);
    const x2 = Math.min(right, left + (y - top));
    if (x2 > x1) path += `M${tenth(x1)} ${tenth(y - (x1 - left))}L${tenth(x2)} ${tenth(y - (x2 - left))}`;
  }
  return path;
}

function tenth(pixels: number): number {
  return Number(pixels.toFixed(1));
}

function describe(result: RunResult, { stretches }: HeatMap, upperPercentile: HeatMaps["upperPercentile"]): string {
  const known = stretches.flatMap(({ upperMs }) => upperMs ?? []);
  const empty = stretches.filter(({ requests }) => requests === 0).length;
  const worst =
    known.length === 0
      ? ""
      : `; p${upperPercentile} of a stretch between ${formatTick(Math.min(...known))} and ${formatTick(Math.max(...known))} ms`;
  return `${result.label}: response times over time${worst}${empty === 0 ? "" : `; ${empty} of ${stretches.length} stretches without an answer`}`;
}
