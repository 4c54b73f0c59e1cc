// A history as one page: what got worse, when and between which commits; then every change, then each metric over its runs. The same
// trends give the same bytes.

import type { HistoryTrend } from "../../metrics/history/history.ts";
import { csvText } from "../csv.ts";
import { formatFigure, formatNumber, formatScaled, scaleFor } from "../format-number.ts";
import { type Draughtsman, openDraughtsman } from "../html/charts/plot-svg.ts";
import { dayOf, minuteOf } from "../html/charts/run-axis.ts";
import { smallTrend, trendChart } from "../html/charts/trend-chart.ts";
import { csvFile, downloads } from "../html/download.ts";
import { html, type Markup } from "../html/markup.ts";
import { pageShell, type Section } from "../html/page-shell.ts";
import { folded, htmlTable } from "../html/table.ts";
import {
  type Change,
  chanceOf,
  changesOf,
  commitRange,
  type Direction,
  directionWord,
  levelsOf,
  placeOf,
  sizeOf,
  worseningsOf,
} from "./change-words.ts";

export interface HistoryAbout {
  readonly title: string;
  /** Where the results were read from: "results/, 214 runs". */
  readonly source: string;
  /** One sentence on how changes were looked for. */
  readonly method: string;
}

/** More of anything than anybody reads; what is left out is said. */
const WORSENINGS_MAX = 6;
const NAMED_MAX = 5;
const ROWS_MAX = 300;
const CHARTS_MAX = 24;
const SMALL_MAX = 48;

const directionClasses: Readonly<Record<Direction, string>> = {
  worse: "bad",
  better: "good",
  unknown: "doubtful-text",
};

/** @param trends in the order in which they shall be shown where nothing else decides. */
export async function renderHistoryHtml(trends: readonly HistoryTrend[], about: HistoryAbout): Promise<string> {
  const draughtsman = openDraughtsman();
  try {
    const changes = changesOf(trends);
    const place = commonPlace(trends);
    const changed = newestFirst(trends.filter(({ changePoints }) => changePoints.length > 0));
    const unchanged = trends.filter(({ changePoints }) => changePoints.length === 0);
    const sections: readonly Section[] = [
      { id: "changes", title: "Every change", content: changeTable(changes, place) },
      { id: "trends", title: "Metrics that changed", content: changedCharts(draughtsman, changed, place) },
      { id: "unchanged", title: "Metrics without a change", content: unchangedMetrics(draughtsman, unchanged, place) },
      {
        id: "method",
        title: "How changes were found",
        content: html`<p>${about.method}</p><p class="soft">The first run of a new level need not be of the commit that changed it: it lies after the first and up to the second of the two commits named. p is the chance of a change as clear as this in a series without any.</p>`,
      },
    ];
    return pageShell({
      title: about.title,
      kind: "sessionlab history",
      verdict: verdictOf(changes),
      opening: opening(trends, changes, about),
      sections,
      madeBy: "sessionlab",
    }).markup;
  } finally {
    await draughtsman.close();
  }
}

function verdictOf(changes: readonly Change[]): string {
  const worse = changes.filter(({ point }) => point.direction === "worse").length;
  if (worse > 0) return `✗ ${counted(worse, "worsening")}`;
  return changes.length === 0 ? "✓ no change" : `${counted(changes.length, "change")}, none known to be for the worse`;
}

