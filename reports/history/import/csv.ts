// A table of results: a row a run, a column that says when or of which commit, and columns of numbers. Otava's CSV is such a table,
// with a column `time`, attributes such as `commit`, and perhaps a column `branch`.
// Source: Apache Otava, docs/CSV.md, examples/csv and otava/importer.py (CsvImporter).

import { InputError, type Problem } from "../../../config/problem.ts";
import { matchesKey } from "../../../metrics/compare/waivers.ts";
import { HISTORY_ENTRY_SCHEMA, type HistoryEntry, type HistoryMetric } from "../../../metrics/history/history.ts";
import { directionOfUnit } from "../../../metrics/history/unit-direction.ts";
import { type CsvRow, csvRows, separatorOf } from "./csv-rows.ts";
import {
  countOutOfOrder,
  type ForeignFile,
  fileProblem,
  finishMetrics,
  type Imported,
  type ImportOptions,
  outOfOrderFinding,
} from "./imported.ts";
import { isoOf, parseMoment } from "./moment.ts";

export interface CsvOptions extends ImportOptions {
  /** Otava quotes with either kind. */
  readonly format: "csv" | "otava-csv";
  readonly timeColumn?: string;
  readonly commitColumn?: string;
  /** Names of columns, stars allowed; without it, all columns of numbers. */
  readonly metrics?: readonly string[];
  readonly separator?: string;
  /** Rows are taken where these columns say so. */
  readonly where: readonly { readonly column: string; readonly value: string }[];
  /** When a commit was made, for tables that name no time; null where nobody knows. Milliseconds since 1970. */
  readonly commitTimeMs: (commit: string) => number | null;
}

const timeNames = /^(time|date|date[ _-]?time|timestamp|when|commit[ _-]?(date|time|timestamp))$/i;
const commitNames = /^((git|commit)[ _-]?)?(commit|sha1?|hash|revision|rev|id)$/i;
const branchName = /^branch$/i;
/** What stands for a value that is not there. */
const missing = /^\s*(|nan|null|none|n\/?a|-)\s*$/i;
const PROBLEMS_MAX = 10;

interface Table {
  readonly heads: readonly string[];
  readonly rows: readonly CsvRow[];
  readonly time: number | null;
  readonly commit: number | null;
}

/** @throws InputError naming the lines that cannot be read. */
export function importCsv({ name, text }: ForeignFile, options: CsvOptions): Imported {
  const action = `Cannot import "${name}"`;
  const table = tableOf(name, text, options, action);
  const problems: Problem[] = [];
  const columns = metricColumns(table, name, options, problems);
  const findings = [...leftOut(table, columns)];
  const entries = table.rows.flatMap(({ line, fields }): HistoryEntry[] => {
    const at = momentOf(table, name, line, fields, options, problems);
    const found = columns.flatMap(({ index, key, unit }): HistoryMetric[] => {
      const cell = fields[index]!;
      return missing.test(cell)
        ? []
        : [{ key, label: key, unit, better: directionOfUnit(unit), value: Number(cell.trim()) }];
    });
    const commit = table.commit === null ? null : fields[table.commit]!.trim() || null;
    if (at === null) return [];
    return [
      {
        schema: HISTORY_ENTRY_SCHEMA,
        at,
        commit,
        scenario: options.scenario ?? baseName(name),
        driver: null,
        label: "imported",
        machine: null,
        metrics: finishMetrics(found, options),
      },
    ];
  });
  if (problems.length > 0) throw new InputError(action, problems.slice(0, PROBLEMS_MAX));
  findings.push(...outOfOrderFinding(countOutOfOrder(entries), name));
  const { apart, moved } = setApart(entries);
  if (moved > 0) {
    findings.push(`${name}: ${moved} rows have the time of another; they were put milliseconds apart, in their order.`);
  }
  return { entries: apart.map((entry) => ({ entry, from: name })), findings };
}

function tableOf(file: string, text: string, options: CsvOptions, action: string): Table {
  const refuse = (problem: Problem) => new InputError(action, [problem]);
  const separator = options.separator ?? separatorOf(text);
  const [head, ...body] = csvRows(text, separator, options.format === "csv" ? '"' : `"'`);
  const heads = (head?.fields ?? []).map((name) => name.trim());
  if (heads.length < 2) {
    throw refuse(
      fileProblem(
        file,
        "without columns",
        "a line of column names, then a line a run",
        "name its separator with --separator",
      ),
    );
  }
  if (body.length === 0) {
    throw refuse(fileProblem(file, "a line of names alone", "a line for each run", "name another file"));
  }
  const uneven = body.filter(({ fields }) => fields.length !== heads.length);
  if (uneven.length > 0) {
    const problems = uneven.slice(0, PROBLEMS_MAX).map(({ line, fields }) => ({
      at: "the row",
      given: `${fields.length} fields long`,
      expected: `${heads.length}, as there are column names`,
      mend: "mend it",
      file,
      line,
    }));
    throw new InputError(action, problems);
  }
  const find = (asked: string | undefined, option: string, names: RegExp): number | null => {
    const index = heads.findIndex((name) => (asked === undefined ? names.test(name) : name === asked));
    if (index >= 0) return index;
    if (asked === undefined) return null;
    throw refuse({ at: option, given: `"${asked}"`, expected: `one of ${heads.join(", ")}`, mend: "change it", file });
  };
  const table = {
    heads,
    time: find(options.timeColumn, "--time-column", timeNames),
    commit: find(options.commitColumn, "--commit-column", commitNames),
  };
  if (table.time === null && table.commit === null) {
    const mend = "name it with --time-column or --commit-column";
    throw refuse(fileProblem(file, `a table of ${heads.join(", ")}`, "a column of times or commits", mend));
  }
  const where = options.where.map(({ column, value }) => ({ index: find(column, "--where", /^$/)!, value }));
  const rows = body.filter(({ fields }) => where.every(({ index, value }) => fields[index] === value));
  expectOneBranch(heads, rows, file, action);
  if (rows.length > 0) return { ...table, rows };
  throw refuse(fileProblem(file, "without a row that --where lets through", "at least one", "change --where"));
}

