// A comparison on the terminal: first what speaks against it, if anything; then the verdict, the metrics worst first, why they have
// theirs, the waivers, and how to repeat it. Text in a fixed form for a given comparison, so that whole reports are kept in tests.

import type { Comparison, WaiverUse } from "../../metrics/compare/comparison.ts";
import type { TerminalOptions } from "../terminal.ts";
import { createStyle, type Style, textTable, wrap } from "../text-table.ts";
import {
  countsInWords,
  howMuch,
  howToRead,
  namesOf,
  OBJECTIONS_HEAD,
  reasonGroups,
  verdictWord,
  waiverInWords,
  whatNext,
  whatWasRun,
  whoAgainstWhom,
} from "./comparison-words.ts";
import { type MetricRow, type MetricStanding, metricRows, oneLine, standingSigns } from "./metric-rows.ts";

export interface ComparisonTerminalOptions extends TerminalOptions {
  /** Every metric that is no worse has a row of its own, however many there are, and every row the key of its metric. */
  readonly all?: boolean;
}

/** As many that are no worse, and not better either, are shown one by one. */
const QUIET_ROWS_MAX = 6;

/** The report of a comparison, ending in a newline. */
export function renderComparison(comparison: Comparison, options: ComparisonTerminalOptions): string {
  const style = createStyle(options.color);
  const rows = metricRows(comparison);
  const sections = [
    objections(comparison, style, options.columns),
    verdict(comparison, rows, style, options.columns),
    metrics(rows, style, options),
    reasons(rows, style, options.columns),
    waivers(comparison.waivers, style, options.columns),
    notes(comparison, style, options.columns),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function paintOf(style: Style): Readonly<Record<MetricStanding, (text: string) => string>> {
  const { bad, doubtful, good } = style;
  return { regressed: bad, waived: doubtful, "cannot tell": doubtful, improved: good, "no worse": good };
}

function objections({ objections: said }: Comparison, style: Style, columns: number): readonly string[] {
  if (said.length === 0) return [];
  return [
    ...wrap(`! ${OBJECTIONS_HEAD}`, columns, 2).map(style.bad),
    ...said.flatMap((objection) => wrap(`  · ${oneLine(objection)}`, columns, 4)),
  ];
}

function verdict(comparison: Comparison, rows: readonly MetricRow[], style: Style, columns: number): readonly string[] {
  const word = verdictWord(comparison);
  const next = whatNext(comparison, rows);
  const [first, ...others] = wrap(`${word}  ${whoAgainstWhom(comparison)}, ${howMuch(comparison)}`, columns, 2);
  return [
    first!.replace(word, style.bold(paintOf(style)[comparison.verdict](word))),
    ...others,
    ...wrap(`  ${countsInWords(rows)}; ${whatWasRun(comparison)}`, columns, 2),
    ...(next === "" ? [] : wrap(`  ${next}`, columns, 2)),
    ...comparison.findings.flatMap((finding) => wrap(`  · ${oneLine(finding)}`, columns, 4)),
  ];
}

function metrics(
  rows: readonly MetricRow[],
  style: Style,
  { columns, all }: ComparisonTerminalOptions,
): readonly string[] {
  const paint = paintOf(style);
  const quiet = rows.filter(({ standing }) => standing === "no worse");
  const folded = all === true || quiet.length <= QUIET_ROWS_MAX ? [] : quiet;
  const shown = rows.filter((row) => !folded.includes(row));
  const columnsOf: readonly (readonly [string, (row: MetricRow) => string])[] = [
    ["verdict", ({ standing }) => paint[standing](`${standingSigns[standing]} ${standing}`)],
    ["effect", ({ effect }) => effect],
    ["base", ({ base }) => base],
    ["candidate", ({ candidate }) => candidate],
    ["minimum effect", ({ minimumEffect }) => minimumEffect],
    ...(shown.some(({ metric }) => metric.floor !== null) ? [["floor", ({ floor }: MetricRow) => floor] as const] : []),
    ...(shown.some(({ moreRuns }) => moreRuns !== "")
      ? [["more runs", ({ moreRuns }: MetricRow) => moreRuns] as const]
      : []),
    ...(all === true ? [["key", ({ key }: MetricRow) => key] as const] : []),
  ];
  const heads = columnsOf.map(([head]) => style.bold(head));
  const lines = shown.map((row) => ({ head: row.head, cells: columnsOf.map(([, cell]) => cell(row)) }));
  const names = folded.map(({ label }) => label).join("; ");
  return [
    ...(lines.length === 0 ? [] : textTable(heads, lines, columns)),
    ...(folded.length === 0
      ? []
      : wrap(`${standingSigns["no worse"]} no worse, ${folded.length} more (--all shows them): ${names}`, columns, 2)),
  ];
}

function reasons(rows: readonly MetricRow[], style: Style, columns: number): readonly string[] {
  const paint = paintOf(style);
  return reasonGroups(rows).flatMap((group) => {
    const sign = standingSigns[group.standing];
    const names = namesOf(group, ({ label, key }) => `${label} [${key}]`).join("; ");
    const [first, ...others] = wrap(`${sign} ${names}`, columns, 2);
    return [paint[group.standing](sign) + first!.slice(sign.length), ...others, ...wrap(`  ${group.why}`, columns, 2)];
  });
}

function waivers(uses: readonly WaiverUse[], style: Style, columns: number): readonly string[] {
  if (uses.length === 0) return [];
  return [style.bold("Waivers"), ...uses.flatMap((use) => wrap(`  · ${waiverInWords(use)}`, columns, 4))];
}

function notes(comparison: Comparison, style: Style, columns: number): readonly string[] {
  return [
    ...wrap(howToRead(comparison), columns, 0).map(style.dim),
    `${style.bold("To repeat")} (seed ${comparison.seed})`,
    `  ${oneLine(comparison.command)}`,
  ];
}
