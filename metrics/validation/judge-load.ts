// One load in both worlds: every figure predicted beside measured, its error, and whether that is within its bound. A bound that the
// measurement's own chance exceeds settles nothing, unless the error is beyond both together.

import { assert } from "../../config/assert.ts";
import { meanOf, medianOf, tQuantile, varianceOf } from "../confidence.ts";
import { figureKinds } from "../figures.ts";
import { decodeHistogram, type Histogram, percentileMs, valuesNeeded } from "../latency-histogram.ts";
import type { Interval, RunResult } from "../run-result.ts";
import { type ValidatedFigure, validatedFigures } from "./validated-figures.ts";
import type { Bound, DistributionPair, RowVerdict, ValidationRow } from "./validation.ts";

export interface LoadInBothWorlds {
  /** The simulated run whose visitors are those of the measured ones. */
  readonly predicted: RunResult;
  /** Of every replication, that of `predicted` the first, its figures by key. */
  readonly replications: readonly Readonly<Record<string, number | null>>[];
  /** At least one. */
  readonly measured: readonly RunResult[];
}

/** Two-sided 95 % of a normal variable. */
const Z = 1.96;
/** Fewer say nothing about how a run scatters. */
const REPLICATIONS_MIN = 3;
/** Measured runs; with fewer, their spread is no measure. */
const RUNS_MIN = 3;

export function judgeLoad(load: LoadInBothWorlds): readonly ValidationRow[] {
  assert(load.measured.length > 0, "something was measured");
  return validatedFigures.map((figure) => judgeFigure(figure, load));
}

function judgeFigure(figure: ValidatedFigure, { predicted, replications, measured }: LoadInBothWorlds): ValidationRow {
  const kind = figureKinds.find(({ key }) => key === figure.key);
  assert(kind !== undefined, "a validated figure is a figure of runs");
  // Figures count scenario time; what a site bears is a matter of real time.
  const factor = figure.key === "requestsPerSecond" ? predicted.scenario.run.timeScale : 1;
  const predictedValue = scaled(figureOf(predicted, figure.key), factor);
  const values = measured.map((run) => scaled(figureOf(run, figure.key), factor)).filter((value) => value !== null);
  // A run that was disturbed may not know a figure that the others do.
  const known = values.length > 0;
  const scarce = figure.percentile !== undefined && (predictedValue === null || !known);
  const measuredValue = known ? medianOf(values) : null;
  const noise = known ? noiseOf(figure, measured, values) : null;
  const others = replications.map((one) => scaled(one[figure.key] ?? null, factor)).filter((value) => value !== null);
  return {
    key: figure.key,
    label: figure.label ?? kind.label,
    unit: kind.unit,
    predicted: predictedValue,
    predictedInterval: others.length === replications.length ? intervalOfOneRun(others) : null,
    measured: measuredValue,
    measuredRange: known && values.length > 1 ? { low: Math.min(...values), high: Math.max(...values) } : null,
    error: relativeError(predictedValue, measuredValue),
    difference: predictedValue === null || measuredValue === null ? null : predictedValue - measuredValue,
    bound: figure.bound,
    noise,
    verdict: scarce ? "too few to tell" : verdictOf(predictedValue, measuredValue, figure.bound, noise),
  };
}

/**
 * @param noise half the 95 % interval of the measured value, in its unit; null for none.
 * @returns "misses" only where the error is beyond bound and noise together.
 */
export function verdictOf(
  predicted: number | null,
  measured: number | null,
  bound: Bound | null,
  noise: number | null,
): RowVerdict {
  if (predicted === null || measured === null || bound === null) return "not judged";
  const allowed = Math.max(bound.relative * Math.abs(measured), bound.absolute ?? 0);
  const off = Math.abs(predicted - measured);
  const chance = noise ?? 0;
  if (off === 0) return "within";
  if (chance <= allowed) return off <= allowed ? "within" : "misses";
  return off > allowed + chance ? "misses" : "too few to tell";
}

