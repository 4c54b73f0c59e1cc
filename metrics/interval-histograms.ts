// Response times by when the request was due: equal stretches of the measured part, a histogram each, so that a report can show how
// latency went over time and add any of them up again without loss.

import { createHistogram, type Histogram, recordMs } from "./latency-histogram.ts";

export interface ResponseInterval {
  /** Scenario time. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly histogram: Histogram;
}

export interface IntervalHistograms {
  /** @param dueAtMs scenario time within the measured part; its very end counts to the last stretch. */
  record(dueAtMs: number, latencyMs: number): void;
  intervals(): readonly ResponseInterval[];
}

/** As many as a chart a page wide can show apart. */
const INTERVALS = 60;
/** Most latencies are below it; a histogram that meets a longer one grows. */
const LATENCY_MS_EXPECTED = 100;

/** @param fromMs, toMs the measured part, scenario time. */
export function createIntervalHistograms(fromMs: number, toMs: number): IntervalHistograms {
  const lengthMs = (toMs - fromMs) / INTERVALS;
  // Made when needed: a histogram takes some 30 KB, and many a run records nothing.
  const histograms: Histogram[] = [];
  const histogramOf = (index: number) => {
    histograms[index] ??= createHistogram(LATENCY_MS_EXPECTED);
    return histograms[index];
  };
  return {
    intervals: () =>
      Array.from({ length: INTERVALS }, (_, i) => ({
        fromMs: fromMs + i * lengthMs,
        toMs: fromMs + (i + 1) * lengthMs,
        histogram: histogramOf(i),
      })),
    record(dueAtMs, latencyMs) {
      const index = Math.min(INTERVALS - 1, Math.max(0, Math.floor((dueAtMs - fromMs) / lengthMs)));
      recordMs(histogramOf(index), latencyMs);
    },
  };
}

/** The same stretches of several records added up; empty when one of them has none. */
export function mergeIntervals(all: readonly (readonly ResponseInterval[])[]): readonly ResponseInterval[] {
  const stretches = all.some((intervals) => intervals.length === 0) ? [] : all[0];
  return stretches.map(({ fromMs, toMs }, i) => {
    const histogram = createHistogram();
    for (const intervals of all) histogram.add(intervals[i].histogram);
    return { fromMs, toMs, histogram };
  });
}

/** All stretches together. */
export function wholeOf(intervals: readonly ResponseInterval[]): Histogram {
  const whole = createHistogram();
  for (const { histogram } of intervals) whole.add(histogram);
  return whole;
}
