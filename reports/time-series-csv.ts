// The time series of all results as one table: a row a moment, columns that name the run, so that a spreadsheet pivots on them.

import type { RunResult } from "../metrics/run-result.ts";
import { type CsvValue, csvText } from "./csv.ts";
import { modeOf } from "./figure-rows.ts";
import { runNames } from "./report-file.ts";
import { windowsCounters } from "./windows-counters.ts";

/** Sessions first, as they come and go; what else a run has follows by name. */
const sessionColumns = ["stored", "live", "started", "refused", "expired", "abandoned", "lost", "requests"];
const runColumns = ["run", "scenario", "mode", "kind", "store", "verdict", "atMs"] as const;

/**
 * Our columns first, by their own names (counts are since the row before; `atMs` is scenario time), then Windows performance
 * counters. A field is empty where the run does not know the value or, under a Windows name, where the meaning would differ.
 */
export function renderTimeSeriesCsv(results: readonly RunResult[]): string {
  const counters = results.map(windowsCounters);
  const present = new Set(results.flatMap((result) => Object.keys(result.series.columns)));
  const ours = [...new Set([...sessionColumns, ...[...present].sort()])].filter((name) => present.has(name));
  const windows = [...new Set(counters.flatMap((values) => [...values.keys()]))];
  const names = runNames(results);
  const rows = results.flatMap((result, index) => {
    const { scenario, kind, store, series } = result;
    const run = [names[index]!, scenario.name, modeOf(result), kind, store, result.audit.verdict];
    const columns = [...ours.map((name) => series.columns[name]), ...windows.map((name) => counters[index]!.get(name))];
    return series.atMs.map((atMs, row): readonly CsvValue[] => [
      ...run,
      atMs,
      ...columns.map((values) => values?.[row] ?? null),
    ]);
  });
  return csvText([[...runColumns, ...ours, ...windows], ...rows]);
}
