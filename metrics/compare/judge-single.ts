// Verdicts on one run a side. What happened inside a run says nothing of how runs differ from one another, which on a real machine is most
// of it; so "no worse" is said only where that was measured beforehand (noise floors), and "regressed" only of simulations, whose
// replications say it themselves.

import { log } from "../../config/elementary.ts";
import { tQuantile } from "../confidence.ts";
import type { Interval } from "../estimate.ts";
import type { Figure, RunResult } from "../run-result.ts";
import { asEffect, minimumWorsening, worsening } from "./block-differences.ts";
import type { MetricRule } from "./comparison.ts";
import { floorOf, inWords, isUndecidable, type Judged, type JudgeOptions, type MetricValues } from "./judged.ts";

export interface SingleOptions extends JudgeOptions {
  /** By key: how single runs scatter on this machine, on the scale of worsening, and over how many degrees of freedom that was seen. */
  readonly deviations: ReadonlyMap<string, RunDeviation>;
  /** By key: what the inside of the two runs says, on the scale of log(candidate) − log(base); for display where nothing better is known. */
  readonly inside: ReadonlyMap<string, Interval>;
}

export interface RunDeviation {
  /** Of the difference of two runs. */
  readonly ofDifference: number;
  readonly freedom: number;
  /** "95 %, the noise measured on this machine". */
  readonly method: string;
  /** Two runs of a machine lie apart in time; two simulations do not. */
  readonly apart: boolean;
}

/** @param metrics of one comparison, one value a side. @returns one verdict a metric, in order. */
export function judgeSingle(metrics: readonly MetricValues[], options: SingleOptions): readonly Judged[] {
  const claims = metrics.filter(({ key }) => options.deviations.has(key)).length;
  return metrics.map((metric) => judgeOne(metric, claims, options));
}

const NO_WORSE_LEVEL = 0.95;

function judgeOne({ key, rule, base, candidate }: MetricValues, claims: number, options: SingleOptions): Judged {
  const difference = worsening(rule, base, candidate);
  const floor = floorOf(options, key);
  const deviation = options.deviations.get(key);
  const rest = { key, improved: false, evidence: null, undecidable: false };
  if (!Number.isFinite(difference)) {
    return { ...rest, verdict: "cannot tell", reason: "Only one side has it.", moreRuns: null, effect: null };
  }
  const value = asEffect(rule, difference);
  if (deviation === undefined) {
    const inside = options.inside.get(key);
    const interval = inside === undefined ? null : insideInterval(inside);
    const reason = "One run a side does not show how runs differ.";
    return { ...rest, verdict: "cannot tell", reason, moreRuns: RUNS_FOR_SETS - 1, effect: { value, interval } };
  }
  const { ofDifference, freedom, method, apart } = deviation;
  const minimum = minimumWorsening(rule);
  const reach = (tail: number) => tQuantile(1 - tail, freedom) * ofDifference;
  const [low, high] = [difference - reach(0.025), difference + reach(0.025)];
  // Bonferroni: the same for every metric, however many of them change.
  const shown = Math.abs(difference) > reach(options.falseDiscoveryRate / claims);
  // Runs have tails so heavy that some five dozen of them do not say how far one may lie off: in trials, up to a quarter of
  // comparisons of alike runs would have raised an alarm. So a single measured run is a reason to look, and no more.
  const looksWorse = shown && difference >= minimum;
  const regressed = looksWorse && !apart;
  const noWorse = difference + reach(1 - NO_WORSE_LEVEL) < minimum;
  const improved = shown && difference < 0;
  const verdict = regressed ? "regressed" : noWorse ? "no worse" : "cannot tell";
  const [one, other] = [asEffect(rule, low), asEffect(rule, high)];
  return {
    key,
    verdict,
    improved,
    reason: reasonOf(rule, verdict, improved, looksWorse),
    evidence: null,
    moreRuns: verdict === "cannot tell" ? RUNS_FOR_SETS - 1 : null,
    undecidable: verdict === "cannot tell" && isUndecidable(rule, floor),
    effect: { value, interval: { low: Math.min(one, other), high: Math.max(one, other), method } },
  };
}

/** Of each side: with seven and seven, handing out by chance can rule chance out for one of a dozen metrics. */
const RUNS_FOR_SETS = 7;

function insideInterval({ low, high, method }: Interval): Interval {
  const rule: MetricRule = { better: "low", scale: "relative", minimumEffect: 1 };
  return { low: asEffect(rule, low), high: asEffect(rule, high), method };
}

function reasonOf(rule: MetricRule, verdict: Judged["verdict"], improved: boolean, looksWorse: boolean): string {
  const limit = inWords(rule);
  if (verdict === "regressed") return "Worse by more than runs differ from one another.";
  if (verdict === "no worse") return improved ? "Shown to be better." : `Worse by less than ${limit}, if at all.`;
  if (looksWorse) return "It looks worse, by more than runs usually differ; but one run a side is no proof.";
  return `The difference of two runs is too uncertain to rule an effect of ${limit} in or out.`;
}

/** What the replications of two simulations say of how far they differ by chance. */
export function simulatedDeviations(
  metrics: readonly MetricValues[],
  base: RunResult,
  candidate: RunResult,
): ReadonlyMap<string, RunDeviation> {
  const deviations = new Map<string, RunDeviation>();
  for (const { key, rule } of metrics) {
    const errors = [base, candidate].map((run) =>
      standardError(
        run,
        run.figures.find((figure) => figure.key === key),
        rule,
      ),
    );
    const [one, other] = errors;
    if (one === null || other === null) continue;
    const ofDifference = Math.sqrt(one.error * one.error + other.error * other.error);
    const freedom = Math.min(one.freedom, other.freedom);
    deviations.set(key, { ofDifference, freedom, method: "95 %, Student's t over the replications", apart: false });
  }
  return deviations;
}

function standardError({ replications = 1 }: RunResult, figure: Figure | undefined, rule: MetricRule) {
  if (figure?.interval === undefined || figure.value === null || replications < 2) return null;
  const freedom = replications - 1;
  const { low, high } = figure.interval;
  if (rule.scale === "relative" && low <= 0) return null;
  const width = rule.scale === "relative" ? log(high) - log(low) : high - low;
  return { error: width / 2 / tQuantile(0.975, freedom), freedom };
}
