// A history as one page: what got worse and still is, since when and between which commits; then every change, then each metric over
// its runs. The same trends give the same bytes.

import type { HistoryTrend } from "../../metrics/history/history.ts";
import { formatNumber } from "../format-number.ts";
import { openDraughtsman } from "../html/charts/plot-svg.ts";
import { dayOf, minuteOf } from "../html/charts/run-axis.ts";
import { html, type Markup } from "../html/markup.ts";
import { pageShell, type Section } from "../html/page-shell.ts";
import {
  type Change,
  changesOf,
  commonPlace,
  counted,
  type Direction,
  directionSigns,
  levelsOf,
  placeOf,
  sizeOf,
  worseningsOf,
} from "./change-words.ts";
import { historyReport, type StandingRegression } from "./history-report.ts";
import { changeTable, commitsOf, type Fate, fateOf } from "./html-changes.ts";
import { changedCharts, unchangedMetrics } from "./html-trends.ts";

export interface HistoryAbout {
  readonly title: string;
  /** Where the results were read from: "results/, 214 runs". */
  readonly source: string;
  /** One sentence on how changes were looked for. */
  readonly method: string;
  /** Changes for the worse that nothing took back; left out, they are found here, without waivers. */
  readonly standing?: readonly StandingRegression[];
  /** One sentence each, of what a reader should know of the runs. */
  readonly findings?: readonly string[];
}

/** More in the first answer than anybody reads; what is left out is said. */
const GROUPS_MAX = 6;
const NAMED_MAX = 5;

/** @param trends in the order in which they shall be shown where nothing else decides. */
export async function renderHistoryHtml(trends: readonly HistoryTrend[], about: HistoryAbout): Promise<string> {
  const draughtsman = openDraughtsman();
  try {
    const changes = changesOf(trends);
    const standing = about.standing ?? standingOf(trends, about);
    const place = commonPlace(trends);
    const changed = trends.filter(({ changePoints }) => changePoints.length > 0);
    const unchanged = trends.filter(({ changePoints }) => changePoints.length === 0);
    const sections: readonly Section[] = [
      { id: "changes", title: "Every change", content: changeTable(changes, standing, place) },
      { id: "trends", title: "Metrics that changed", content: changedCharts(draughtsman, changed, place) },
      { id: "unchanged", title: "Metrics without a change", content: unchangedMetrics(draughtsman, unchanged, place) },
      {
        id: "method",
        title: "How changes were found",
        content: html`<p>${about.method}</p><p class="soft">The change lies after the first and up to the second of the two commits named. p is the chance of a change as clear as this in a series without any. A change for the worse stands until less than half of it is left.</p>`,
      },
    ];
    return pageShell({
      title: about.title,
      kind: "sessionlab history",
      verdict: verdictOf(withFate(changes, standing, "stands").length),
      opening: opening(trends, changes, standing, about),
      sections,
      madeBy: "sessionlab",
    }).markup;
  } finally {
    await draughtsman.close();
  }
}

function standingOf(trends: readonly HistoryTrend[], { source, method }: HistoryAbout): readonly StandingRegression[] {
  return historyReport({ source, method, runs: 0, findings: [] }, trends, () => null).standing;
}

function withFate(
  changes: readonly Change[],
  standing: readonly StandingRegression[],
  fate: Fate["kind"],
): readonly Change[] {
  return changes.filter((change) => fateOf(change, standing)?.kind === fate);
}

function verdictOf(open: number): string {
  if (open === 0) return "✓ no change for the worse stands";
  return `✗ ${counted(open, "change")} for the worse ${open === 1 ? "stands" : "stand"}`;
}

function opening(
  trends: readonly HistoryTrend[],
  changes: readonly Change[],
  standing: readonly StandingRegression[],
  { source, findings = [] }: HistoryAbout,
): Markup {
  const open = withFate(changes, standing, "stands");
  const groups = worseningsOf(open);
  const left = groups.length - GROUPS_MAX;
  const others = (["taken back", "waived", "may be chance"] as const)
    .map((fate) => ({ fate, count: withFate(changes, standing, fate).length }))
    .filter(({ count }) => count > 0)
    .map(({ fate, count }) => `${formatNumber(count)} ${fate}${fate === "taken back" ? " since" : ""}`);
  const place = commonPlace(trends);
  const told = groups.slice(0, GROUPS_MAX).map((group) => worsening(group, place));
  const none = html`<li class="valid"><p><span class="badge good">✓</span>No change for the worse stands.</p></li>`;
  return html`<ul class="verdicts">${told.length === 0 ? none : told}</ul>
${left > 0 ? html`<p class="soft" style="margin-top:10px">${counted(left, "earlier group")} of such changes in the table below.</p>` : null}<p class="lead" style="margin-top:14px">${answer(trends, changes)}${others.length === 0 ? null : ` Of those for the worse: ${others.join(", ")}.`}</p>
${findings.map((finding) => html`<p class="doubtful-text">! ${finding}</p>`)}<p class="soft">From ${source}${place === null ? "" : `; all of ${place}`}.</p>`;
}

/** "12 metrics over up to 120 runs from 2026-01-03 to 2026-05-02: 5 changed (9 changes for the worse, 9 for the better)." */
function answer(trends: readonly HistoryTrend[], changes: readonly Change[]): string {
  const moments = trends.flatMap(({ series }) => series.points.map(({ at }) => at)).sort();
  const runs = trends.reduce((most, { series }) => Math.max(most, series.points.length), 0);
  const [first, last] = [moments[0], moments.at(-1)];
  const span =
    first === undefined || last === undefined
      ? ""
      : ` over up to ${counted(runs, "run")} from ${dayOf(first)} to ${dayOf(last)}`;
  const head = `${counted(trends.length, "metric")}${span}`;
  if (changes.length === 0) return `${head}: no change found.`;
  const count = (direction: Direction) => changes.filter(({ point }) => point.direction === direction).length;
  const kinds = (
    [
      ["worse", "for the worse"],
      ["better", "for the better"],
      ["unknown", "of metrics of which nobody said which way is good"],
    ] as const
  )
    .filter(([direction]) => count(direction) > 0)
    .map(([direction, words]) => `${formatNumber(count(direction))} ${words}`);
  const changed = new Set(changes.map(({ trend }) => trend)).size;
  return `${head}: ${formatNumber(changed)} changed, in ${counted(changes.length, "change")} (${kinds.join(", ")}).`;
}

/** Those of one commit range together: "✗ worse since 2026-05-06 12:00, commits a..b: p50 +12 %, 4.02 → 4.43 ms". */
function worsening(group: readonly Change[], place: string | null): Markup {
  const named = group
    .slice(0, NAMED_MAX)
    .map(
      ({ trend, point }) =>
        html`<li>${trend.series.metricLabel}: <strong>${sizeOf(point)}</strong>, ${levelsOf(point, trend.series.unit)}${place === null ? html` <span class="soft">(${placeOf(trend)})</span>` : null}</li>`,
    );
  const more = group.length > NAMED_MAX ? html`<li>and ${counted(group.length - NAMED_MAX, "more metric")}</li>` : null;
  const [first] = group as [Change];
  return html`<li class="invalid"><p><span class="badge bad">${directionSigns.worse} worse</span>since ${minuteOf(first.point.at)}, commits ${commitsOf(first)}</p><ul>${named}${more}</ul></li>`;
}
