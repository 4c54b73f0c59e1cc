// The trends of a history as pictures: those that changed, large, newest worsening first; those that did not, small and folded, and as
// a table.

import type { HistoryTrend } from "../../metrics/history/history.ts";
import { formatFigure, formatNumber, formatScaled, scaleFor } from "../format-number.ts";
import type { Draughtsman } from "../html/charts/plot-svg.ts";
import { smallTrend, trendChart } from "../html/charts/trend-chart.ts";
import { html, type Markup } from "../html/markup.ts";
import { folded, htmlTable } from "../html/table.ts";
import { counted, type Direction, placeOf } from "./change-words.ts";

/** More of anything than anybody looks through; what is left out is said. */
const CHARTS_MAX = 24;
const SMALL_MAX = 48;
const ROWS_MAX = 300;

/** null where nothing changed. @param place what all trends have in common, and need not be told with each. */
export function changedCharts(
  draughtsman: Draughtsman,
  trends: readonly HistoryTrend[],
  place: string | null,
): Markup | null {
  if (trends.length === 0) return null;
  const charts = newestFirst(trends)
    .slice(0, CHARTS_MAX)
    .map((trend) => {
      const { metricLabel, points } = trend.series;
      return html`<figure><h3>${metricLabel}</h3><p class="under">${place === null ? `${placeOf(trend)}; ` : ""}${counted(points.length, "run")}${trend.outliers.length > 0 ? `, ${counted(trend.outliers.length, "outlier")}` : ""}</p>${trendChart(draughtsman, trend)}</figure>\n`;
    });
  const left = trends.length - charts.length;
  return html`<p class="soft">● a run, its 95 % interval as a thin bar where it is known; ○ an outlier, which no level counts; — the level, a mean; ┆ a change, with its size. Runs stand in the order of time, each as far from the last as any other. Scales need not begin at 0.</p>
${charts}${left > 0 ? html`<p class="soft">${counted(left, "more metric")} with changes not drawn here: the table above has all of them.</p>` : null}`;
}

/** null where everything changed. */
export function unchangedMetrics(
  draughtsman: Draughtsman,
  trends: readonly HistoryTrend[],
  place: string | null,
): Markup | null {
  if (trends.length === 0) return null;
  const cards = trends.slice(0, SMALL_MAX).map((trend) => {
    const { chart, unit } = smallTrend(draughtsman, trend);
    return html`<figure><figcaption>${trend.series.metricLabel}${unit === "" ? null : `, ${unit}`}</figcaption>${place === null ? html`<p class="under">${placeOf(trend)}</p>` : null}${chart}</figure>\n`;
  });
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
      head: html`${series.metricLabel}${place === null ? html`<small>${placeOf(trend)}</small>` : null}`,
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
