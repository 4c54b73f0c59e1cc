// A figure and its 95 % interval from the records of a run. Replications are independent of each other, so what each says of the figure
// goes into Student's t; of a single run, stretches of time take their place, in batches (batch-means.ts). A quotient is first made
// linear in what each part says (the delta method); a percentile goes by the share of values up to it (quantile-interval.ts). A share
// that was never seen is bounded by the number of tries (few-events.ts).
// Source: Law, Simulation Modeling and Analysis, 5th ed., 9.4 and 9.5.

import type { Scenario } from "../config/scenario.ts";
import { batchMeansInterval } from "./batch-means.ts";
import { meanInterval, meanOf } from "./confidence.ts";
import type { Interval } from "./estimate.ts";
import { withFewEvents } from "./few-events.ts";
import type { FigureKind, Part } from "./figures.ts";
import { countUpTo, createHistogram, type Histogram } from "./latency-histogram.ts";
import { quantileAlongTail, quantileAtShares } from "./quantile-interval.ts";
import { type HistogramName, histogramNames, type RunRecord } from "./run-record.ts";
import type { ClosedForm } from "./run-result.ts";

/** The histograms of all replications together; none where nothing was recorded. */
export type PooledHistograms = Readonly<Partial<Record<HistogramName, Histogram>>>;

export interface FigureEstimate {
  /** null where the run cannot know it. */
  readonly value: number | null;
  /** null where too little was seen for one. */
  readonly interval: Interval | null;
}

const LEVEL = 0.95;

/**
 * @param records of all replications, in the order of their numbers, or of the one run.
 * @param pooled as poolHistograms makes it.
 * @param form what a formula says of it: what cannot happen needs no bound for not having been seen.
 */
export function estimateFigure(
  kind: FigureKind,
  scenario: Scenario,
  records: readonly RunRecord[],
  pooled: PooledHistograms,
  form?: Pick<ClosedForm, "value" | "tolerance">,
): FigureEstimate {
  const value = figureValue(kind, scenario, records, pooled);
  if (value === null) return { value, interval: null };
  const varying =
    kind.percentile === undefined
      ? intervalOf(partsOf(kind, scenario, records), scenario, records.length)
      : percentileInterval(kind.percentile, value, scenario, records, pooled);
  const cannotHappen = value === 0 && form?.value === 0 && form.tolerance === undefined;
  const interval =
    kind.unit !== "share" || kind.ratio === undefined || cannotHappen
      ? varying
      : withFewEvents(varying, replicationParts(kind, scenario, records), LEVEL);
  // No figure is below 0; a symmetric interval does not know that.
  return { value, interval: within(interval, 0, kind.unit === "share" ? 1 : Number.POSITIVE_INFINITY) };
}

/**
 * What each replication says of a figure, such that their mean is its value. Of an antithetic pair, which is not two independent
 * replications, the mean.
 * @returns null where one of them cannot know it.
 */
export function replicationValues(
  kind: FigureKind,
  scenario: Scenario,
  records: readonly RunRecord[],
  pooled: PooledHistograms,
): readonly number[] | null {
  const value = figureValue(kind, scenario, records, pooled);
  if (value === null) return null;
  if (kind.percentile === undefined) return independent(linear(replicationParts(kind, scenario, records)), scenario);
  const each = records.map((record) => kind.of(record, scenario)).filter((one) => one !== null);
  if (each.length < records.length) return null;
  // A percentile of few values is off by more than one of many: only the differences between replications are theirs.
  const off = value - meanOf(each);
  return independent(
    each.map((one) => one + off),
    scenario,
  );
}

export function poolHistograms(records: readonly RunRecord[]): PooledHistograms {
  const pooled: Partial<Record<HistogramName, Histogram>> = {};
  for (const name of histogramNames) {
    const parts = records.flatMap(({ histograms }) => histograms[name] ?? []).filter((part) => part.totalCount > 0);
    if (parts.length === 0) continue;
    const whole = createHistogram();
    for (const part of parts) whole.add(part);
    pooled[name] = whole;
  }
  return pooled;
}

