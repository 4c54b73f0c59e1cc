// Response times over time as cells: stretches of the run by logarithmic steps of latency, each with its share of the requests that
// were due in the stretch. What a mean hides, two clouds where one was expected or a stall that a few met, is seen here.

import { decodeHistogram, percentileMs, percentileSupported, recordedValues } from "../metrics/latency-histogram.ts";
import type { RunResult } from "../metrics/run-result.ts";
import { type CsvValue, csvText } from "./csv.ts";
import { runNames } from "./report-file.ts";

export interface HeatStretch {
  readonly fromMs: number;
  readonly toMs: number;
  /** 0: nobody was answered, or nobody came. */
  readonly requests: number;
  /** Of those requests, one share for each step of latency. */
  readonly shares: readonly number[];
  readonly p50Ms: number | null;
  /** null where too few were answered to tell. */
  readonly upperMs: number | null;
}

export interface HeatMap {
  /** Place of the result in the report. */
  readonly index: number;
  readonly stretches: readonly HeatStretch[];
}

export interface HeatMaps {
  /** Bounds of the steps of latency, rising; one more than there are steps. The same in all maps. */
  readonly edgesMs: readonly number[];
  /** What `upperMs` is: 99 where most stretches of every result have requests enough for it, else 90; null where none has for that. */
  readonly upperPercentile: 99 | 90 | null;
  readonly maps: readonly HeatMap[];
}

const STEPS_MAX = 26;
/** Steps a decade, finest first: an eighth of a decade is a third more. */
const stepsPerDecade = [12, 8, 6, 4, 3, 2, 1] as const;
/** Below so little nobody waits for anything. */
const LEAST_MS = 0.01;

/** null where no result has response times over time. */
export function heatMaps(results: readonly RunResult[]): HeatMaps | null {
  const runs = results.flatMap(({ responseIntervals, endedAtMs }, index) => {
    const stretches = responseIntervals
      .filter(({ fromMs, histogram }) => fromMs < endedAtMs || histogram.count > 0)
      .map(({ fromMs, toMs, histogram }) => ({ fromMs, toMs, histogram: decodeHistogram(histogram) }));
    return stretches.some(({ histogram }) => histogram.totalCount > 0) ? [{ index, stretches }] : [];
  });
  if (runs.length === 0) return null;
  const filled = runs.map(({ stretches }) => stretches.filter(({ histogram }) => histogram.totalCount > 0));
  const supported = filled.map((stretches) => {
    const counts = stretches.map(({ histogram }) => histogram.totalCount).sort((a, b) => a - b);
    return percentileSupported(counts[Math.floor(counts.length / 2)]!);
  });
  const most = Math.max(...filled.flat().map(({ histogram }) => percentileSupported(histogram.totalCount)));
  const upperPercentile = Math.min(...supported) >= 99 ? 99 : most >= 90 ? 90 : null;
  const slowestMs = Math.max(...filled.flat().map(({ histogram }) => histogram.maxValue / US_PER_MS));
  // A stray quick one would stretch the axis for everybody: the lowest step takes what lies below it.
  const quickestMs = Math.min(...filled.flat().map(({ histogram }) => percentileMs(histogram, 1)!));
  const edgesMs = edgesBetween(Math.max(LEAST_MS, quickestMs), Math.max(LEAST_MS * 2, slowestMs));
  return {
    edgesMs,
    upperPercentile,
    maps: runs.map(({ index, stretches }) => ({
      index,
      stretches: stretches.map(({ fromMs, toMs, histogram }) => {
        const requests = histogram.totalCount;
        const counts = edgesMs.slice(1).map(() => 0);
        for (const { us, count } of requests === 0 ? [] : recordedValues(histogram)) {
          counts[stepOf(us / US_PER_MS, edgesMs)]! += count;
        }
        return {
          fromMs,
          toMs,
          requests,
          shares: counts.map((count) => (requests === 0 ? 0 : count / requests)),
          p50Ms: percentileMs(histogram, 50),
          upperMs:
            upperPercentile === null || percentileSupported(requests) < upperPercentile
              ? null
              : percentileMs(histogram, upperPercentile),
        };
      }),
    })),
  };
}

const US_PER_MS = 1000;

/** Whole steps of a decade that hold both ends, as fine as there may be steps. */
function edgesBetween(lowMs: number, highMs: number): readonly number[] {
  for (const perDecade of stepsPerDecade) {
    const from = Math.floor(Math.log10(lowMs) * perDecade);
    const to = Math.floor(Math.log10(highMs) * perDecade) + 1;
    if (to - from > STEPS_MAX && perDecade > 1) continue;
    return Array.from({ length: to - from + 1 }, (_, step) => 10 ** ((from + step) / perDecade));
  }
  return [lowMs, highMs];
}

function stepOf(ms: number, edgesMs: readonly number[]): number {
  const above = edgesMs.findIndex((edgeMs) => edgeMs > ms);
  return above === -1 ? edgesMs.length - 2 : Math.max(0, above - 1);
}

/** A row a stretch: how many were answered, and how long that took. */
export function latencyOverTimeCsv(results: readonly RunResult[]): string {
  const names = runNames(results);
  const rows = results.flatMap(({ responseIntervals }, index) =>
    responseIntervals.map(({ fromMs, toMs, histogram: json }): readonly CsvValue[] => {
      const histogram = decodeHistogram(json);
      const at = (percentile: number) =>
        percentileSupported(json.count) < percentile ? null : percentileMs(histogram, percentile);
      return [
        names[index]!,
        fromMs,
        toMs,
        json.count,
        at(50),
        at(90),
        at(99),
        json.count === 0 ? null : histogram.maxValue / US_PER_MS,
      ];
    }),
  );
  return csvText([["run", "fromMs", "toMs", "requests", "p50Ms", "p90Ms", "p99Ms", "maxMs"], ...rows]);
}