function opening(trends: readonly HistoryTrend[], changes: readonly Change[], about: HistoryAbout): Markup {
  const moments = trends.flatMap(({ series }) => series.points.map(({ at }) => at)).sort();
  const runs = trends.reduce((most, { series }) => Math.max(most, series.points.length), 0);
  const changed = trends.filter(({ changePoints }) => changePoints.length > 0).length;
  const count = (direction: Direction) => changes.filter(({ point }) => point.direction === direction).length;
  const kinds = [
    ...(count("worse") > 0 ? [`${counted(count("worse"), "change")} for the worse`] : []),
    ...(count("better") > 0 ? [`${formatNumber(count("better"))} for the better`] : []),
    ...(count("unknown") > 0
      ? [`${formatNumber(count("unknown"))} of metrics of which nobody said which way is good`]
      : []),
  ];
  const span =
    moments.length === 0
      ? ""
      : ` over up to ${counted(runs, "run")} from ${dayOf(moments[0]!)} to ${dayOf(moments.at(-1)!)}`;
  const answer =
    changes.length === 0
      ? `${counted(trends.length, "metric")}${span}: no change found.`
      : `${counted(trends.length, "metric")}${span}: ${formatNumber(changed)} changed (${kinds.join(", ")}).`;
  const groups = worseningsOf(changes);
  const left = groups.length - WORSENINGS_MAX;
  const place = commonPlace(trends);
  return html`<p class="lead">${answer}</p>
<ul class="verdicts">${groups.slice(0, WORSENINGS_MAX).map((group) => worsening(group, place))}</ul>
${left > 0 ? html`<p class="soft" style="margin-top:10px">${counted(left, "earlier worsening")} in the table below.</p>` : null}<p class="soft" style="margin-top:14px">From ${about.source}${place === null ? "" : `; all of ${place}`}.</p>`;
}

/** "✗ worse on 2026-05-06 between a..b: p50 +12 % (4.02 → 4.43 ms)". */
function worsening(group: readonly Change[], place: string | null): Markup {
  const { point } = group[0]!;
  const range = commitRange(point);
  const named = group
    .slice(0, NAMED_MAX)
    .map(
      ({ trend, point: one }) =>
        html`<li>${trend.series.metricLabel}: <strong>${sizeOf(one)}</strong>, ${levelsOf(one, trend.series.unit)}${place === null ? html` <span class="soft">(${placeOf(trend)})</span>` : null}</li>`,
    );
  const more = group.length > NAMED_MAX ? html`<li>and ${counted(group.length - NAMED_MAX, "more metric")}</li>` : null;
  return html`<li class="invalid"><p>${badge("worse")}${minuteOf(point.at)}${range === null ? null : html`, commits <code>${range}</code>`}</p><ul>${named}${more}</ul></li>`;
}

/** Where all trends are of one scenario, label and machine, these are told once. */
function commonPlace(trends: readonly HistoryTrend[]): string | null {
  const places = [...new Set(trends.map(placeOf))];
  return places.length === 1 ? places[0]! : null;
}

function smallPlace(trend: HistoryTrend, common: string | null): Markup | null {
  return common === null ? html`<small>${placeOf(trend)}</small>` : null;
}

function badge(direction: Direction): Markup {
  return html`<span class="badge ${directionClasses[direction]}">${directionWord(direction)}</span>`;
}

function changeTable(changes: readonly Change[], place: string | null): Markup | null {
  if (changes.length === 0) return null;
  const rows = changes.slice(0, ROWS_MAX).map(({ trend, point }) => {
    const range = commitRange(point);
    return {
      head: html`${trend.series.metricLabel}${smallPlace(trend, place)}`,
      cells: [
        minuteOf(point.at),
        range === null
          ? "not known"
          : html`<code class="range">${range.split("..").map((commit, end) => (end === 0 ? commit : html`..<wbr>${commit}`))}</code>`,
        levelsOf(point, trend.series.unit),
        html`${sizeOf(point)}<br><span class="met ${directionClasses[point.direction]}">${directionWord(point.direction)}</span><small>p ${chanceOf(point)}</small>`,
      ],
    };
  });
  const left = changes.length - rows.length;
  return html`${htmlTable({
    caption: "For the worse first, each kind newest first; the new level begins with the run of that moment",
    heads: ["Metric", "First run of the new level (UTC)", "Commits", "Before → after", "Change"],
    rows,
    textColumns: [1],
  })}${left > 0 ? html`<p class="soft">${counted(left, "more change")} in the file.</p>` : null}${downloads(csvFile("change-points", changesCsv(changes)))}`;
}

function changesCsv(changes: readonly Change[]): string {
  const heads = ["scenario", "label", "machine", "key", "metric", "unit", "direction", "at", "afterCommit", "byCommit"];
  return csvText([
    [...heads, "before", "after", "relative", "pValue"],
    ...changes.map(({ trend: { series }, point }) => [
      series.scenario,
      series.label,
      series.machine,
      series.key,
      series.metricLabel,
      series.unit,
      point.direction,
      point.at,
      point.afterCommit,
      point.byCommit,
      point.before,
      point.after,
      point.relative,
      point.pValue,
    ]),
  ]);
}