/** predicted / measured − 1; 0 where both are 0. */
export function relativeError(predicted: number | null, measured: number | null): number | null {
  if (predicted === null || measured === null) return null;
  if (predicted === measured) return 0;
  return measured === 0 ? null : predicted / measured - 1;
}

/**
 * What chance does to the measured value, as its requests tell: several runs have the chance of all of them together. That takes them for
 * those of ever other visitors; where the same visitors came often enough, how far their runs lie apart tells it better.
 */
function noiseOf(figure: ValidatedFigure, runs: readonly RunResult[], values: readonly number[]): number | null {
  const byRequests = noiseOfRequests(figure, runs);
  if (byRequests === null || values.length < RUNS_MIN) return byRequests;
  const byRuns = tQuantile(0.975, values.length - 1) * Math.sqrt(varianceOf(values) / values.length);
  return Math.min(byRequests, byRuns);
}

function noiseOfRequests(figure: ValidatedFigure, runs: readonly RunResult[]): number | null {
  if (figure.counted !== undefined) return countHalfWidth(runs.map(({ measured }) => figure.counted!(measured)));
  if (figure.percentile === undefined) return null;
  const responses = pooledResponses(runs);
  return responses === null ? null : percentileHalfWidthMs(responses, figure.percentile);
}

/** Of a share: by the normal approximation of Poisson's law, and by the rule of three where nothing was counted. */
function countHalfWidth(counts: readonly { readonly events: number; readonly all: number }[]): number | null {
  const events = counts.reduce((sum, one) => sum + one.events, 0);
  const all = counts.reduce((sum, one) => sum + one.all, 0);
  if (all === 0) return null;
  return (events === 0 ? 3 : Z * Math.sqrt(events)) / all;
}

/** Half of what lies between the order statistics that enclose a percentile with 95 % (normal approximation of the binomial). */
function percentileHalfWidthMs(histogram: Histogram, percentile: number): number {
  const share = percentile / 100;
  const spread = Z * Math.sqrt((share * (1 - share)) / histogram.totalCount);
  const at = (of: number) => percentileMs(histogram, 100 * Math.min(1, Math.max(0, of))) ?? 0;
  return (at(share + spread) - at(share - spread)) / 2;
}

/** Where one more run would lie, by Student's t over those there are. */
function intervalOfOneRun(values: readonly number[]): Interval | null {
  const count = values.length;
  if (count < REPLICATIONS_MIN) return null;
  const halfWidth = tQuantile(0.975, count - 1) * Math.sqrt(varianceOf(values) * (1 + 1 / count));
  const mean = meanOf(values);
  return { low: mean - halfWidth, high: mean + halfWidth, method: `95 % of single runs, Student's t over ${count}` };
}

function figureOf(result: RunResult, key: string): number | null {
  return result.figures.find((figure) => figure.key === key)?.value ?? null;
}

function scaled(value: number | null, factor: number): number | null {
  return value === null ? null : value * factor;
}

const PERCENTILES = [
  2, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 92.5, 95, 96.5, 97.5, 98.5, 99, 99.3, 99.6,
  99.8, 99.9,
] as const;

/** @param measured counted together. */
export function distributionPair(predicted: RunResult, measured: readonly RunResult[]): DistributionPair {
  const column = (histogram: Histogram | null) =>
    PERCENTILES.map((percentile) =>
      histogram === null || histogram.totalCount < valuesNeeded(Math.max(50, percentile))
        ? null
        : percentileMs(histogram, percentile),
    );
  return {
    percentiles: PERCENTILES,
    predictedMs: column(pooledResponses([predicted])),
    measuredMs: column(pooledResponses(measured)),
  };
}

function pooledResponses(runs: readonly RunResult[]): Histogram | null {
  const histograms = runs.flatMap(({ histograms: { response } }) =>
    response === undefined || response.count === 0 ? [] : [decodeHistogram(response)],
  );
  const [first, ...others] = histograms;
  if (first === undefined) return null;
  for (const other of others) first.add(other);
  return first;
}
