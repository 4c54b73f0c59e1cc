// From records to a RunResult: figures with intervals, closed forms beside them, targets judged, the laws of conservation checked.
// Both worlds come through here, which is why their results can be compared.

import { assert } from "../config/assert.ts";
import { maskStore } from "../config/mask-settings.ts";
import type { Scenario, Target } from "../config/scenario.ts";
import type { Settings } from "../config/session-settings.ts";
import { meanOf } from "./confidence.ts";
import { estimateFigure, type PooledHistograms, poolHistograms } from "./estimate-figure.ts";
import { type FigureKind, figureKinds } from "./figures.ts";
import { gatherFaults } from "./gather-faults.ts";
import { gatherIntervals } from "./gather-intervals.ts";
import type { ResponseInterval } from "./interval-histograms.ts";
import { encodeHistogram, percentileSupported } from "./latency-histogram.ts";
import { addCounters, type RunRecord } from "./run-record.ts";
import type {
  Audit,
  ClosedForm,
  Counters,
  Environment,
  Figure,
  GeneratorAudit,
  HistogramInterval,
  HistogramJson,
  PrecisionReached,
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
  /** Left out where none was asked for. */
  readonly precision?: readonly PrecisionReached[];
}

export function summarise(input: SummaryInput): RunResult {
  const { records, scenario } = input;
  assert(records.length > 0, "there is at least one record");
  for (const record of records) assertConserved(record.counters);
  const whole = poolHistograms(records);
  const histograms: Record<string, HistogramJson> = {};
  for (const [name, histogram] of Object.entries(whole)) histograms[name] = encodeHistogram(histogram);
  const figures = figureKinds.map((kind) => figureOf(kind, input, whole));
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
    replications: records.length,
    ...(input.precision === undefined || input.precision.length === 0 ? {} : { precision: input.precision }),
    counters: records.map((record) => record.counters).reduce(addCounters),
    measured: records.map((record) => record.measured).reduce(addCounters),
    series: meanSeries(records.map((record) => record.series)),
    histograms,
    responseIntervals: gatherIntervals(records)[0].responseIntervals.map(encodeInterval),
    faults: gatherFaults(records),
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

function figureOf(kind: FigureKind, input: SummaryInput, pooled: PooledHistograms): Figure {
  const closedForm = input.closedForms[kind.key];
  const { value, interval } = estimateFigure(kind, input.scenario, input.records, pooled, closedForm);
  return {
    key: kind.key,
    label: kind.label,
    unit: kind.unit,
    value,
    ...(interval === null ? {} : { interval }),
    ...(closedForm === undefined ? {} : { closedForm }),
  };
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
