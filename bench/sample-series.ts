// The time series of a measured run and the means over its measured part. A row holds the state when the worker answered, at the
// moment it answered: a host that is too busy to answer on time is not made to look regular.

import type { Counters, TimeSeries } from "../metrics/run-result.ts";
import type { HostSample } from "./host/process/host-control.ts";
import type { Tally } from "./ledger.ts";
import type { StoreState } from "./store-watch.ts";

/**
 * Counts are those since the row before. In process `stored` is its mean since then: read at the moment it would beat with the
 * sweeps; a store out of process is counted beside each sample.
 * Memory is what the sessions' store holds: in process the heap after a collection, null where none was made.
 */
const columnNames = [
  "stored",
  "live",
  "started",
  "refused",
  "expired",
  "abandoned",
  "lost",
  "requests",
  "completed",
  "failed",
  "memoryBytes",
  "rssBytes",
  "cpuShare",
  "loopDelayMs",
] as const;
type ColumnName = (typeof columnNames)[number];

export interface SampleSeries {
  /** @param store as counted beside the sample; null where the host keeps the sessions itself. */
  add(atScenarioMs: number, sample: HostSample, tally: Tally, store: StoreState | null): void;
  series(): TimeSeries;
  /** Over the rows after this moment of scenario time; null where there is none. */
  mean(column: ColumnName, fromMs: number): number | null;
  max(column: ColumnName, fromMs: number): number | null;
  /** The most sessions stored at any moment, not only when sampled. */
  storedMax(fromMs: number): number | null;
}

/** @param firstAtMs by machineClock, the moment of the counts that the first row goes on from. */
export function createSampleSeries(firstAtMs: number, first: Tally): SampleSeries {
  const atMs: number[] = [];
  const columns: Record<string, (number | null)[]> = Object.fromEntries(columnNames.map((name) => [name, []]));
  const peaks: (number | null)[] = [];
  let before = { atMs: firstAtMs, tally: first };

  function known(values: readonly (number | null)[], fromMs: number): number[] {
    return values.filter((value, row): value is number => value !== null && atMs[row] > fromMs);
  }

  return {
    add(atScenarioMs, sample, tally, store) {
      const since = (count: (counters: Counters) => number) => count(tally.counters) - count(before.tally.counters);
      const row: Record<ColumnName, number | null> = {
        stored: store === null ? meanStored(before, { atMs: sample.atMs, tally }) : (store.stored ?? sample.stored),
        live: store?.live ?? sample.live,
        started: since((counters) => counters.started),
        refused: since((counters) => counters.refused),
        expired: since((counters) => counters.expired),
        abandoned: since((counters) => counters.abandoned),
        lost: since((counters) => counters.lost),
        requests: since((counters) => counters.requests),
        completed: since((counters) => counters.completed),
        failed: since((counters) => counters.failed),
        memoryBytes: store === null ? (sample.collectedMs > 0 ? sample.heapUsedBytes : null) : store.bytes,
        rssBytes: sample.rssBytes,
        cpuShare: busyShare(before, { atMs: sample.atMs, tally }),
        loopDelayMs: sample.loopDelayMaxMs,
      };
      atMs.push(Math.round(atScenarioMs));
      for (const name of columnNames) columns[name].push(row[name]);
      peaks.push(store === null ? sample.storedMax : (store.stored ?? sample.stored));
      before = { atMs: sample.atMs, tally };
    },
    series: () => ({ atMs, columns }),
    mean(column, fromMs) {
      const values = known(columns[column], fromMs);
      return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
    },
    max: (column, fromMs) => maxOf(known(columns[column], fromMs)),
    storedMax: (fromMs) => maxOf(known(peaks, fromMs)),
  };
}

interface Reading {
  readonly atMs: number;
  readonly tally: Tally;
}

function meanStored(from: Reading, to: Reading): number | null {
  const [before, after] = [from.tally.storedSessionMs, to.tally.storedSessionMs];
  return before === null || after === null ? null : (after - before) / (to.atMs - from.atMs);
}

function busyShare(from: Reading, to: Reading): number | null {
  const [before, after] = [from.tally.hostCpuMs, to.tally.hostCpuMs];
  return before === null || after === null ? null : (after - before) / (to.atMs - from.atMs);
}

function maxOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((a, b) => Math.max(a, b));
}
