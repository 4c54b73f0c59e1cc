// The summary on the terminal: first whether the runs may be believed, then the figures side by side, then what it takes to
// repeat them. Text in a fixed form for a given result, so that whole reports are kept and compared in tests.

import type { RunResult } from "../metrics/run-result.ts";
import { STANDING_NOTE, standingSigns } from "./best.ts";
import { faultTable } from "./fault-table.ts";
import {
  capOf,
  differenceOf,
  type FigureRow,
  figureRows,
  formatCell,
  formatClosedForm,
  pairsOf,
  rowHead,
} from "./figure-rows.ts";
import { formatDuration, formatFigure, formatKnown, formatNumber, UNKNOWN } from "./format-number.ts";
import { PAIRED_NOTE, pairedTables } from "./paired-rows.ts";
import { latencyTables, sampleSizeNote } from "./percentiles.ts";
import { precisionRows, reachedWord, replicationCounts } from "./precision-rows.ts";
import { differencesOf, leadFigureApart, repeatedRuns } from "./run-differences.ts";
import { studyCubes } from "./studies/study-cube.ts";
import { type StudyTable, studyTables } from "./studies/study-tables.ts";
import { createStyle, padEnd, type Style, sparkline, type TextRow, textTable, textWidth, wrap } from "./text-table.ts";
import { cutShort, metWord, targetRows, targetsSummary, verdictSigns } from "./verdict.ts";

export interface TerminalOptions {
  readonly color: boolean;
  /** Width of the terminal in characters. */
  readonly columns: number;
}