/** Runs of several branches in one series would look like changes. */
function expectOneBranch(heads: readonly string[], rows: readonly CsvRow[], file: string, action: string): void {
  const column = heads.findIndex((head) => branchName.test(head));
  const branches = [...new Set(rows.map(({ fields }) => fields[column]))];
  if (column < 0 || branches.length <= 1) return;
  const given = `of several branches: ${branches.slice(0, 5).join(", ")}`;
  const mend = `take one at a time: --where ${heads[column]}=${branches[0]}`;
  throw new InputError(action, [{ at: heads[column]!, given, expected: "one branch", mend, file }]);
}

interface Column {
  readonly index: number;
  readonly key: string;
  readonly unit: string;
}

/** A column is a metric where all of its values are numbers, and must be one where the user named it. */
function metricColumns(table: Table, file: string, options: CsvOptions, problems: Problem[]): readonly Column[] {
  const { heads, rows } = table;
  const columns = heads.flatMap((head, index): Column[] => {
    if (index === table.time || index === table.commit || head === "") return [];
    const asked = options.metrics?.some((pattern) => matchesKey(head, pattern));
    if (asked === false) return [];
    const filled = rows.filter(({ fields }) => !missing.test(fields[index]!));
    const broken = filled.filter(({ fields }) => !Number.isFinite(Number(fields[index])));
    if (filled.length === 0 || (asked === undefined && broken.length === filled.length)) return [];
    if (timeNames.test(head) && asked === undefined) return [];
    problems.push(
      ...broken.slice(0, 3).map(({ line, fields }) => ({
        at: head,
        given: `"${fields[index]}"`,
        expected: "a number, as in the other rows",
        mend: "mend it or leave the field empty; --metrics names the columns that count",
        file,
        line,
      })),
    );
    const [, key, unit] = /^(.*?)\s*[([]([^)\]]+)[)\]]$/.exec(head) ?? [];
    return [key === undefined || key === "" ? { index, key: head, unit: "" } : { index, key, unit: unit! }];
  });
  if (columns.length === 0) {
    const given = `without a column of numbers${options.metrics === undefined ? "" : " that --metrics names"}`;
    problems.push(fileProblem(file, given, `metrics among ${heads.join(", ")}`, "name them with --metrics"));
  }
  return columns;
}

function leftOut({ heads, time, commit }: Table, columns: readonly Column[]): readonly string[] {
  const taken = new Set([time, commit, ...columns.map(({ index }) => index)]);
  const others = heads.filter((head, index) => head !== "" && !taken.has(index));
  return others.length === 0 ? [] : [`Columns that are no metrics were left out: ${others.join(", ")}.`];
}

function momentOf(
  { heads, time, commit }: Table,
  file: string,
  line: number,
  fields: readonly string[],
  { commitTimeMs }: CsvOptions,
  problems: Problem[],
): string | null {
  const column = (time ?? commit)!;
  const given = fields[column]!.trim();
  const timeMs = time === null ? commitTimeMs(given) : null;
  const at = time === null ? (timeMs === null ? null : isoOf(timeMs)) : parseMoment(given);
  if (at !== null) return at;
  problems.push({
    at: heads[column]!,
    given: given === "" ? "" : `"${given}"`,
    expected:
      time === null
        ? "a commit of the repository at hand, which tells its time"
        : "a time, such as 2026-11-21 15:04:05 +0100",
    mend:
      time === null
        ? "go into its repository, or add a column of times"
        : "mend it, or name another with --time-column",
    file,
    line,
  });
  return null;
}

/** Several measurements of one commit have its one date; they stay several, in the order of the rows. */
function setApart(entries: readonly HistoryEntry[]): {
  readonly apart: readonly HistoryEntry[];
  readonly moved: number;
} {
  const taken = new Set<string>();
  let moved = 0;
  const apart = entries.map((entry) => {
    let at = entry.at;
    while (taken.has(at)) at = new Date(Date.parse(at) + 1).toISOString();
    taken.add(at);
    if (at !== entry.at) moved += 1;
    return { ...entry, at };
  });
  return { apart, moved };
}

function baseName(file: string): string {
  return file.replace(/^.*[\\/]/, "").replace(/\.(csv|tsv|txt)?(\.gz)?$/i, "");
}
