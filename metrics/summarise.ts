// From records to a RunResult: figures with intervals, closed forms beside them, targets judged, the laws of conservation checked.
// Both worlds come through here, which is why their results can be compared.

import { assert } from "../config/assert.ts";
import { maskStore } from "../config/mask-settings.ts";
import type { Scenario, Target } from "../config/scenario.ts";
import type { Settings } from "../config/session-settings.ts";
import { batchMeans, meanInterval, meanOf } from "./confidence.ts";
import { type FigureKind, figureKinds } from "./figures.ts";
import { mergeIntervals, type ResponseInterval } from "./interval-histograms.ts";
import { createHistogram, encodeHistogram, type Histogram, percentileSupported } from "./latency-histogram.ts";
import { addCounters, type HistogramName, histogramNames, type RunRecord } from "./run-record.ts";
import type {
  Audit,
  ClosedForm,
  Counters,
  Environment,
  Figure,
  GeneratorAudit,
  HistogramInterval,
  HistogramJson,
  Interval,
  RunResult,
  TargetVerdict,
  TimeSeries,
} from "./run-result.ts";
import { RUN_RESULT_SCHEMA } from "./run-result.ts";

export interface SummaryInput {
  readonly kind: RunResult["kind"];
  /** Short name of what ran; left out, the mode and its store. */
  readonly label?: string;
  readonly scenario: Scenario;
  /** Engine and version of the store that was driven; null where there was none to name. */
  readonly store: string | null;
  readonly settings: Settings | null;
  readonly command: string;
  /** One a replication; a bench has one. */
  readonly records: readonly RunRecord[];
  readonly complete: boolean;
  /** Formulas that apply to this scenario, by figure key. */
  readonly closedForms: Readonly<Record<string, ClosedForm>>;
  readonly auditVerdict: Audit["verdict"];
  readonly auditFindings: readonly string[];
  /** Left out: null. */
  readonly auditGenerator?: GeneratorAudit | null;
  readonly environment: Environment;
}

const BATCHES = 10;

export function summarise(input: SummaryInput): RunResult {
  const { records, scenario } = input;
  assert(records.length > 0, "there is at least one record");
  for (const record of records) assertConserved(record.counters);
  const whole = mergeHistograms(records);
  const histograms: Record<string, HistogramJson> = {};
  for (const [name, histogram] of Object.entries(whole)) histograms[name] = encodeHistogram(histogram);
  const figures = figureKinds.map((kind) => figureOf(kind, input, { ...records[0], histograms: whole }));
  return {
    schema: RUN_RESULT_SCHEMA,
    kind: input.kind,
    driver: "journeys",
    label: `${input.label ?? labelOf(scenario, input.store)}, ${input.kind}`,
    store: input.store,
    scenario: maskStore(scenario),
    settings: input.settings,
    seed: scenario.run.seed,
    command: input.command,
    complete: input.complete,
    endedAtMs: Math.max(...records.map((record) => record.endedAtMs)),
    counters: records.map((record) => record.counters).reduce(addCounters),
    measured: records.map((record) => record.measured).reduce(addCounters),
    series: meanSeries(records.map((record) => record.series)),
    histograms,
    responseIntervals: mergeIntervals(records.map((record) => record.responseIntervals)).map(encodeInterval),
    faults: records.flatMap((record) => record.faults),
    study: null,
    figures,
    targets: scenario.targets.map((target) => judge(target, figures)),
    audit: {
      verdict: input.auditVerdict,
      findings: input.auditFindings,
      percentileMax: whole.response === undefined ? 0 : percentileSupported(whole.response.totalCount),
      generator: input.auditGenerator ?? null,
    },
    environment: input.environment,
  };
}

/** "InProc", "SQLServer on PostgreSQL 18.4". */
export function labelOf({ site }: Scenario, store: string | null): string {
  return `${site.mode}${store === null ? "" : ` on ${store}`}`;
}

function encodeInterval({ fromMs, toMs, histogram }: ResponseInterval): HistogramInterval {
  return { fromMs, toMs, histogram: encodeHistogram(histogram) };
}

