// A history on the terminal: of every metric that changed its course in one line, and below it each change with its commits, ready to be
// pasted behind `git log`; metrics without a change in one line together.

import type { ChangePoint, HistoryTrend } from "../../metrics/history/history.ts";
import { changeOverall } from "../../metrics/history/standing-changes.ts";
import { formatFigure, formatRelative } from "../format-number.ts";
import { createStyle, padEnd, padStart, type Style, textWidth, wrap } from "../text-table.ts";
import { chanceOf, directionWord, levelsOf, placeOf, sizeOf } from "./change-words.ts";
import { type HistoryReport, openRegressions, RUNS_MIN, type StandingRegression } from "./history-report.ts";
import { trendLine } from "./trend-lines.ts";

const LINE_WIDTH_MAX = 72;
const COMMIT_DIGITS = 12;
const OUTLIERS_TOLD = 3;

export interface HistoryTerminal {
  readonly color: boolean;
  readonly columns: number;
  /** Metrics without a change get their line too. */
  readonly all: boolean;
}

/** @returns lines with a newline after each but the last. */
export function renderHistoryTerminal(report: HistoryReport, terminal: HistoryTerminal): string {
  const style = createStyle(terminal.color);
  const groups = new Map<string, HistoryTrend[]>();
  for (const trend of report.trends) groups.set(placeOf(trend), [...(groups.get(placeOf(trend)) ?? []), trend]);
  const lines = [
    ...headLines(report, style, terminal.columns),
    ...[...groups].flatMap(([place, trends]) => ["", ...groupLines(place, trends, report.standing, terminal, style)]),
    ...(report.findings.length === 0 ? [] : [""]),
    ...report.findings.flatMap((finding) => wrap(`! ${finding}`, terminal.columns, 2)),
  ];
  return lines.join("\n");
}

function headLines(report: HistoryReport, style: Style, columns: number): readonly string[] {
  const { standing, trends, runs, source, method } = report;
  const open = openRegressions(report);
  const waived = standing.filter(({ waiver }) => waiver !== null).length;
  const unsure = standing.length - open.length - waived;
  const metrics = new Set(
    open.map(({ scenario, label, machine, key }) => JSON.stringify([scenario, label, machine, key])),
  );
  const enough = trends.some(({ series }) => series.points.length >= RUNS_MIN);
  const answer =
    open.length === 0
      ? enough
        ? style.good("✓ no change for the worse stands")
        : style.doubtful("◇ too few runs to find a change")
      : style.bad(
          `✗ ${counted(open.length, "change")} for the worse in ${counted(metrics.size, "metric")} of ${trends.length}`,
        );
  const word = [
    ...(waived === 0 ? [] : [`, ${waived} waived`]),
    ...(unsure === 0 ? [] : [`, ${unsure} that may be chance among ${counted(trends.length, "metric")}`]),
  ].join("");
  return [
    `${style.bold(answer)}${word}`,
    ...wrap(`${counted(runs, "run")} in ${source}. ${method}`, columns, 0).map(style.dim),
  ];
}

function groupLines(
  place: string,
  trends: readonly HistoryTrend[],
  standing: readonly StandingRegression[],
  { columns, all }: HistoryTerminal,
  style: Style,
): readonly string[] {
  const moments = trends.flatMap(({ series }) => series.points.map(({ at }) => at)).sort();
  const runs = trends.reduce((most, { series }) => Math.max(most, series.points.length), 0);
  const span = `${counted(runs, "run")}, ${moments[0]?.slice(0, 10)} to ${moments.at(-1)?.slice(0, 10)}`;
  const shown = trends.filter(({ changePoints }) => all || changePoints.length > 0);
  const quiet = trends.length - shown.length;
  return [
    ...(textWidth(place) + 2 + span.length <= columns
      ? [`${style.bold(place)}  ${style.dim(span)}`]
      : [style.bold(place), `  ${style.dim(span)}`]),
    ...shown.flatMap((trend) => trendLines(trend, runs, standing, columns, style)),
    ...(quiet > 0 ? [`  ${counted(quiet, "metric")} without a change${all ? "" : " (--all lists them)"}`] : []),
  ];
}

