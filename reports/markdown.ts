// A comment for a pull request: what the runs are worth and the few figures that decide, side by side; everything else is folded away.
// GitHub's Markdown, in which nothing of a label or a finding can become markup.

import type { RunResult } from "../metrics/run-result.ts";
import { betterOf, STANDING_NOTE, type Standing, standingsOf, standingWord } from "./best.ts";
import { faultTable } from "./fault-table.ts";
import { type FigureRow, figureRows, formatCell, rowHead } from "./figure-rows.ts";
import { formatKnown, UNKNOWN } from "./format-number.ts";
import { latencyTables, sampleSizeNote } from "./percentiles.ts";
import { studyCubes } from "./studies/study-cube.ts";
import { type StudyTable, studyTables } from "./studies/study-tables.ts";
import { cutShort, metWord, targetRows, targetsSummary, verdictSigns, worstVerdict } from "./verdict.ts";

/** Figures that stand above the fold. */
const headlines = new Set([
  "storedSessionsMean",
  "refusedShare",
  "lostShare",
  "memoryMeanBytes",
  "requestsPerSecond",
  "failedShare",
  "responseP50Ms",
  "responseP99Ms",
]);

export function renderMarkdown(results: readonly RunResult[]): string {
  const scenarios = [...new Set(results.map((result) => result.scenario.name))];
  const rows = figureRows(results);
  const headlined = rows.filter((row) => headlines.has(row.key));
  const shown = headlined.length === 0 ? rows : headlined.filter((row) => !isTarget(row.key, results));
  const folded = rows.filter((row) => !shown.includes(row));
  const blocks = [
    `### sessionlab, ${worstVerdict(results)}: ${scenarios.map(escapeMarkdown).join(", ")}`,
    table(results, [...verdictRows(results), ...targetLines(results), ...shown.map((row) => figureLine(row, results))]),
    ...summaryTables(results).map(studyMarkdown),
    findings(results),
    details(results, folded),
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

/** Then its values stand in the row of the target. */
function isTarget(key: string, results: readonly RunResult[]): boolean {
  return results.every((result) => result.targets.some((target) => target.figure === key));
}

interface Row {
  readonly head: string;
  readonly cells: readonly string[];
}

function verdictRows(results: readonly RunResult[]): readonly Row[] {
  const verdict = results.map((result) => {
    const cut = cutShort(result);
    const word = `${verdictSigns[result.audit.verdict]} ${result.audit.verdict}`;
    return cut === null ? word : `${word}, ${cut}`;
  });
  return [
    { head: "Audit", cells: verdict },
    { head: "Targets", cells: results.map((result) => targetsSummary(result)) },
  ];
}

function targetLines(results: readonly RunResult[]): readonly Row[] {
  return targetRows(results).map(({ figure, limit, cells }) => ({
    head: `${figure} ${limit}`,
    cells: cells.map((cell) => (cell === null ? UNKNOWN : `${metWord(cell.met)}: ${cell.text}`)),
  }));
}

function figureLine(row: FigureRow, results: readonly RunResult[]): Row {
  const marks = standingsOf(results, row.cells, betterOf(row.key, row.unit));
  return {
    head: rowHead(row),
    cells: row.cells.map((cell, index) => withMark(formatCell(cell, row.scale), marks[index]!)),
  };
}

function withMark(text: string, standing: Standing): string {
  return standing === null ? text : `${text} ${standingWord(standing)}`;
}

/** The tables of experiments and faults that a comment has room for. */
function summaryTables(results: readonly RunResult[]): readonly StudyTable[] {
  const faults = faultTable(results);
  const studies = studyCubes(results).filter((cube) => cube.rowHead !== "");
  return [...studies.flatMap(studyTables).filter((one) => one.main), ...(faults === null ? [] : [faults])];
}

function studyMarkdown({ caption, heads, rows }: StudyTable): string {
  const lines = rows.map(({ head, cells, standings }) => ({
    head,
    cells: cells.map((cell, index) => withMark(cell, standings[index]!)),
  }));
  return `**${escapeMarkdown(caption)}**\n\n${tableOf(heads, lines)}`;
}

/** One line a finding; "" where there is none. */
function findings(results: readonly RunResult[]): string {
  return results
    .flatMap(({ label, audit }) =>
      audit.findings.map((finding) => `- **${escapeMarkdown(label)}**: ${escapeMarkdown(finding)}`),
    )
    .join("\n");
}

function details(results: readonly RunResult[], folded: readonly FigureRow[]): string {
  const latencies = latencyTables(results).map(({ name, percentiles, columns }) => {
    const rows = percentiles.map((percentile, index) => ({
      head: `p${percentile} (ms)`,
      cells: columns.map((column) => formatKnown(column?.valuesMs[index])),
    }));
    const samples = { head: "samples", cells: columns.map((column) => formatKnown(column?.count)) };
    return `**${escapeMarkdown(name)}**\n\n${table(results, [...rows, samples])}`;
  });
  const commands = [...new Set(results.map((result) => result.command))];
  const machines = [
    ...new Set(
      results.map(({ environment, seed }) => {
        const { sessionlab, commit, node, platform, cpu, cores } = environment;
        const version = commit === null ? sessionlab : `${sessionlab} (${commit.slice(0, 12)})`;
        return `sessionlab ${version}, Node ${node}, ${platform}, ${cores} × ${cpu}; seed ${seed}`;
      }),
    ),
  ];
  const note = sampleSizeNote(results);
  return [
    "<details>\n<summary>Other figures, percentiles, how to repeat</summary>",
    ...(folded.length === 0
      ? []
      : [
          table(
            results,
            folded.map((row) => figureLine(row, results)),
          ),
        ]),
    ...latencies,
    ...(note === null ? [] : [escapeMarkdown(note)]),
    `±: 95 % confidence interval. Figures are of the part after the warm-up.${results.length > 1 ? ` ${STANDING_NOTE}` : ""}`,
    fenced(commands.join("\n")),
    ...machines.map(escapeMarkdown),
    "</details>",
  ].join("\n\n");
}

function table(results: readonly RunResult[], rows: readonly Row[]): string {
  return tableOf(["", ...results.map((result) => result.label)], rows);
}

export function tableOf(heads: readonly string[], rows: readonly Row[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escapeMarkdown).join(" | ")} |`;
  return [
    line(heads),
    `| --- |${" ---: |".repeat(heads.length - 1)}`,
    ...rows.map(({ head, cells }) => line([head, ...cells])),
  ].join("\n");
}

/** A block of code that ends only where it should. */
export function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}

/** Text as text, on one line. An @ is kept from calling anybody. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/[\\`*_{}[\]<>|~#]/g, "\\$&")
    .replaceAll("&", "&amp;")
    .replaceAll("@", "@<!-- -->");
}