/** The report of one or several results, ending in a newline. */
export function renderTerminal(results: readonly RunResult[], options: TerminalOptions): string {
  const style = createStyle(options.color);
  const sections = [
    verdicts(results, style, options.columns),
    figures(results, style, options.columns),
    targets(results, style, options.columns),
    precision(results, style, options.columns),
    paired(results, style, options.columns),
    studies(results, style, options.columns),
    faults(results, style, options.columns),
    sessions(results, style, options.columns),
    latencies(results, style, options.columns),
    differences(results, style, options.columns),
    repeat(results, style),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function verdicts(results: readonly RunResult[], style: Style, columns: number): readonly string[] {
  const paint = { valid: style.good, doubtful: style.doubtful, invalid: style.bad };
  const labelWidth = results.reduce((widest, result) => Math.max(widest, textWidth(result.label)), 0);
  return results.flatMap((result) => {
    const { verdict, findings } = result.audit;
    const cut = cutShort(result);
    const head = paint[verdict](padEnd(`${verdictSigns[verdict]} ${verdict}`, "✓ doubtful".length));
    const said = [targetsSummary(result), ...(cut === null ? [] : [style.doubtful(cut)])].join("; ");
    const { measured, evidence } = result.scenario.calibration;
    const assumed = measured || result.kind === "measured" ? [] : [`Costs are assumed. ${evidence}`];
    return [
      `${head}  ${style.bold(padEnd(result.label, labelWidth))}  ${said}`,
      ...[...findings, ...assumed].flatMap((finding) => wrap(`  · ${finding}`, columns, 4)),
    ];
  });
}

function figures(results: readonly RunResult[], style: Style, columns: number): readonly string[] {
  const rows = figureRows(results);
  if (rows.length === 0) return [];
  const pairs = pairsOf(results);
  const heads = [
    ...results.map((result) => style.bold(result.label)),
    ...pairs.map((pair) => style.bold(pairs.length === 1 ? "measured − simulated" : `${pair.mode}, difference`)),
  ];
  const lines = textTable(
    heads,
    rows.flatMap((row) => figureLines(row, pairs, style)),
    columns,
  );
  const notes = [
    ...(rows.some((row) => row.cells.some((cell) => cell.interval)) ? ["±: 95 % confidence interval."] : []),
    ...warmUps(results),
    ...(pairs.length > 0 ? ["Differences are relative to the simulated figure; *: the intervals do not meet."] : []),
  ];
  return [...lines, ...notes.map((note) => style.dim(note))];
}

/** What the figures leave out, and how often they were repeated; nothing of experiments, which have no warm-up. */
function warmUps(results: readonly RunResult[]): readonly string[] {
  const runs = results.filter(({ study }) => study === null);
  const said = runs.map(({ scenario: { run }, replications }) => {
    const warmup = run.warmupMs === 0 ? "no warm-up" : `warm-up of ${formatDuration(run.warmupMs)} dropped`;
    return `${warmup}, ${formatDuration(run.durationMs - run.warmupMs)} measured${(replications ?? 1) > 1 ? `, ${replications} replications` : ""}`;
  });
  return said.length === 0 ? [] : [`Figures: ${[...new Set(said)].join("; ")}.`];
}

function figureLines(row: FigureRow, pairs: ReturnType<typeof pairsOf>, style: Style): readonly TextRow[] {
  const differences = pairs.map((pair) => {
    const { text, withinIntervals } = differenceOf(row, pair);
    return withinIntervals === false ? `${text} *` : text;
  });
  const line = { head: rowHead(row), cells: [...row.cells.map((cell) => formatCell(cell, row.scale)), ...differences] };
  if (!row.cells.some((cell) => cell.closedForm)) return [line];
  const closed = [...row.cells.map((cell) => formatClosedForm(cell, row.scale)), ...pairs.map(() => "")];
  return [
    line,
    { head: style.dim("  closed form"), cells: closed.map((text) => (text === "" ? "" : style.dim(text))) },
  ];
}

function targets(results: readonly RunResult[], style: Style, columns: number): readonly string[] {
  const rows = targetRows(results).map((row) => ({
    head: `${row.figure} ${row.limit}`,
    cells: row.cells.map((cell) => {
      if (cell === null) return UNKNOWN;
      const text = `${cell.text}  ${metWord(cell.met)}`;
      return cell.met === null ? style.doubtful(text) : cell.met ? style.good(text) : style.bad(text);
    }),
  }));
  if (rows.length === 0) return [];
  return [
    style.bold("Targets"),
    ...textTable(
      results.map((result) => style.bold(result.label)),
      rows,
      columns,
    ),
  ];
}

/** How narrow the intervals were asked to be, and are. */
function precision(results: readonly RunResult[], style: Style, columns: number): readonly string[] {
  const rows = precisionRows(results).map((row) => ({
    head: `${row.figure} ${row.asked}`,
    cells: row.cells.map((cell) => {
      if (cell === null) return UNKNOWN;
      const text = `${cell.text}  ${reachedWord(cell.met)}`;
      return cell.met ? style.good(text) : style.doubtful(text);
    }),
  }));
  if (rows.length === 0) return [];
  const labels = results.map((result) => style.bold(result.label));
  return [`${style.bold("Precision")}, ${replicationCounts(results)}`, ...textTable(labels, rows, columns)];
}

/** How runs under the same luck differ. */
function paired(results: readonly RunResult[], style: Style, columns: number): readonly string[] {
  const tables = pairedTables(results);
  if (tables.length === 0) return [];
  const lines = tables.flatMap(({ caption, heads, rows }) => {
    const painted = rows.map(({ head, cells, differs }) => ({
      head,
      cells: cells.map((cell, column) => (column === 3 && differs === true ? style.bold(cell) : cell)),
    }));
    return [...wrap(caption, columns, 0).map(style.bold), ...textTable(heads.map(style.bold), painted, columns)];
  });
  return [...lines, ...wrap(PAIRED_NOTE, columns, 0).map(style.dim)];
}

/** What the experiments found, row by row; a figure of each stands above. */
function studies(results: readonly RunResult[], style: Style, columns: number): readonly string[] {
  const tables = studyCubes(results)
    .flatMap(studyTables)
    .filter((table) => table.main);
  const marked = tables.some((table) => table.rows.some((row) => row.standings.some((one) => one !== null)));
  return [
    ...tables.flatMap((table, index) => [
      ...(index === 0 ? [] : [""]),
      ...wrap(table.caption, columns, 0).map(style.bold),
      ...tableLines(table, style, columns),
    ]),
    ...(marked ? wrap(STANDING_NOTE, columns, 0).map(style.dim) : []),
  ];
}

function tableLines(
  { heads, rows }: Pick<StudyTable, "heads" | "rows">,
  style: Style,
  columns: number,
): readonly string[] {
  return textTable(
    heads.slice(1).map(style.bold),
    rows.map((row) => ({
      head: row.head,
      cells: row.cells.map((cell, index) => {
        const sign = row.standings[index] === null ? "" : `${standingSigns[row.standings[index]!]} `;
        return sign === "" ? cell : style.good(`${sign}${cell}`);
      }),
    })),
    columns,
  );
}

function faults(results: readonly RunResult[], style: Style, columns: number): readonly string[] {
  const table = faultTable(results);
  if (table === null) return [];
  return [style.bold(table.caption), ...tableLines(table, style, columns)];
}

/** Heights are comparable between the lines: all share one top, the cap where stored sessions come anywhere near it. */
function sessions(results: readonly RunResult[], style: Style, columns: number): readonly string[] {
  const runs = results.flatMap((result) => {
    const stored = result.series.columns.stored ?? [];
    const known = stored.filter((value) => value !== null);
    return known.length === 0 ? [] : [{ result, stored, peak: Math.max(...known), cap: capOf(result) }];
  });
  if (runs.length === 0) return [];
  const peak = Math.max(...runs.map((run) => run.peak));
  const nearCaps = runs.flatMap((run) => (run.cap !== null && run.cap <= 2 * peak ? [run.cap] : []));
  const top = Math.max(peak, ...nearCaps);
  const labelWidth = Math.max(...runs.map((run) => textWidth(run.result.label)));
  const lines = runs.map((run) => {
    const cap =
      run.cap === null
        ? "no cap"
        : `${formatFigure(run.peak / run.cap, "share")} of the cap of ${formatNumber(run.cap)}`;
    const said = `highest ${formatNumber(run.peak)}, ${cap}`;
    const width = Math.min(60, Math.max(12, columns - labelWidth - said.length - 4));
    return `${padEnd(run.result.label, labelWidth)}  ${sparkline(run.stored, width, top)}  ${style.dim(said)}`;
  });
  const longestMs = Math.max(...runs.map((run) => run.result.series.atMs.at(-1) ?? 0));
  return [
    `${style.bold("Stored sessions")} ${style.dim(`over ${formatDuration(longestMs)}; full height is ${formatNumber(top)}`)}`,
    ...lines,
  ];
}

function latencies(results: readonly RunResult[], style: Style, columns: number): readonly string[] {
  const tables = latencyTables(results).map((table) => {
    const rows = [
      ...table.percentiles.map((percentile, index) => ({
        head: `p${percentile} (ms)`,
        cells: table.columns.map((column) => {
          if (column === null || column.count === 0) return UNKNOWN;
          const value = column.valuesMs[index] ?? null;
          return value === null ? style.dim("n too small") : formatNumber(value);
        }),
      })),
      { head: "largest (ms)", cells: table.columns.map((column) => formatKnown(column?.maxMs)) },
      { head: "samples", cells: table.columns.map((column) => formatKnown(column?.count)) },
    ];
    return [
      style.bold(table.name),
      ...textTable(
        results.map((result) => style.bold(result.label)),
        rows,
        columns,
      ),
    ];
  });
  const note = sampleSizeNote(results);
  const lines = tables.flatMap((table, index) => (index === 0 ? table : ["", ...table]));
  return note === null ? lines : [...lines, ...wrap(note, columns, 0).map(style.dim)];
}

/** Runs of one bench beside each other: what was different about them, and how far their first figure is apart. */
function differences(results: readonly RunResult[], style: Style, columns: number): readonly string[] {
  return repeatedRuns(results).flatMap(([first, ...others], group) =>
    others.flatMap((other, index) => {
      const apart = leadFigureApart(first, other);
      const { startedAt } = other.environment;
      const figure = apart === null ? "" : `: ${apart.label} ${signedPercent(apart.share)}`;
      const found = differencesOf(first, other);
      const head = `${style.bold("What differed")} from ${first.environment.startedAt} to ${startedAt}${figure}`;
      const rows = found.map((one) => ({ head: one.what, cells: [one.first, one.second] }));
      return [
        ...(group + index === 0 ? [] : [""]),
        ...wrap(head, columns, 2),
        ...(found.length === 0
          ? ["  nothing in scenario, store, program and machine"]
          : textTable(["then", "now"].map(style.bold), rows, columns)),
      ];
    }),
  );
}

function signedPercent(share: number): string {
  return `${share < 0 ? "−" : "+"}${formatFigure(Math.abs(share), "share")}`;
}

function repeat(results: readonly RunResult[], style: Style): readonly string[] {
  const commands = [...new Set(results.map((result) => result.command))];
  const seeds = [...new Set(results.map((result) => result.seed))];
  return [`${style.bold("To repeat")} (seed ${seeds.join(", ")})`, ...commands.map((command) => `  ${command}`)];
}
