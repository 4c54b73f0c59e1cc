// Trends for the tests of the page of a history: steps planted at known runs, in numbers that are the same every time.

import type { ChangePoint, HistoryTrend } from "../../../metrics/history/history.ts";

export interface TrendOptions {
  readonly label?: string;
  readonly unit?: string;
  readonly better?: "low" | "high" | null;
  readonly runs?: number;
  /** Of the first level. */
  readonly value?: number;
  /** From the run of that index on, the level times so much. */
  readonly steps?: readonly { readonly index: number; readonly factor: number }[];
  /** Runs at so many times their level. */
  readonly outliers?: readonly { readonly index: number; readonly factor: number }[];
  readonly withIntervals?: boolean;
  readonly withCommits?: boolean;
  readonly daysApart?: number;
}

export function makeTrend({
  label = "Response time, p50",
  unit = "ms",
  better = "low",
  runs = 120,
  value = 4,
  steps = [],
  outliers = [],
  withIntervals = true,
  withCommits = true,
  daysApart = 1,
}: TrendOptions = {}): HistoryTrend {
  const levelAt = (index: number) =>
    steps.reduce((level, step) => (index >= step.index ? level * step.factor : level), value);
  const at = (index: number) => new Date(Date.UTC(2026, 0, 3, 12) + index * daysApart * 86_400_000).toISOString();
  const commit = (index: number) => (withCommits ? commitOf(index) : null);
  const points = Array.from({ length: runs }, (_, index) => {
    const stray = outliers.find((outlier) => outlier.index === index)?.factor ?? 1;
    const run = levelAt(index) * stray * (1 + 0.04 * (((43_758.5453 * Math.sin(12.9898 * index)) % 0.5) + 0.1));
    return {
      at: at(index),
      commit: commit(index),
      value: run,
      ...(withIntervals ? { low: run * 0.985, high: run * 1.015 } : {}),
    };
  });
  const changePoints = steps.map(({ index, factor }): ChangePoint => {
    const rises = factor > 1;
    return {
      index,
      afterCommit: commit(index - 1),
      byCommit: commit(index),
      at: at(index),
      before: levelAt(index - 1),
      after: levelAt(index),
      relative: factor - 1,
      direction: better === null ? "unknown" : rises === (better === "low") ? "worse" : "better",
      pValue: 0.0009,
    };
  });
  return {
    series: {
      scenario: "ycsb-a",
      label: "InProc, micro",
      machine: "Example CPU, 2 cores, linux x64",
      key: label,
      metricLabel: label,
      unit,
      better,
      points,
    },
    changePoints,
    outliers: outliers.map(({ index }) => index),
  };
}

export function commitOf(index: number): string {
  return (index + 1).toString(16).padStart(4, "0").repeat(10);
}

/** Each kind of change, a series of many runs and changes, and metrics that never changed. */
export const trends: readonly HistoryTrend[] = [
  makeTrend({ steps: [{ index: 60, factor: 1.12 }], outliers: [{ index: 20, factor: 1.4 }] }),
  makeTrend({
    label: "Requests at saturation",
    unit: "/s",
    better: "high",
    value: 12_400,
    steps: [
      { index: 40, factor: 1.2 },
      { index: 60, factor: 0.86 },
      { index: 64, factor: 1.09 },
      { index: 117, factor: 0.95 },
    ],
    outliers: [{ index: 90, factor: 0.02 }],
    withIntervals: false,
  }),
  makeTrend({ label: "Memory of one session", unit: "bytes", value: 5200, steps: [{ index: 2, factor: 0.9 }] }),
  makeTrend({
    label: "getItem, 4 KiB, mean",
    value: 0.04,
    runs: 5000,
    daysApart: 0.1,
    steps: Array.from({ length: 12 }, (_, step) => ({ index: 400 * (step + 1), factor: step % 2 === 0 ? 1.1 : 0.92 })),
    outliers: [
      { index: 777, factor: 1.3 },
      { index: 3000, factor: 9 },
    ],
  }),
  makeTrend({
    label: "Visits",
    unit: "/s",
    better: null,
    value: 50,
    runs: 30,
    withCommits: false,
    daysApart: 0.01,
    steps: [{ index: 15, factor: 1.5 }],
  }),
  ...["Service time, p50", "Service time, p99", "Requests refused", "Longest lock wait", "Bytes of a cookie"].map(
    (label, place) =>
      makeTrend({ label, value: 3 + 40 * place, unit: place === 2 ? "share" : place === 4 ? "bytes" : "ms" }),
  ),
  makeTrend({ label: "Ran once", runs: 1 }),
  makeTrend({ label: "Always nothing", unit: "", value: 0, runs: 9 }),
];