function trendLines(
  trend: HistoryTrend,
  runs: number,
  standing: readonly StandingRegression[],
  columns: number,
  style: Style,
): readonly string[] {
  const { series, changePoints } = trend;
  const last = series.points.at(-1)!;
  const overall = changeOverall(trend);
  const change = overall === null ? "" : `, ${formatRelative(overall)} over the series`;
  const gaps = series.points.length < runs ? `, in ${series.points.length} of ${runs} runs` : "";
  const key = series.metricLabel === series.key ? "" : style.dim(` ${series.key}`);
  const rows = changePoints.map((point) => changeCells(point, series.unit));
  const widths = [0, 1, 2, 3].map((cell) => Math.max(0, ...rows.map((row) => row[cell]!.length)));
  return [
    `  ${style.bold(series.metricLabel)}${key}  ${formatFigure(last.value, series.unit)} last${change}${gaps}`,
    `    ${trendLine(trend, Math.min(LINE_WIDTH_MAX, columns - 4), style)}`,
    ...changePoints.flatMap((point, index) => {
      const [word, size, levels, day, rest] = rows[index]!;
      const paint = { worse: style.bad, better: style.good, unknown: style.doubtful }[point.direction];
      const told = [paint(padEnd(word, widths[0]!)), padStart(size, widths[1]!), padEnd(levels, widths[2]!), day];
      const ending = rest + standingWord(trend, point, standing);
      const line = `    ${told.join("  ")}  ${ending}`;
      return textWidth(line) <= columns ? [line] : [`    ${told.join("  ")}`, `      ${ending}`];
    }),
    ...outlierLine(trend, style),
  ];
}

type Cells = readonly [word: string, size: string, levels: string, day: string, rest: string];

function changeCells(point: ChangePoint, unit: string): Cells {
  const range = rangeOf(point);
  return [
    directionWord(point.direction),
    sizeOf(point),
    levelsOf(point, unit),
    point.at.slice(0, 10),
    `${range}  p ${chanceOf(point)}`,
  ];
}

/** "54f4903a1b2c..8c9a2730d4e5", for git log. A change between two runs of one commit is none of the program. */
function rangeOf({ afterCommit, byCommit }: ChangePoint): string {
  if (afterCommit === null && byCommit === null) return "commits not known";
  const [from, to] = abbreviated(afterCommit, byCommit);
  if (afterCommit === byCommit)
    return `${to?.slice(0, COMMIT_DIGITS)}, two runs of one commit: not the program's doing`;
  return from === undefined ? `by ${to}` : `${from}..${to ?? ""}`;
}

/** In full where the beginnings are the same. */
function abbreviated(...commits: readonly (string | null)[]): readonly (string | undefined)[] {
  const short = commits.map((commit) => commit?.slice(0, COMMIT_DIGITS));
  return short[0] === short[1] ? commits.map((commit) => commit ?? undefined) : short;
}

function standingWord(trend: HistoryTrend, point: ChangePoint, standing: readonly StandingRegression[]): string {
  if (point.direction !== "worse") return "";
  const found = standing.find(({ changePoint }) => changePoint === point && trend.changePoints.includes(point));
  if (found === undefined) return ", taken back since";
  if (found.waiver !== null) return `, waived: ${found.waiver.reason}`;
  return found.sure ? "" : ", may be chance among so many metrics";
}

function outlierLine({ series, outliers }: HistoryTrend, style: Style): readonly string[] {
  if (outliers.length === 0) return [];
  const told = outliers.slice(-OUTLIERS_TOLD).map((index) => {
    const { at, value } = series.points[index]!;
    return `${formatFigure(value, series.unit)} on ${at.slice(0, 10)}`;
  });
  const first = outliers.length > told.length ? "the last " : "";
  return [style.dim(`    ${counted(outliers.length, "outlier")}, in no level: ${first}${told.join(", ")}`)];
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
