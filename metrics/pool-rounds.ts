// Several rounds of one measured run as one result: what was counted is added up, histograms are merged bucket for bucket, and a figure
// is the mean of the rounds with what their scatter says about it. Rounds lie apart in time, so that their scatter holds the
// machine's moods, which the inside of one run does not show.

import { assert } from "../config/assert.ts";
import { meanInterval, meanOf } from "./confidence.ts";
import { type FigureKind, figureKinds } from "./figures.ts";
import { mergeIntervals } from "./interval-histograms.ts";
import {
  createHistogram,
  decodeHistogram,
  encodeHistogram,
  type Histogram,
  percentileSupported,
} from "./latency-histogram.ts";
import { addCounters, nothingObserved } from "./run-record.ts";
import type { Audit, Figure, GeneratorAudit, HistogramInterval, HistogramJson, RunResult } from "./run-result.ts";
import { judge, meanSeries } from "./summarise.ts";

/**
 * @param rounds of one scenario, their seeds apart, in order; at least one, and no experiments.
 * @param all the rounds there were, where some of them do not count; findings name a round by its place among these.
 */
export function poolRounds(rounds: readonly RunResult[], all: readonly RunResult[] = rounds): RunResult {
  const [first] = rounds;
  assert(first !== undefined, "there is at least one round");
  if (rounds.length === 1) return first;
  assert(
    rounds.every(({ study }) => study === null),
    "an experiment has rounds of its own",
  );
  const histograms = mergeByName(rounds);
  const figures = figureKinds.map((kind) => figureOf(kind, rounds, histograms));
  const encoded: Record<string, HistogramJson> = {};
  for (const [name, histogram] of Object.entries(histograms)) encoded[name] = encodeHistogram(histogram);
  return {
    ...first,
    complete: rounds.every(({ complete }) => complete),
    endedAtMs: Math.max(...rounds.map(({ endedAtMs }) => endedAtMs)),
    counters: rounds.map(({ counters }) => counters).reduce(addCounters),
    measured: rounds.map(({ measured }) => measured).reduce(addCounters),
    series: meanSeries(rounds.map(({ series }) => series)),
    histograms: encoded,
    responseIntervals: intervalsOf(rounds),
    faults: rounds.flatMap(({ faults }) => faults),
    figures,
    targets: first.scenario.targets.map((target) => judge(target, figures)),
    audit: auditOf(rounds, all, histograms.response?.totalCount ?? 0),
    environment: {
      ...first.environment,
      wallSeconds: rounds.reduce((sum, { environment }) => sum + environment.wallSeconds, 0),
    },
  };
}

/** As of replications: where single rounds have too few values for a percentile, all of them together may have enough. */
function figureOf(kind: FigureKind, rounds: readonly RunResult[], histograms: Histograms): Figure {
  const { key, label, unit } = kind;
  const values = rounds.map(({ figures }) => figures.find((figure) => figure.key === key)?.value ?? null);
  const known = values.filter((value) => value !== null);
  if (known.length < values.length) {
    return { key, label, unit, value: kind.percentile !== undefined ? ofPooled(kind, rounds, histograms) : null };
  }
  const interval = meanInterval(known, 0.95, `95 %, Student's t over ${rounds.length} rounds`);
  return { key, label, unit, value: meanOf(known), ...(interval === null ? {} : { interval }) };
}

function ofPooled(
  kind: FigureKind,
  [{ counters, measured, endedAtMs, series, scenario }]: readonly RunResult[],
  histograms: Histograms,
) {
  const measuredMs = endedAtMs - scenario.run.warmupMs;
  const record = { counters, measured, measuredMs, endedAtMs, series, histograms, responseIntervals: [], faults: [] };
  return kind.of({ ...record, observations: nothingObserved }, scenario);
}

type Histograms = Readonly<Record<string, Histogram>>;

function mergeByName(rounds: readonly RunResult[]): Histograms {
  const merged: Record<string, Histogram> = {};
  for (const { histograms } of rounds) {
    for (const [name, json] of Object.entries(histograms)) {
      merged[name] ??= createHistogram();
      merged[name].add(decodeHistogram(json));
    }
  }
  return merged;
}

function intervalsOf(rounds: readonly RunResult[]): readonly HistogramInterval[] {
  const decoded = rounds.map(({ responseIntervals }) =>
    responseIntervals.map(({ histogram, ...stretch }) => ({ ...stretch, histogram: decodeHistogram(histogram) })),
  );
  return mergeIntervals(decoded).map(({ histogram, ...stretch }) => ({
    ...stretch,
    histogram: encodeHistogram(histogram),
  }));
}

/** The worst verdict; a finding says of which rounds it is, unless it is of all. */
function auditOf(rounds: readonly RunResult[], all: readonly RunResult[], responses: number): Audit {
  const verdicts = rounds.map(({ audit }) => audit.verdict);
  const texts = [...new Set(rounds.flatMap(({ audit }) => audit.findings))];
  const findings = texts.map((text) => {
    const having = rounds.filter(({ audit }) => audit.findings.includes(text)).map((round) => all.indexOf(round) + 1);
    return having.length === rounds.length ? text : `Round ${having.join(", ")} of ${all.length}: ${text}`;
  });
  return {
    verdict: (["invalid", "doubtful", "valid"] as const).find((verdict) => verdicts.includes(verdict)) ?? "valid",
    findings,
    percentileMax: percentileSupported(responses),
    generator: worstOf(rounds.map(({ audit }) => audit.generator)),
  };
}

/** Each number of the round where it is worst; all dropped starts together. */
function worstOf(all: readonly (GeneratorAudit | null)[]): GeneratorAudit | null {
  const known = all.filter((one) => one !== null);
  if (known.length === 0) return null;
  const highest = (of: (one: GeneratorAudit) => number | null) => {
    const values = known.map(of).filter((value) => value !== null);
    return values.length === 0 ? null : Math.max(...values);
  };
  return {
    busyShare: highest((one) => one.busyShare),
    loopDelayP99Ms: highest((one) => one.loopDelayP99Ms),
    startLagP50Ms: highest((one) => one.startLagP50Ms),
    startLagP99Ms: highest((one) => one.startLagP99Ms),
    startLagMaxMs: highest((one) => one.startLagMaxMs),
    droppedStarts: known.reduce((sum, one) => sum + one.droppedStarts, 0),
    clockStepMs: known.map((one) => one.clockStepMs).reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a)),
    otherLoadShare: highest((one) => one.otherLoadShare),
    stealShare: highest((one) => one.stealShare),
    siteProcessors: known.some((one) => one.siteProcessors === null) ? null : known[0].siteProcessors,
    swappedPages: highest((one) => one.swappedPages),
  };
}