/** Those whose last change for the worse is newest come first, then those with other changes. */
function newestFirst(trends: readonly HistoryTrend[]): readonly HistoryTrend[] {
  const newest = ({ changePoints }: HistoryTrend, direction: Direction | null) =>
    changePoints.reduce(
      (last, point) => ((direction === null || point.direction === direction) && point.at > last ? point.at : last),
      "",
    );
  const byMoment = (a: string, b: string) => (a < b ? 1 : a > b ? -1 : 0);
  return [...trends].sort(
    (a, b) => byMoment(newest(a, "worse"), newest(b, "worse")) || byMoment(newest(a, null), newest(b, null)),
  );
}

function changedCharts(draughtsman: Draughtsman, trends: readonly HistoryTrend[], place: string | null): Markup | null {
  if (trends.length === 0) return null;
  const charts = trends.slice(0, CHARTS_MAX).map((trend) => {
    const { metricLabel, points } = trend.series;
    return html`<figure class="trend"><h3>${metricLabel}</h3><p class="under">${place === null ? `${placeOf(trend)}; ` : ""}${counted(points.length, "run")}${trend.outliers.length > 0 ? `, ${counted(trend.outliers.length, "outlier")}` : ""}</p>${trendChart(draughtsman, trend)}</figure>\n`;
  });
  const left = trends.length - charts.length;
  return html`<p class="soft">● a run, its 95 % interval as a thin bar where it is known; ○ an outlier, which no level counts; — the level, a mean; ┆ a change, with its size. Runs stand in the order of time, each as far from the last as any other. Scales need not begin at 0.</p>
${charts}${left > 0 ? html`<p class="soft">${counted(left, "more metric")} with changes not drawn here: the table above has all of them.</p>` : null}`;
}

function unchangedMetrics(
  draughtsman: Draughtsman,
  trends: readonly HistoryTrend[],
  place: string | null,
): Markup | null {
  if (trends.length === 0) return null;
  const cards = trends
    .slice(0, SMALL_MAX)
    .map(
      (trend) =>
        html`<figure><figcaption>${trend.series.metricLabel}${trend.series.unit === "" ? "" : `, ${shownUnit(trend)}`}</figcaption>${place === null ? html`<p class="under">${placeOf(trend)}</p>` : null}${smallTrend(draughtsman, trend)}</figure>\n`,
    );
  const left = trends.length - cards.length;
  const drawn = html`<div class="cards">${cards}</div>${left > 0 ? html`<p class="soft">${counted(left, "more metric")} not drawn: the table has them.</p>` : null}`;
  const rows = trends.slice(0, ROWS_MAX).map((trend) => {
    const { series } = trend;
    const values = series.points.map(({ value }) => value);
    const scale = scaleFor(series.unit, values);
    const range =
      values.length === 0
        ? "no run"
        : `${formatScaled(Math.min(...values), scale)} to ${formatScaled(Math.max(...values), scale)}${scale.unit === "" ? "" : ` ${scale.unit}`}`;
    return {
      head: html`${series.metricLabel}${smallPlace(trend, place)}`,
      cells: [
        formatNumber(values.length),
        formatFigure(values.at(-1) ?? null, series.unit),
        range,
        formatNumber(trend.outliers.length),
      ],
    };
  });
  const untold = trends.length - rows.length;
  const table = htmlTable({
    caption: `Without a change${untold > 0 ? `, the first ${formatNumber(ROWS_MAX)}` : ""}`,
    heads: ["Metric", "runs", "last", "lowest to highest", "outliers"],
    rows,
  });
  return html`${folded(`${counted(trends.length, "metric")} without a change: small pictures`, drawn)}${folded("The same as a table", html`${table}${untold > 0 ? html`<p class="soft">${counted(untold, "more metric")} left out.</p>` : null}`)}`;
}

function shownUnit({ series }: HistoryTrend): string {
  return scaleFor(
    series.unit,
    series.points.map(({ value }) => value),
  ).unit;
}

/** "1 run", "214 runs". */
function counted(count: number, noun: string): string {
  return `${formatNumber(count)} ${noun}${count === 1 ? "" : "s"}`;
}
