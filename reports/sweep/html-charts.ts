// Which picture a figure of a sweep gets: along one axis a line with the band of its intervals, over two a heat map, over more a small
// heat map for each combination of the others. Where one of two axes has few values, its lines are drawn as well.

import type { Sweep, SweepFigure, SweepPoint } from "../../metrics/sweep/sweep.ts";
import { formatFigure } from "../format-number.ts";
import type { Draughtsman } from "../html/charts/plot-svg.ts";
import { html, type Markup } from "../html/markup.ts";
import { heatLegend, heatMap } from "./html-heat.ts";
import { bandChart, bandLegend } from "./html-lines.ts";
import { placeText } from "./sweep-words.ts";

const LINES_MAX = 6;
const FACETS_MAX = 24;

export function figureCharts(draughtsman: Draughtsman, sweep: Sweep, figure: SweepFigure): Markup {
  const known = sweep.points.filter(({ figures }) => (figures[figure.key]?.value ?? null) !== null);
  if (known.length === 0) return html`<p>No point of this sweep can know it.</p>`;
  const values = known.map(({ figures }) => figures[figure.key]?.value);
  if (known.length > 1 && new Set(values).size === 1) {
    const same = formatFigure(values[0] ?? null, figure.unit);
    return html`<p>${same} at each of the ${known.length} points${known.length < sweep.points.length ? " that know it" : ""}.</p>`;
  }
  return html`${lines(draughtsman, sweep, figure)}${heats(draughtsman, sweep, figure)}`;
}

/** The axis of numbers with the most values goes to the right; each combination of the others is a line, where they are few. */
function lines(draughtsman: Draughtsman, sweep: Sweep, figure: SweepFigure): Markup | null {
  const { axes } = sweep;
  const right = axes.reduce(
    (best, { values }, i) =>
      values.every((value) => typeof value === "number") && values.length > (axes[best]?.values.length ?? 1) ? i : best,
    -1,
  );
  const along = right === -1 && axes.length === 1 ? 0 : right;
  if (along === -1) return null;
  const groups = new Map<string, SweepPoint[]>();
  for (const point of sweep.points) {
    const name = placeText(axes.flatMap(({ key }, i) => (i === along ? [] : [[key, point.at[i]!] as const])));
    groups.set(name, [...(groups.get(name) ?? []), point]);
  }
  if (groups.size > LINES_MAX) return null;
  const drawn = [...groups].map(([label, points], index) => ({ label, points, index }));
  const wide = bandChart(draughtsman, sweep, figure, along, drawn, 960);
  const narrow = bandChart(draughtsman, sweep, figure, along, drawn, 380);
  return html`${bandLegend(drawn, sweep, figure)}<div class="wide">${wide}</div><div class="narrow">${narrow}</div>`;
}

/** The two axes with the most values make a map, the others the maps beside one another. */
function heats(draughtsman: Draughtsman, sweep: Sweep, figure: SweepFigure): Markup | null {
  const { axes } = sweep;
  if (axes.length < 2) return null;
  const [a, b] = axes
    .map(({ values }, i) => ({ i, count: values.length }))
    .sort((one, other) => other.count - one.count || one.i - other.i)
    .slice(0, 2)
    .map(({ i }) => i) as [number, number];
  const facets = new Map<string, SweepPoint[]>();
  for (const point of sweep.points) {
    const name = placeText(axes.flatMap(({ key }, i) => (i === a || i === b ? [] : [[key, point.at[i]!] as const])));
    facets.set(name, [...(facets.get(name) ?? []), point]);
  }
  const shown = [...facets].slice(0, FACETS_MAX);
  const width = shown.length === 1 ? 960 : 470;
  const maps = shown.map(([name, points]) => {
    const map = heatMap(draughtsman, sweep, figure, { across: a, up: b, points, name, width });
    return shown.length === 1 ? map : html`<figure><figcaption>${name}</figcaption>${map}</figure>`;
  });
  const left = facets.size - shown.length;
  return html`${heatLegend(sweep, figure)}${shown.length === 1 ? maps : html`<div class="pair-grid">${maps}</div>`}${left > 0 ? html`<p class="soft">${left} more combinations stand in the table.</p>` : null}`;
}
