// Two sides of measured or simulated runs, and what came of it for each metric. The door of this folder.

import { InputError } from "../../config/problem.ts";
import type { Waiver } from "../../config/waivers.ts";
import type { Interval } from "../estimate.ts";
import { decodeHistogram, type Histogram } from "../latency-histogram.ts";
import { createRandom } from "../random-numbers.ts";
import type { RunResult } from "../run-result.ts";
import { RUNS_A_SIDE } from "./block-differences.ts";
import { objectionsTo } from "./comparable.ts";
import {
  COMPARISON_SCHEMA,
  type ComparedSide,
  type Comparison,
  comparisonVerdicts,
  type MetricComparison,
} from "./comparison.ts";
import { findingsOn } from "./findings.ts";
import { judgeInterleaved } from "./judge-interleaved.ts";
import { judgeSets } from "./judge-sets.ts";
import { judgeSingle, type RunDeviation, simulatedDeviations } from "./judge-single.ts";
import { FALSE_DISCOVERY_RATE, type Judged, type JudgeOptions } from "./judged.ts";
import { layOut, liesApart } from "./lay-out.ts";
import { machineOf } from "./machine.ts";
import { ruleOf } from "./metric-rules.ts";
import { metricValues, type NamedValues } from "./metric-values.ts";
import { middleOf } from "./middle.ts";
import type { NoiseFloors } from "./noise-floors.ts";
import { curveOf, shapeOfBlocks } from "./shape.ts";
import { percentileRatioIntervals } from "./stretch-bootstrap.ts";
import { useWaivers, type WaiverMatter } from "./waivers.ts";

export interface CompareOptions {
  readonly names: { readonly base: string; readonly candidate: string };
  readonly seed: number;
  readonly command: string;
  /** false where it was cut short. */
  readonly complete: boolean;
  /** Compares also what must not be compared; the comparison says so. */
  readonly force: boolean;
  readonly waivers: readonly Waiver[];
  /** An ISO day, for waivers that end. */
  readonly today: string;
  readonly covers: WaiverMatter["covers"];
  /** Of this machine; null where they were not measured. */
  readonly noise: NoiseFloors | null;
  /** By key, in the scale of the metric's rule. */
  readonly minimumEffects?: Readonly<Record<string, number>>;
  /** Verdicts alone, without intervals: between blocks. */
  readonly interim?: boolean;
}

/**
 * @param base, candidate at least one run of each, in the order they ran.
 * @throws InputError for results that must not be compared, unless it is forced.
 */
export function compareRuns(
  base: readonly RunResult[],
  candidate: readonly RunResult[],
  options: CompareOptions,
): Comparison {
  const objections = objectionsTo(base, candidate);
  if (objections.length > 0 && !options.force) throw new InputError("Cannot compare", objections);
  const laidOut = layOut(base, candidate, options.force);
  const { design, sides } = laidOut;
  const [ofBase, ofCandidate] = sides;
  const metrics = metricValues(ofBase, ofCandidate, options.minimumEffects);
  const known = options.noise !== null && isOfThese(options.noise, ofBase[0]) ? options.noise : null;
  const floors = new Map(known?.floors.map(({ key, floor }) => [key, floor]));
  const judging: JudgeOptions = {
    falseDiscoveryRate: FALSE_DISCOVERY_RATE,
    seed: options.seed,
    floors,
    interim: options.interim ?? false,
  };
  const named = [...metrics, ...shapeMetric(design, ofBase, ofCandidate, options)];
  const judged = judge(design, named, ofBase, ofCandidate, known, judging);
  const compared = named.map((metric, i) => comparisonOf(metric, judged[i], floors.get(metric.key) ?? null));
  const commit = ofCandidate[0].environment.commit;
  const { waivers, today, covers } = options;
  const waived = useWaivers(compared, waivers, { candidateCommit: commit, today, covers });
  return {
    schema: COMPARISON_SCHEMA,
    design,
    driver: ofBase[0].driver,
    scenario: ofBase[0].scenario.name,
    base: sideOf(options.names.base, ofBase, base.length),
    candidate: sideOf(options.names.candidate, ofCandidate, candidate.length),
    blocks: design === "interleaved" ? ofBase.length / RUNS_A_SIDE : 0,
    verdict: verdictOf(waived.metrics),
    falseDiscoveryRate: FALSE_DISCOVERY_RATE,
    metrics: worstFirst(waived.metrics),
    waivers: waived.uses,
    objections: objections.map(({ at, given, expected }) => `${at}: ${given}; expected ${expected}`),
    findings: [...laidOut.findings, ...findingsOn(design, sides, options.noise, known), ...waived.findings],
    complete: options.complete,
    seed: options.seed,
    command: options.command,
  };
}

