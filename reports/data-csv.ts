// The numbers behind tables and charts as plain tables of data, unscaled and unrounded, each row naming its run.

import type { Counters, RunResult } from "../metrics/run-result.ts";
import { type CsvValue, csvText } from "./csv.ts";
import { percentileCurve } from "./percentiles.ts";
import { runNames } from "./report-file.ts";

/** A row a run and figure; a missing value is an empty field. */
export function figuresCsv(results: readonly RunResult[]): string {
  const names = runNames(results);
  const rows = results.flatMap(({ figures, audit, targets }, index) =>
    figures.map(({ key, label, unit, value, interval, closedForm }): readonly CsvValue[] => {
      const target = targets.find(({ figure }) => figure === key);
      const met = target === undefined || target.met === null ? null : target.met ? 1 : 0;
      return [
        names[index]!,
        audit.verdict,
        key,
        label,
        unit,
        value,
        interval?.low ?? null,
        interval?.high ?? null,
        closedForm?.value ?? null,
        target?.limit ?? null,
        met,
      ];
    }),
  );
  const heads = ["run", "verdict", "key", "label", "unit", "value", "low", "high", "closedForm", "target", "met"];
  return csvText([heads, ...rows]);
}

/** A row a run and counter, of the whole run and of the part after the warm-up; nested ones as "failures: http 500". */
export function countersCsv(results: readonly RunResult[]): string {
  const names = runNames(results);
  const rows = results.flatMap(({ counters, measured }, index) => {
    const [whole, after] = [flat(counters), flat(measured)];
    return [...new Set([...whole.keys(), ...after.keys()])].map((key): readonly CsvValue[] => [
      names[index]!,
      key,
      whole.get(key) ?? 0,
      after.get(key) ?? 0,
    ]);
  });
  return csvText([["run", "counter", "wholeRun", "afterWarmup"], ...rows]);
}

function flat(counters: Counters): ReadonlyMap<string, number> {
  // Sorted, as a result read back from its file has its keys in another order than a fresh one.
  const sorted = Object.entries(counters).sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(
    sorted.flatMap(([key, value]): [string, number][] =>
      typeof value === "number"
        ? [[key, value]]
        : Object.entries(value as Readonly<Record<string, number>>)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([kind, count]) => [`${key}: ${kind}`, count]),
    ),
  );
}

/** The curves of the latency charts: a row a percentile, a column a run and histogram, empty beyond what its count supports. */
export function percentilesCsv(results: readonly RunResult[], keys: readonly string[]): string {
  const names = runNames(results);
  const columns = results.flatMap((result, index) =>
    keys.flatMap((key) => {
      const points = percentileCurve(result, key);
      return points.length === 0 ? [] : [{ head: `${names[index]} ${key} ms`, points }];
    }),
  );
  // Curves are spaced alike as far as they go, but each ends at its own highest percentile.
  const percentiles = [
    ...new Set(columns.flatMap(({ points }) => points.map(({ nines }) => percentileOf(nines)))),
  ].sort((a, b) => a - b);
  const found = columns.map(({ points }) => new Map(points.map(({ nines, ms }) => [percentileOf(nines), ms])));
  const rows = percentiles.map((percentile) => [percentile, ...found.map((curve) => curve.get(percentile) ?? null)]);
  return csvText([["percentile", ...columns.map(({ head }) => head)], ...rows]);
}

/** Six digits tell percentiles apart that the curves tell apart. */
function percentileOf(nines: number): number {
  return Number((100 * (1 - 10 ** -nines)).toFixed(6));
}

/** A row a moment, a column a run and column of its series. */
export function seriesCsv(results: readonly RunResult[], columns: readonly string[]): string {
  const names = runNames(results);
  const found = results.flatMap(({ series }, index) =>
    columns.flatMap((column) => {
      const values = series.columns[column];
      if (values === undefined) return [];
      const byTime = new Map(series.atMs.map((atMs, row) => [atMs, values[row]!]));
      return [{ head: `${names[index]} ${column}`, byTime }];
    }),
  );
  const times = [...new Set(results.flatMap(({ series }) => series.atMs))].sort((a, b) => a - b);
  return csvText([
    ["atMs", ...found.map(({ head }) => head)],
    ...times.map((atMs) => [atMs, ...found.map(({ byTime }) => byTime.get(atMs) ?? null)]),
  ]);
}