/** The two sums that hold in every run (ARCHITECTURE.md, Words). A failure is a bug in us. */
export function assertConserved(counters: Counters): void {
  const { arrivals, started, refused, stored, expired, abandoned, lost } = counters;
  assert(arrivals === started + refused, `arrivals ${arrivals} = started ${started} + refused ${refused}`);
  assert(
    started === stored + expired + abandoned + lost,
    `started ${started} = stored ${stored} + expired ${expired} + abandoned ${abandoned} + lost ${lost}`,
  );
  for (const count of [refused, stored, expired, abandoned, lost]) assert(count >= 0, "a count is not negative");
}

/** @param pooled a record with the histograms of all replications together. */
function figureOf(kind: FigureKind, input: SummaryInput, pooled: RunRecord): Figure {
  const values = input.records.map((record) => kind.of(record, input.scenario));
  const known = values.filter((value) => value !== null);
  const inEach = known.length === values.length;
  const value = inEach ? meanOf(known) : kind.pools === true ? kind.of(pooled, input.scenario) : null;
  const interval = inEach ? intervalOf(kind, input, known) : null;
  const closedForm = input.closedForms[kind.key];
  return {
    key: kind.key,
    label: kind.label,
    unit: kind.unit,
    value,
    ...(interval === null ? {} : { interval }),
    ...(closedForm === undefined ? {} : { closedForm }),
  };
}

function intervalOf(kind: FigureKind, input: SummaryInput, values: readonly number[]): Interval | null {
  if (values.length > 1) return meanInterval(values, 0.95, `95 %, Student's t over ${values.length} replications`);
  if (kind.column === undefined) return null;
  const batches = batchesOf(kind, input.records[0].series, input.scenario.run.warmupMs);
  return batches.length < BATCHES ? null : meanInterval(batches, 0.95, `95 %, ${BATCHES} batch means of one run`);
}

function batchesOf(kind: FigureKind, series: TimeSeries, warmupMs: number): number[] {
  const afterWarmup = (column: string) => (series.columns[column] ?? []).filter((_, i) => series.atMs[i] > warmupMs);
  const parts = batchMeans(afterWarmup(kind.column ?? ""), BATCHES);
  if (kind.perColumn === undefined) return parts;
  const wholes = kind.perColumn.map((column) => batchMeans(afterWarmup(column), BATCHES));
  const shares = parts.map((part, i) => part / wholes.reduce((sum, whole) => sum + (whole[i] ?? 0), 0));
  return shares.every(Number.isFinite) ? shares : [];
}

export function judge(target: Target, figures: readonly Figure[]): TargetVerdict {
  const value = figures.find((figure) => figure.key === target.figure)?.value ?? null;
  const limits = [
    ...(target.atMost === undefined ? [] : [`at most ${target.atMost}`]),
    ...(target.atLeast === undefined ? [] : [`at least ${target.atLeast}`]),
  ];
  const met =
    value === null
      ? null
      : value <= (target.atMost ?? Number.POSITIVE_INFINITY) && value >= (target.atLeast ?? Number.NEGATIVE_INFINITY);
  return { figure: target.figure, limit: limits.join(" and "), value, met };
}

function mergeHistograms(records: readonly RunRecord[]): Partial<Record<HistogramName, Histogram>> {
  const merged: Partial<Record<HistogramName, Histogram>> = {};
  for (const name of histogramNames) {
    const whole = createHistogram();
    for (const { histograms } of records) {
      const part = histograms[name];
      if (part !== undefined) whole.add(part);
    }
    if (whole.totalCount > 0) merged[name] = whole;
  }
  return merged;
}

/** The mean over replications at each moment; a value missing in one is missing in the mean. */
export function meanSeries(all: readonly TimeSeries[]): TimeSeries {
  if (all.length === 1) return all[0];
  const length = Math.min(...all.map((series) => series.atMs.length));
  const columns: Record<string, (number | null)[]> = {};
  for (const name of Object.keys(all[0].columns)) {
    columns[name] = Array.from({ length }, (_, i) => {
      const values = all.map((series) => series.columns[name]?.[i] ?? null).filter((value) => value !== null);
      return values.length === all.length ? meanOf(values) : null;
    });
  }
  return { atMs: all[0].atMs.slice(0, length), columns };
}