function judge(
  design: Comparison["design"],
  metrics: readonly NamedValues[],
  base: readonly RunResult[],
  candidate: readonly RunResult[],
  noise: NoiseFloors | null,
  options: JudgeOptions,
): readonly Judged[] {
  if (design === "interleaved") return judgeInterleaved(metrics, options);
  if (design === "sets")
    return judgeSets(metrics, { ...options, apart: liesApart(base, candidate), runDeviations: runDeviationsOf(noise) });
  const [a, b] = [base[0], candidate[0]];
  const deviations = a.kind === "simulated" ? simulatedDeviations(metrics, a, b) : measuredDeviations(noise);
  return judgeSingle(metrics, { ...options, deviations, inside: insideIntervals(a, b, options.seed) });
}

function runDeviationsOf(noise: NoiseFloors | null): ReadonlyMap<string, number> {
  return new Map(noise?.floors.map(({ key, runDeviation }) => [key, runDeviation]));
}

function measuredDeviations(noise: NoiseFloors | null): ReadonlyMap<string, RunDeviation> {
  if (noise === null) return new Map();
  const freedom = RUNS_A_SIDE * 2 * noise.blocks - 1;
  const method = "95 %, from how runs differed when this machine's noise was measured";
  return new Map(
    noise.floors.map(({ key, runDeviation }) => [
      key,
      { ofDifference: Math.SQRT2 * runDeviation, freedom, method, apart: true },
    ]),
  );
}

const insidePercentiles = { responseP50Ms: 50, responseP90Ms: 90, responseP99Ms: 99 };

function insideIntervals(base: RunResult, candidate: RunResult, seed: number): ReadonlyMap<string, Interval> {
  const intervals = percentileRatioIntervals(
    base.responseIntervals,
    candidate.responseIntervals,
    Object.values(insidePercentiles),
    createRandom(seed),
  );
  if (intervals === null) return new Map();
  return new Map(Object.keys(insidePercentiles).map((key, i) => [key, intervals[i]]));
}

/** None where runs have no response times, and none of single runs, which do not show how shapes differ. */
function shapeMetric(
  design: Comparison["design"],
  base: readonly RunResult[],
  candidate: readonly RunResult[],
  { minimumEffects }: CompareOptions,
): readonly NamedValues[] {
  const key = "responseShape";
  const rule = ruleOf(key);
  const [a, b] = [base, candidate].map((runs) => runs.flatMap(({ histograms }) => histograms.response ?? []));
  if (design === "single" || rule === null || a.length < base.length || b.length < candidate.length) return [];
  const [ofBase, ofCandidate] = [a, b].map((runs) => runs.map(decodeHistogram));
  const curves = (runs: readonly Histogram[]) => runs.flatMap((run) => curveOf(run) ?? []);
  return [
    {
      key,
      label: "Response time, shape: requests moved, medians made alike",
      unit: "share",
      rule: { ...rule, minimumEffect: minimumEffects?.[key] ?? rule.minimumEffect },
      base: [],
      candidate: [],
      ...(design === "interleaved"
        ? shapeOfBlocks(ofBase, ofCandidate)
        : { curves: { base: curves(ofBase), candidate: curves(ofCandidate) } }),
    },
  ];
}

function comparisonOf(metric: NamedValues, judged: Judged, floor: number | null): MetricComparison {
  const { key, label, unit, rule, base, candidate } = metric;
  const middle = (values: readonly number[]) => {
    const known = values.filter((value) => !Number.isNaN(value));
    return known.length === 0 ? null : middleOf(known);
  };
  return {
    ...judged,
    key,
    label,
    unit,
    rule,
    base: middle(base),
    candidate: middle(candidate),
    floor,
    waiver: null,
    runs: { base: knownOf(base), candidate: knownOf(candidate) },
  };
}

function knownOf(values: readonly number[]): readonly number[] {
  return values.filter((value) => !Number.isNaN(value));
}

function sideOf(name: string, runs: readonly RunResult[], given: number): ComparedSide {
  const [{ label, store, environment }] = runs;
  return {
    name,
    label,
    store,
    commit: environment.commit,
    runs: runs.length,
    runsLeftOut: given - runs.length,
    environment,
  };
}

/** What was taken on does not count; what cannot be decided on this machine counts only where nothing else can be either. */
function verdictOf(metrics: readonly MetricComparison[]): Comparison["verdict"] {
  const counting = metrics.filter(({ verdict, waiver }) => verdict !== "regressed" || waiver === null);
  if (counting.some(({ verdict }) => verdict === "regressed")) return "regressed";
  const open = counting.some(({ verdict, undecidable }) => verdict === "cannot tell" && !undecidable);
  const nothingShown = !metrics.some(({ verdict }) => verdict !== "cannot tell");
  return open || nothingShown ? "cannot tell" : "no worse";
}

function worstFirst(metrics: readonly MetricComparison[]): readonly MetricComparison[] {
  const place = ({ verdict }: MetricComparison) => comparisonVerdicts.indexOf(verdict);
  return metrics.toSorted((a, b) => place(a) - place(b));
}

function isOfThese({ machine, driver, scenario, label }: NoiseFloors, run: RunResult): boolean {
  return (
    machine === machineOf(run.environment) &&
    driver === run.driver &&
    scenario === run.scenario.name &&
    label === run.label
  );
}
