// What a journey driver has counted and measured, as plain data that crosses from one process to another, and the sum of several:
// exact, for histograms add up bucket for bucket.

import { mergeIntervals } from "../../metrics/interval-histograms.ts";
import { createHistogram, decodeHistogram, encodeHistogram } from "../../metrics/latency-histogram.ts";
import { mergeOutcomes, type OutcomeSlots } from "../../metrics/outcome-slots.ts";
import type { HistogramInterval, HistogramJson } from "../../metrics/run-result.ts";
import { journeyHistograms, type VisitCounts } from "../drivers/journeys/journey-record.ts";
import type { JourneyDriver } from "../drivers/journeys/journeys.ts";

type HistogramName = (typeof journeyHistograms)[number];

export interface DriverRecord {
  readonly counts: VisitCounts;
  readonly histograms: Readonly<Record<HistogramName, HistogramJson>>;
  readonly responseIntervals: readonly HistogramInterval[];
  readonly outcomes: OutcomeSlots;
}

/** All of a driver but what makes it go. */
export type Measured = Pick<JourneyDriver, "counts" | "histograms" | "responseIntervals" | "outcomes">;

/** As plain data, to cross into another process without loss. */
export function writeDriver({ counts, histograms, responseIntervals, outcomes }: Measured): DriverRecord {
  return {
    counts,
    histograms: eachHistogram((name) => encodeHistogram(histograms[name])),
    responseIntervals: responseIntervals.map((interval) => ({
      ...interval,
      histogram: encodeHistogram(interval.histogram),
    })),
    outcomes,
  };
}

/**
 * As if one driver had sent what these have sent.
 * @param records of one run, so that they have the same intervals; none: nothing was sent.
 */
export function mergeDrivers(records: readonly DriverRecord[]): Measured {
  return {
    counts: mergeCounts(records.map(({ counts }) => counts)),
    histograms: eachHistogram((name) => {
      const whole = createHistogram();
      for (const { histograms } of records) whole.add(decodeHistogram(histograms[name]));
      return whole;
    }),
    responseIntervals:
      records.length === 0
        ? []
        : mergeIntervals(
            records.map(({ responseIntervals }) =>
              responseIntervals.map((interval) => ({ ...interval, histogram: decodeHistogram(interval.histogram) })),
            ),
          ),
    outcomes: mergeOutcomes(records.map(({ outcomes }) => outcomes)),
  };
}

/** Added up, failures by their kind. @param all none: all zero. */
export function mergeCounts(all: readonly VisitCounts[]): VisitCounts {
  const sum = (of: (counts: VisitCounts) => number) => all.reduce((total, counts) => total + of(counts), 0);
  const failures: Record<string, number> = {};
  for (const counts of all) {
    for (const [kind, count] of Object.entries(counts.failures)) failures[kind] = (failures[kind] ?? 0) + count;
  }
  return {
    visits: sum(({ visits }) => visits),
    requests: sum(({ requests }) => requests),
    completed: sum(({ completed }) => completed),
    failed: sum(({ failed }) => failed),
    failures,
    refusedSeen: sum(({ refusedSeen }) => refusedSeen),
    redirects: sum(({ redirects }) => redirects),
    cut: sum(({ cut }) => cut),
    lateStarts: sum(({ lateStarts }) => lateStarts),
  };
}

function eachHistogram<T>(of: (name: HistogramName) => T): Record<HistogramName, T> {
  const [response, service, lockWait, startLag] = journeyHistograms.map(of);
  return { response, service, lockWait, startLag };
}
