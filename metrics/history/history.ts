// Results over time: one small entry a run, the series of each metric over the entries, and what changed in them and when.

import type { DriverName } from "../run-result.ts";

export const HISTORY_ENTRY_SCHEMA = "sessionlab.history-entry/1";

export interface HistoryMetric {
  /** As of a Figure: "responseP50Ms"; of an import, the name of the benchmark. */
  readonly key: string;
  readonly label: string;
  readonly unit: string;
  /** null where nothing says which way is good. */
  readonly better: "low" | "high" | null;
  readonly value: number;
  /** Of its 95 % interval, where there is one. */
  readonly low?: number;
  readonly high?: number;
}

/** One run. */
export interface HistoryEntry {
  readonly schema: typeof HISTORY_ENTRY_SCHEMA;
  /** ISO 8601, UTC: when it ran, or where the source only knows the commit's date, that. */
  readonly at: string;
  /** null where the source does not say. */
  readonly commit: string | null;
  /** What was run: "ycsb-a", or of an import the name of the group of benchmarks. */
  readonly scenario: string;
  /** null of an import. */
  readonly driver: DriverName | null;
  /** Which site and store: "InProc, micro". */
  readonly label: string;
  /** "AMD EPYC, 2 cores, linux x64"; series of different machines are not put together. null where the source does not say. */
  readonly machine: string | null;
  /** Digest of the scenario's visitors, length and faults (setup-of.ts); absent in imports. */
  readonly setup?: string;
  readonly metrics: readonly HistoryMetric[];
}

/** One metric of one scenario, label and machine, in order of time. */
export interface HistorySeries {
  readonly scenario: string;
  readonly label: string;
  readonly machine: string | null;
  readonly key: string;
  readonly metricLabel: string;
  readonly unit: string;
  readonly better: "low" | "high" | null;
  /** Entries without this metric, or with others between, are gaps that are simply not there. */
  readonly points: readonly HistoryPoint[];
}

export interface HistoryPoint {
  readonly at: string;
  readonly commit: string | null;
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
}

/** A level that begins. */
export interface ChangePoint {
  /** Of the first point of the new level, from 0. */
  readonly index: number;
  /**
   * With 95 % of the chance the change came after `afterCommit` and at the latest with `byCommit`: of a clear step those of the point
   * before `index` and of `index`, of a small one farther apart.
   */
  readonly afterCommit: string | null;
  readonly byCommit: string | null;
  readonly at: string;
  /** Means of the levels before and after, outliers left out. */
  readonly before: number;
  readonly after: number;
  /** after / before − 1; null where before is 0. */
  readonly relative: number | null;
  readonly direction: "worse" | "better" | "unknown";
  readonly pValue: number;
}

export interface HistoryTrend {
  readonly series: HistorySeries;
  readonly changePoints: readonly ChangePoint[];
  /** Indexes of points that fit neither level beside them. */
  readonly outliers: readonly number[];
}
