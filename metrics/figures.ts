// The figures of a run: one list of names, units and sums, so that both worlds are described, compared and judged alike.

import type { Scenario } from "../config/scenario.ts";
import { type Histogram, meanMs, percentileMs, valuesNeeded } from "./latency-histogram.ts";
import type { HistogramName, RunRecord } from "./run-record.ts";
import type { Counters } from "./run-result.ts";
import { studyFigures } from "./study-figures.ts";

export interface FigureKind {
  readonly key: string;
  readonly label: string;
  readonly unit: string;
  /** null where this run cannot know it. */
  readonly of: (record: RunRecord, scenario: Scenario) => number | null;
  /** A quotient of two sums over the run: replications add up part by part, so that a long one counts for more than a short one. */
  readonly ratio?: (record: RunRecord) => Part;
  /** A percentile of a histogram: where single replications have too few values, all of them together may have enough. */
  readonly percentile?: { readonly histogram: HistogramName; readonly at: number };
  /** The column of the time series whose batches give an interval when there is only one run; for a share, over what. */
  readonly column?: string;
  readonly perColumn?: readonly string[];
  /** The same from the response times of one stretch. */
  readonly ofResponses?: (responses: Histogram) => Part;
}

/** What one part of a run adds to the two sums of a quotient. */
export interface Part {
  readonly part: number;
  readonly whole: number;
}

const perSecond = (count: (counters: Counters) => number) => (record: RunRecord) =>
  record.measuredMs > 0 ? (count(record.measured) * 1000) / record.measuredMs : null;

type RatioFigure = Pick<FigureKind, "of" | "ratio">;

const quotient = (ratio: (record: RunRecord) => Part): RatioFigure => ({
  of(record) {
    const { part, whole } = ratio(record);
    return whole > 0 ? part / whole : null;
  },
  ratio,
});

const share = (part: (counters: Counters) => number, whole: (counters: Counters) => number): RatioFigure =>
  quotient(({ measured }) => ({ part: part(measured), whole: whole(measured) }));

const sumOf = (histogram: Histogram): Part => ({
  part: (meanMs(histogram) ?? 0) * histogram.totalCount,
  whole: histogram.totalCount,
});

/** A percentile with fewer than ten values beyond it is luck, not a figure; the median is told of any. */
const percentile = (name: HistogramName, at: number): Pick<FigureKind, "of" | "percentile"> => ({
  of(record) {
    const histogram = record.histograms[name];
    if (histogram === undefined || (at > 50 && histogram.totalCount < valuesNeeded(at))) return null;
    return percentileMs(histogram, at);
  },
  percentile: { histogram: name, at },
});

/** Of the requests that began. In a stretch hardly longer than a request, more may fail or wait than begin: those are all there were. */
const shareOfRequests = (part: (counters: Counters) => number) =>
  share(part, (counters) => Math.max(counters.requests, part(counters)));

const lockWaitShare = shareOfRequests((counters) => counters.lockWaits);

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
    ...share(
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
    ...share(
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
    ...shareOfRequests((counters) => counters.failed),
  },
  {
    key: "storeCallsPerRequest",
    label: "Store calls a request",
    unit: "",
    ...share(callsTotal, (counters) => counters.requests),
  },
  {
    key: "lockWaitShare",
    label: "Requests that waited for a lock",
    unit: "share",
    ...lockWaitShare,
    of: (record, scenario) => (scenario.run.fidelity === "population" ? null : lockWaitShare.of(record, scenario)),
  },
  {
    key: "responseMeanMs",
    label: "Response time, mean",
    unit: "ms",
    ...quotient(({ histograms: { response } }) => (response === undefined ? { part: 0, whole: 0 } : sumOf(response))),
    ofResponses: sumOf,
  },
  { key: "responseP50Ms", label: "Response time, p50", unit: "ms", ...percentile("response", 50) },
  { key: "responseP90Ms", label: "Response time, p90", unit: "ms", ...percentile("response", 90) },
  { key: "responseP95Ms", label: "Response time, p95", unit: "ms", ...percentile("response", 95) },
  { key: "responseP99Ms", label: "Response time, p99", unit: "ms", ...percentile("response", 99) },
  { key: "responseP999Ms", label: "Response time, p99.9", unit: "ms", ...percentile("response", 99.9) },
  { key: "serviceP50Ms", label: "Service time, p50", unit: "ms", ...percentile("service", 50) },
  { key: "serviceP99Ms", label: "Service time, p99", unit: "ms", ...percentile("service", 99) },
  {
    key: "lockWaitP99Ms",
    label: "Wait for a lock, p99 of those who wait",
    unit: "ms",
    ...percentile("lockWait", 99),
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

/** The keys that a precision may be asked of. */
export const simulatedFigureKeys: readonly string[] = figureKinds.map(({ key }) => key);
/** Those of them that take requests with times of their own: the population model has none. */
export const requestFigureKeys: readonly string[] = [
  ...figureKinds.filter(({ unit }) => unit === "ms").map(({ key }) => key),
  "lockWaitShare",
  "coreUtilisation",
  "storeUtilisation",
];
/** The keys that a target may name. */
export const targetFigureKeys: readonly string[] = [...simulatedFigureKeys, ...Object.keys(studyFigures)];
