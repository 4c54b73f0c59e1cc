// Latency percentiles out of the histograms of a result, never beyond what their count supports: a p99.9 of 500 samples is
// the maximum under another name.

import { decodeHistogram, meanMs, percentileMs, valuesNeeded } from "../metrics/latency-histogram.ts";
import type { RunResult } from "../metrics/run-result.ts";
import { formatNumber } from "./format-number.ts";

/** Histograms that hold latencies, with their names in tables. Others are shown under their key. */
const names: Readonly<Record<string, string>> = {
  response: "Response time, from the moment the request was due",
  service: "Service time, from the moment it was sent",
  lockWait: "Wait for a locked session",
  startLag: "Lag of the load generator",
};

const TABLE_PERCENTILES = [50, 90, 95, 99, 99.9, 99.99, 99.999] as const;

export interface LatencyColumn {
  readonly count: number;
  readonly meanMs: number | null;
  readonly maxMs: number | null;
  /** Highest percentile that may be told. */
  readonly percentileMax: number;
  /** Milliseconds for each of `LatencyTable.percentiles`; null where the count is too small. */
  readonly valuesMs: readonly (number | null)[];
}

export interface LatencyTable {
  readonly key: string;
  readonly name: string;
  readonly percentiles: readonly number[];
  /** One a result; null where it has no such histogram. */
  readonly columns: readonly (LatencyColumn | null)[];
}

/** One table for each histogram that any result has samples in; rows up to the highest percentile that any of them supports. */
export function latencyTables(results: readonly RunResult[]): readonly LatencyTable[] {
  const keys = [...Object.keys(names), ...results.flatMap((result) => Object.keys(result.histograms).sort())];
  return [...new Set(keys)].flatMap((key) => {
    const columns = results.map((result) => latencyColumn(result, key));
    const percentileMax = columns.reduce((most, column) => Math.max(most, column?.percentileMax ?? 0), 0);
    if (columns.every((column) => column === null || column.count === 0)) return [];
    const shown = TABLE_PERCENTILES.filter((percentile) => percentile <= percentileMax).length;
    const cut = (column: LatencyColumn) => ({ ...column, valuesMs: column.valuesMs.slice(0, shown) });
    return [
      {
        key,
        name: names[key] ?? key,
        percentiles: TABLE_PERCENTILES.slice(0, shown),
        columns: columns.map((column) => (column === null ? null : cut(column))),
      },
    ];
  });
}

function latencyColumn(result: RunResult, key: string): LatencyColumn | null {
  const json = result.histograms[key];
  if (json === undefined) return null;
  const percentileMax = Math.min(result.audit.percentileMax, supportedPercentile(json.count));
  if (json.count === 0) {
    return { count: 0, meanMs: null, maxMs: null, percentileMax: 0, valuesMs: TABLE_PERCENTILES.map(() => null) };
  }
  const histogram = decodeHistogram(json);
  return {
    count: json.count,
    meanMs: meanMs(histogram),
    maxMs: percentileMs(histogram, 100),
    percentileMax,
    valuesMs: TABLE_PERCENTILES.map((percentile) =>
      percentile <= percentileMax ? percentileMs(histogram, percentile) : null,
    ),
  };
}

/** The highest percentile of the tables that `count` samples support; 0 when there are too few for a median. */
export function supportedPercentile(count: number): number {
  return TABLE_PERCENTILES.findLast((percentile) => count >= valuesNeeded(percentile)) ?? 0;
}

export interface CurvePoint {
  /** −log10(1 − percentile/100): 1 is the 90th, 2 the 99th, 3 the 99.9th. */
  readonly nines: number;
  readonly ms: number;
}

const POINTS_PER_NINE = 24;

/** The percentile curve of one histogram, evenly spaced in "nines"; empty without enough samples. */
export function percentileCurve(result: RunResult, key: string): readonly CurvePoint[] {
  const json = result.histograms[key];
  if (json === undefined) return [];
  const percentileMax = Math.min(result.audit.percentileMax, supportedPercentile(json.count));
  if (percentileMax === 0) return [];
  const histogram = decodeHistogram(json);
  const ninesMax = ninesOf(percentileMax);
  const steps = Math.ceil(ninesMax * POINTS_PER_NINE);
  return Array.from({ length: steps + 1 }, (_, step) => {
    const nines = (ninesMax * step) / steps;
    return { nines, ms: percentileMs(histogram, 100 * (1 - 10 ** -nines)) ?? 0 };
  });
}

/** @param percentile from 0 up to, but below, 100. */
export function ninesOf(percentile: number): number {
  return -Math.log10(1 - percentile / 100);
}

/** The sentence that keeps readers from asking for more than the run can tell; null when every result supports p99.9. */
export function sampleSizeNote(results: readonly RunResult[]): string | null {
  const short = results.flatMap((result) => {
    const count = result.histograms.response?.count ?? 0;
    return count > 0 && count < valuesNeeded(99.9) ? [`${result.label} has ${formatNumber(count)}`] : [];
  });
  return short.length === 0 ? null : `p99.9 needs 10,000 samples: ${short.join(", ")}.`;
}
