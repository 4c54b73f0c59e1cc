// Results of airspeed velocity: in its results folder one file a commit and environment below a folder a machine, and benchmarks.json,
// which knows units and the present version of each benchmark. Its 99 % intervals are not taken for ours of 95 %.
// Source: asv, docs/source/dev.rst "Benchmark suite layout and file formats" (version 2) and results.py update_to_2 (version 1).

import * as z from "zod";
import { InputError, type Problem } from "../../../config/problem.ts";
import { HISTORY_ENTRY_SCHEMA, type HistoryEntry, type HistoryMetric } from "../../../metrics/history/history.ts";
import { directionOfUnit } from "../../../metrics/history/unit-direction.ts";
import { type ForeignFile, fileProblem, finishMetrics, type Imported, type ImportOptions } from "./imported.ts";
import { isoOf } from "./moment.ts";

const values = z.array(z.number().nullable());
const resultSchema = z.object({
  version: z.int().optional(),
  commit_hash: z.string(),
  date: z.number(),
  env_name: z.string().optional(),
  python: z.string().optional(),
  params: z.object({ machine: z.string().optional() }),
  result_columns: z.array(z.string()).optional(),
  results: z.record(z.string(), z.unknown()),
  benchmark_version: z.record(z.string(), z.string().nullable()).optional(),
});
type AsvFile = z.infer<typeof resultSchema>;

/** A benchmark's row: values in the order of the product of its parameters, the last varying fastest. */
interface Row {
  readonly values: readonly (number | null)[];
  readonly params: readonly (readonly string[])[];
  readonly version: string | null;
}

const params = z.array(z.array(z.string()));
const benchmarkSchema = z.looseObject({
  unit: z.string().optional(),
  type: z.string().optional(),
  version: z.string().nullable().optional(),
  param_names: z.array(z.string()).optional(),
});
type Benchmarks = ReadonlyMap<string, z.infer<typeof benchmarkSchema>>;

/** Files of a results folder that are no results. */
export const besideAsvResults = /(^|[\\/])(machine|benchmarks)\.json(\.gz)?$/;
const benchmarksFile = /(^|[\\/])benchmarks\.json(\.gz)?$/;

/** @throws InputError naming every file that is no result. Entries have the date of their commit, which is all asv keeps in order. */
export function importAsv(files: readonly ForeignFile[], options: ImportOptions): Imported {
  const problems: Problem[] = [];
  const benchmarks = new Map(
    files.filter(({ name }) => benchmarksFile.test(name)).flatMap((file) => benchmarksOf(file)),
  );
  const left = { failed: 0, outdated: 0 };
  const entries = files
    .filter(({ name }) => !besideAsvResults.test(name))
    .flatMap((file) => {
      const result = parseFile(file, problems);
      if (result === null) return [];
      const metrics = Object.entries(result.results).flatMap(([name, raw]): readonly HistoryMetric[] => {
        const row = rowOf(result, name, raw);
        if (row === null) {
          problems.push(fileProblem(file.name, `broken at results.${name}`, "a result of asv", "run asv again"));
          return [];
        }
        const known = benchmarks.get(name)?.version;
        if (row.version !== null && known !== undefined && known !== null && row.version !== known) {
          left.outdated += row.values.length;
          return [];
        }
        return metricsOf(name, row, benchmarks, left);
      });
      const entry: HistoryEntry = {
        schema: HISTORY_ENTRY_SCHEMA,
        at: isoOf(result.date)!,
        commit: result.commit_hash,
        scenario: options.scenario ?? "asv",
        driver: null,
        label: result.env_name ?? (result.python === undefined ? "asv" : `py${result.python}`),
        machine: result.params.machine ?? null,
        metrics: finishMetrics(metrics, options),
      };
      return metrics.length === 0 ? [] : [{ entry, from: file.name }];
    });
  if (problems.length > 0) throw new InputError("Cannot import the results of asv", problems.slice(0, 20));
  entries.sort((a, b) => (a.entry.at < b.entry.at ? -1 : a.entry.at > b.entry.at ? 1 : 0));
  return { entries, findings: findingsOf(files, benchmarks, left) };
}

function findingsOf(
  files: readonly ForeignFile[],
  benchmarks: Benchmarks,
  { failed, outdated }: { readonly failed: number; readonly outdated: number },
): readonly string[] {
  const results = files.filter(({ name }) => !besideAsvResults.test(name)).length;
  const findings: string[] = [];
  if (results === 0) findings.push("There is no file of results among those named.");
  if (failed > 0) findings.push(`${failed} values of benchmarks that failed or were skipped are gaps.`);
  if (outdated > 0) findings.push(`${outdated} values were left out: their benchmark has since been changed.`);
  if (benchmarks.size === 0) {
    findings.push("There is no benchmarks.json among the files: units were told from names (time_, mem_, peakmem_).");
  }
  return findings;
}