function figureValue(kind: FigureKind, scenario: Scenario, records: readonly RunRecord[], pooled: PooledHistograms) {
  if (kind.percentile !== undefined) return kind.of({ ...records[0], histograms: pooled }, scenario);
  const values = records.map((record) => kind.of(record, scenario));
  const known = values.filter((value) => value !== null);
  if (kind.ratio !== undefined && known.length > 0) return quotientOf(replicationParts(kind, scenario, records));
  return known.length === values.length ? meanOf(known) : null;
}

/** The parts that an interval is made of: replications, or stretches of the only one. */
function partsOf(kind: FigureKind, scenario: Scenario, records: readonly RunRecord[]): readonly Part[] {
  if (records.length > 1) return replicationParts(kind, scenario, records);
  const { ofResponses } = kind;
  if (ofResponses !== undefined) return records[0].responseIntervals.map(({ histogram }) => ofResponses(histogram));
  return columnParts(kind, records[0], scenario.run.warmupMs);
}

function replicationParts({ ratio, of }: FigureKind, scenario: Scenario, records: readonly RunRecord[]) {
  return records.map((record): Part => ratio?.(record) ?? { part: of(record, scenario) ?? 0, whole: 1 });
}

function columnParts({ column, perColumn }: FigureKind, { series }: RunRecord, warmupMs: number): readonly Part[] {
  const values = series.columns[column ?? ""] ?? [];
  return values.flatMap((part, i) => {
    if (part === null || series.atMs[i] <= warmupMs) return [];
    const whole = perColumn?.reduce((sum, name) => sum + (series.columns[name]?.[i] ?? 0), 0);
    return [{ part, whole: whole ?? 1 }];
  });
}

function quotientOf(parts: readonly Part[]): number {
  return parts.reduce((sum, { part }) => sum + part, 0) / parts.reduce((sum, { whole }) => sum + whole, 0);
}

/** Numbers whose mean is the quotient of the sums, and which vary as the parts make the quotient vary. */
function linear(parts: readonly Part[]): readonly number[] {
  const quotient = quotientOf(parts);
  const wholeMean = meanOf(parts.map(({ whole }) => whole));
  return parts.map(({ part, whole }) => quotient + (part - quotient * whole) / wholeMean);
}

/** One number for each antithetic pair; a last replication without its twin is left out. */
function independent(values: readonly number[], { run }: Scenario): readonly number[] {
  if (run.antithetic !== true) return values;
  return Array.from({ length: values.length >> 1 }, (_, i) => (values[2 * i] + values[2 * i + 1]) / 2);
}

function intervalOf(parts: readonly Part[], scenario: Scenario, replications: number): Interval | null {
  // A stretch in which nothing happened tells nothing; a quotient of nothing is none.
  const telling = parts.filter(({ whole }) => whole > 0);
  if (telling.length === 0) return null;
  if (replications === 1) return batchMeansInterval(linear(telling), LEVEL);
  const values = independent(linear(parts), scenario);
  const of = scenario.run.antithetic === true ? "antithetic pairs" : "replications";
  return meanInterval(values, LEVEL, `95 %, Student's t over ${values.length} ${of}`);
}

function percentileInterval(
  { histogram: name, at }: NonNullable<FigureKind["percentile"]>,
  valueMs: number,
  scenario: Scenario,
  records: readonly RunRecord[],
  pooled: PooledHistograms,
): Interval | null {
  const whole = pooled[name];
  const single = records.length === 1;
  if (whole === undefined || (single && name !== "response")) return null;
  const histograms = single
    ? records[0].responseIntervals.map(({ histogram }) => histogram)
    : records.map(({ histograms }) => histograms[name]);
  const parts = histograms.map((histogram) => upTo(histogram, valueMs));
  const shares = intervalOf(parts, scenario, records.length);
  if (shares === null) return null;
  return (single ? quantileAlongTail : quantileAtShares)(whole, at / 100, quotientOf(parts), shares);
}

function upTo(histogram: Histogram | undefined, valueMs: number): Part {
  if (histogram === undefined) return { part: 0, whole: 0 };
  return { part: countUpTo(histogram, valueMs), whole: histogram.totalCount };
}

function within(interval: Interval | null, low: number, high: number): Interval | null {
  if (interval === null) return null;
  return { ...interval, low: Math.max(low, interval.low), high: Math.min(high, interval.high) };
}
