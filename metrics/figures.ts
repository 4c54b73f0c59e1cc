// The figures of a run: one list of names, units and sums, so that both worlds are described, compared and judged alike.

import type { Scenario } from "../config/scenario.ts";
import { meanMs, percentileMs, percentileSupported } from "./latency-histogram.ts";
import type { RunRecord } from "./run-record.ts";
import type { Counters } from "./run-result.ts";
import { studyFigures } from "./study-figures.ts";

export interface FigureKind {
  readonly key: string;
  readonly label: string;
  readonly unit: string;
  /** null where this run cannot know it. */
  readonly of: (record: RunRecord, scenario: Scenario) => number | null;
  /** Where single replications have too few values, all of them together may have enough. */
  readonly pools?: true;
  /** The column of the time series whose batches give an interval when there is only one run; for a share, over what. */
  readonly column?: string;
  readonly perColumn?: readonly string[];
}

const perSecond = (count: (counters: Counters) => number) => (record: RunRecord) =>
  record.measuredMs > 0 ? (count(record.measured) * 1000) / record.measuredMs : null;

const share = (part: (counters: Counters) => number, whole: (counters: Counters) => number) => (record: RunRecord) =>
  whole(record.measured) > 0 ? part(record.measured) / whole(record.measured) : null;

/** A percentile with fewer than ten values beyond it is luck, not a figure. */
const percentile = (name: "response" | "service" | "lockWait" | "startLag", at: number) => (record: RunRecord) => {
  const histogram = record.histograms[name];
  if (histogram === undefined || percentileSupported(histogram.totalCount) < at) return null;
  return percentileMs(histogram, at);
};

const seconds = (valueMs: number | null) => (valueMs === null ? null : valueMs / 1000);
const callsTotal = (counters: Counters) => Object.values(counters.storeCalls).reduce((sum, count) => sum + count, 0);

export const figureKinds: readonly FigureKind[] = [
  {
    key: "storedSessionsMean",
    label: "Stored sessions, mean",
    unit: "",
    of: (record) => record.observations.storedSessionsMean,
    column: "stored",
  },
  {
    key: "storedSessionsMax",
    label: "Stored sessions, highest",
    unit: "",
    of: (record) => record.observations.storedSessionsMax,
  },
  {
    key: "liveSessionsMean",
    label: "Live sessions, mean",
    unit: "",
    of: (record) => record.observations.liveSessionsMean,
    column: "live",
  },
  {
    key: "refusedShare",
    label: "New sessions refused",
    unit: "share",
    of: share(
      (counters) => counters.refused,
      (counters) => counters.arrivals,
    ),
    column: "refused",
    perColumn: ["started", "refused"],
  },
  {
    key: "lostShare",
    label: "Sessions lost with a process",
    unit: "share",
    // Of all that were stored at any moment of the measured part, those already there when it began among them.
    of: share(
      (counters) => counters.lost,
      (counters) => counters.stored + counters.expired + counters.abandoned + counters.lost,
    ),
  },
  {
    key: "sessionLifetimeMeanSeconds",
    label: "Session lifetime, start to removal, mean",
    unit: "s",
    of: (record) => seconds(record.observations.sessionLifetimeMeanMs),
  },
  {
    key: "memoryMeanBytes",
    label: "Memory, mean",
    unit: "bytes",
    of: (record) => record.observations.memoryMeanBytes,
    column: "memoryBytes",
  },
  {
    key: "memoryMaxBytes",
    label: "Memory, highest",
    unit: "bytes",
    of: (record) => record.observations.memoryMaxBytes,
  },
  { key: "visitsPerSecond", label: "Visits", unit: "/s", of: perSecond((counters) => counters.visits) },
  {
    key: "sessionsPerSecond",
    label: "Sessions started",
    unit: "/s",
    of: perSecond((counters) => counters.started),
  },
  { key: "requestsPerSecond", label: "Requests", unit: "/s", of: perSecond((counters) => counters.requests) },
  {
    key: "failedShare",
    label: "Requests failed",
    unit: "share",
    of: share(
      (counters) => counters.failed,
      (counters) => counters.requests,
    ),
  },
  {
    key: "storeCallsPerRequest",
    label: "Store calls a request",
    unit: "",
    of: share(callsTotal, (counters) => counters.requests),
  },
  {
    key: "lockWaitShare",
    label: "Requests that waited for a lock",
    unit: "share",
    of: (record, scenario) =>
      scenario.run.fidelity === "population"
        ? null
        : share(
            (counters) => counters.lockWaits,
            (counters) => counters.requests,
          )(record),
  },
  {
    key: "responseMeanMs",
    label: "Response time, mean",
    unit: "ms",
    of: (record) => (record.histograms.response === undefined ? null : meanMs(record.histograms.response)),
  },
  { key: "responseP50Ms", label: "Response time, p50", unit: "ms", of: percentile("response", 50), pools: true },
  { key: "responseP90Ms", label: "Response time, p90", unit: "ms", of: percentile("response", 90), pools: true },
  { key: "responseP99Ms", label: "Response time, p99", unit: "ms", of: percentile("response", 99), pools: true },
  { key: "responseP999Ms", label: "Response time, p99.9", unit: "ms", of: percentile("response", 99.9), pools: true },
  { key: "serviceP50Ms", label: "Service time, p50", unit: "ms", of: percentile("service", 50), pools: true },
  { key: "serviceP99Ms", label: "Service time, p99", unit: "ms", of: percentile("service", 99), pools: true },
  {
    key: "lockWaitP99Ms",
    label: "Wait for a lock, p99 of those who wait",
    unit: "ms",
    of: percentile("lockWait", 99),
    pools: true,
  },
  {
    key: "coreUtilisation",
    label: "Web cores busy",
    unit: "share",
    of: (record) => record.observations.coreUtilisation,
  },
  {
    key: "storeUtilisation",
    label: "Store busy",
    unit: "share",
    of: (record) => record.observations.storeUtilisation,
  },
];

/** The keys that a target may name. */
export const targetFigureKeys: readonly string[] = [...figureKinds.map(({ key }) => key), ...Object.keys(studyFigures)];
