// Every change of a history in a table, and as a file.

import { csvText } from "../csv.ts";
import { dayOf, minuteOf } from "../html/charts/run-axis.ts";
import { csvFile, downloads } from "../html/download.ts";
import { html, type Markup } from "../html/markup.ts";
import { htmlTable } from "../html/table.ts";
import {
  type Change,
  chanceOf,
  commitRange,
  counted,
  type Direction,
  directionWord,
  levelsOf,
  placeOf,
  sizeOf,
} from "./change-words.ts";
import type { StandingRegression } from "./history-report.ts";

/** More rows than anybody reads; the file has the rest. */
const ROWS_MAX = 300;
const LEVELS_CHARS_MAX = 22;

const directionClasses: Readonly<Record<Direction, string>> = {
  worse: "bad",
  better: "good",
  unknown: "doubtful-text",
};

/** What has become of a change for the worse. */
export interface Fate {
  readonly kind: "stands" | "taken back" | "waived" | "may be chance";
  readonly words: string;
}

/** null of a change that is not for the worse. @param standing those that nothing took back. */
export function fateOf({ point }: Change, standing: readonly StandingRegression[]): Fate | null {
  if (point.direction !== "worse") return null;
  const found = standing.find(({ changePoint }) => changePoint === point);
  if (found === undefined) return { kind: "taken back", words: "taken back since" };
  if (found.waiver !== null) return { kind: "waived", words: `waived: ${found.waiver.reason}` };
  return found.sure
    ? { kind: "stands", words: "stands" }
    : { kind: "may be chance", words: "may be chance among so many metrics" };
}

/** The commits in full, to be copied. */
export function commitsOf({ point }: Change): Markup {
  const range = commitRange(point);
  if (range === null) return html`not known`;
  if (point.afterCommit === point.byCommit)
    return html`<code class="range">${point.byCommit}</code><small>two runs of one commit: not the program's doing</small>`;
  const ends = range.split("..");
  return html`<code class="range">${ends.map((end, place) => (place === 0 ? end : html`..<wbr>${end}`))}</code>`;
}

/** null where nothing changed. @param place what all trends have in common, and need not be told with each. */
export function changeTable(
  changes: readonly Change[],
  standing: readonly StandingRegression[],
  place: string | null,
): Markup | null {
  if (changes.length === 0) return null;
  const fates = changes.map((change) => ({ change, fate: fateOf(change, standing) }));
  const ordered = [
    ...fates.filter(({ fate }) => fate?.kind === "stands"),
    ...fates.filter(({ fate }) => fate?.kind !== "stands"),
  ];
  const rows = ordered.slice(0, ROWS_MAX).map(({ change, fate }) => {
    const { trend, point } = change;
    return {
      head: html`${trend.series.metricLabel}${place === null ? html`<small>${placeOf(trend)}</small>` : null}`,
      cells: [
        html`<span class="met ${directionClasses[point.direction]}">${directionWord(point.direction)}</span> ${sizeOf(point)}${fate === null ? null : html`<small>${fate.words}</small>`}`,
        html`${inTwoLines(levelsOf(point, trend.series.unit))}<small>p ${chanceOf(point)}</small>`,
        html`${dayOf(point.at)}<small>${minuteOf(point.at).slice(11)} UTC</small>`,
        commitsOf(change),
      ],
    };
  });
  const left = changes.length - rows.length;
  return html`${htmlTable({
    caption: "What stands for the worse first, then what else was for the worse, then the rest; each newest first",
    heads: ["Metric", "Change", "Before → after", "Since", "Commits"],
    rows,
    textColumns: [0, 3],
  })}${left > 0 ? html`<p class="soft">${counted(left, "more change")} in the file.</p>` : null}${downloads(csvFile("change-points", changesCsv(changes)))}`;
}

/** Long numbers of foreign units would push the commits out of the table. */
function inTwoLines(levels: string): Markup {
  if (levels.length <= LEVELS_CHARS_MAX) return html`${levels}`;
  return html`${levels.split(" → ").map((level, place) => (place === 0 ? html`${level} →<br>` : level))}`;
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