/** Python writes NaN, which JSON does not know; here it means a value that is not there. */
function parsePythonJson(text: string): unknown {
  return JSON.parse(
    text.replace(/"(?:[^"\\]|\\.)*"|NaN|-?Infinity/g, (token) => (token.startsWith('"') ? token : "null")),
  );
}

function parseFile({ name, text }: ForeignFile, problems: Problem[]): AsvFile | null {
  const expected = "a result of asv, version 1 or 2";
  const refuse = (given: string): null => {
    problems.push(fileProblem(name, given, expected, "leave it out, or run asv again"));
    return null;
  };
  let raw: unknown;
  try {
    raw = parsePythonJson(text);
  } catch (error) {
    return refuse(`not JSON (${(error as Error).message.replace(/\s+/g, " ")})`);
  }
  const parsed = resultSchema.safeParse(raw);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return refuse(`without a sound ${issue?.path.join(".") || "object"} (${issue?.message ?? ""})`);
  }
  const { version, date } = parsed.data;
  if (version !== undefined && version > 2) return refuse(`of version ${version}`);
  if (isoOf(date) === null) return refuse(`of the date ${date}`);
  return parsed.data;
}

function rowOf(
  { result_columns: columns, benchmark_version: versions }: AsvFile,
  name: string,
  raw: unknown,
): Row | null {
  if (columns !== undefined) {
    if (!Array.isArray(raw)) return null;
    const cell = (column: string): unknown => (raw as readonly unknown[])[columns.indexOf(column)] ?? null;
    const version = cell("version");
    return rowFrom(cell("result"), cell("params"), typeof version === "string" ? version : null);
  }
  const version = versions?.[name] ?? null;
  // Version 1: a number, or an object; the oldest have no list even where there is one.
  if (raw === null || typeof raw === "number") return { values: [raw], params: [], version };
  if (typeof raw !== "object" || Array.isArray(raw)) return null;
  const { result, params: own } = raw as { readonly result?: unknown; readonly params?: unknown };
  return rowFrom(typeof result === "number" ? [result] : result, own, version);
}

/** A result that is null as a whole failed for each of its parameters. */
function rowFrom(result: unknown, own: unknown, version: string | null): Row | null {
  const given = params.safeParse(own ?? []);
  const found = values.safeParse(result ?? []);
  return given.success && found.success ? { values: found.data, params: given.data, version } : null;
}

function metricsOf(name: string, row: Row, benchmarks: Benchmarks, left: { failed: number }): readonly HistoryMetric[] {
  const unit = unitOf(name, benchmarks.get(name));
  return row.values.flatMap((value, index): HistoryMetric[] => {
    if (value === null) {
      left.failed += 1;
      return [];
    }
    const combination = combinationAt(row.params, index);
    const key = combination.length === 0 ? name : `${name}(${combination.join(", ")})`;
    return [{ key, label: key, unit, better: directionOfUnit(unit), value }];
  });
}

/** "seconds" and "bytes" become the units of our own figures, which are told in what is readable. */
function unitOf(name: string, benchmark: z.infer<typeof benchmarkSchema> | undefined): string {
  const last = name.split(".").at(-1)!;
  const unit = benchmark?.unit ?? (/^time(raw)?_/.test(last) ? "seconds" : /^(peak)?mem_/.test(last) ? "bytes" : "");
  return unit === "seconds" ? "s" : unit;
}

/** Of the product of the lists, in which the last varies fastest, the one at `index`. */
function combinationAt(lists: readonly (readonly string[])[], index: number): readonly string[] {
  let rest = index;
  const backwards = lists.toReversed().map((list) => {
    const value = list[rest % list.length] ?? "?";
    rest = Math.floor(rest / list.length);
    return value;
  });
  return backwards.reverse();
}

function benchmarksOf({ name, text }: ForeignFile): readonly (readonly [string, z.infer<typeof benchmarkSchema>])[] {
  let raw: unknown;
  try {
    raw = parsePythonJson(text);
  } catch (error) {
    const given = `not JSON (${(error as Error).message})`;
    throw new InputError("Cannot import the results of asv", [
      fileProblem(name, given, "the benchmarks of asv", "run asv again, or leave it out"),
    ]);
  }
  if (typeof raw !== "object" || raw === null) return [];
  return Object.entries(raw).flatMap(([key, about]) => {
    const parsed = benchmarkSchema.safeParse(about);
    return parsed.success ? [[key, parsed.data] as const] : [];
  });
}
