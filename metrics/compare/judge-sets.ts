// Verdicts on two sets of runs that did not take turns. Chance is ruled out by handing the runs out to two sides anew, as often as can be;
// but what the machine did between the two sets is not chance, and no statistics can tell it from a change. So runs that lie apart
// in time have regressed only where the whole interval lies beyond the minimum effect, and are no worse only where the noise of the
// machine was measured and leaves room for it.

import { createRandom, type Random } from "../random-numbers.ts";
import { asEffect, minimumWorsening, onOneScale } from "./block-differences.ts";
import type { MetricRule } from "./comparison.ts";
import { discoveriesByChance } from "./discovery.ts";
import { handedOutAnew } from "./handed-out.ts";
import {
  floorOf,
  inWords,
  isUndecidable,
  type Judged,
  type JudgeOptions,
  type MetricValues,
  unjudged,
} from "./judged.ts";
import { differenceInterval, middleOf, RESAMPLED_MIN } from "./middle.ts";
import { shapeOfSets } from "./shape-of-sets.ts";

export interface SetOptions extends JudgeOptions {
  /** All runs of one side lie before those of the other. */
  readonly apart: boolean;
  /** By key: how far single runs of this machine lie from each other, on the scale of worsening; empty where that was not measured. */
  readonly runDeviations: ReadonlyMap<string, number>;
}

interface Weighed {
  /** Of the side that has fewer. */
  readonly runs: number;
  readonly middle: number;
  /** Chance of so much or more by handing out alone. */
  readonly pWorse: number;
  readonly pBetter: number;
  /** On the scale of worsening. */
  readonly low: number;
  readonly high: number;
  readonly method: string;
}

/** @param metrics of one comparison; NaN where a run does not know it. @returns one verdict a metric, in order. */
export function judgeSets(metrics: readonly MetricValues[], options: SetOptions): readonly Judged[] {
  const random = createRandom(options.seed);
  const weighed = metrics.map((metric) => weigh(metric, random));
  const claims = (pOf: (one: Weighed) => number) =>
    discoveriesByChance(
      weighed.map((one) => (one === null ? null : pOf(one))),
      options.falseDiscoveryRate,
    );
  const worse = claims((one) => one.pWorse);
  const better = claims((one) => one.pBetter);
  return metrics.map(({ key, rule }, i) => {
    const one = weighed[i];
    if (one === null) return unjudged(key, `It takes ${RESAMPLED_MIN} runs of each side to say how runs differ.`);
    const minimum = minimumWorsening(rule);
    const apart = options.apart ? apartness(options.runDeviations.get(key)) : null;
    const needed = apart === null ? one.middle : one.low - apart.least;
    const regressed = worse[i] && needed >= minimum;
    const noWorse = one.high + (apart?.most ?? 0) < minimum;
    const verdict = regressed ? "regressed" : noWorse ? "no worse" : "cannot tell";
    const improved = better[i] && one.high < 0;
    const undecidable = verdict === "cannot tell" && isUndecidable(rule, floorOf(options, key));
    return {
      key,
      verdict,
      improved,
      reason: reasonOf(rule, one, verdict, improved, undecidable, options.apart && one.high < minimum),
      evidence: null,
      moreRuns: verdict === "cannot tell" && !undecidable && apart?.most !== UNKNOWN ? moreRuns(one, minimum) : null,
      undecidable,
      effect: { value: asEffect(rule, one.middle), interval: effectInterval(rule, one) },
    };
  });
}

/** Not known, and so without a bound. */
const UNKNOWN = Number.POSITIVE_INFINITY;
/** Deviations of single runs that the machine may have changed by between the sides. */
const DEVIATIONS_APART = 2;

/**
 * What the time between the sides may have done: of a machine whose noise was measured, as much as its runs lie apart; of another,
 * nothing is known, which speaks against "no worse", while "regressed" asks for an interval beyond the minimum anyway.
 */
function apartness(runDeviation: number | undefined): { readonly least: number; readonly most: number } {
  if (runDeviation === undefined) return { least: 0, most: UNKNOWN };
  return { least: DEVIATIONS_APART * runDeviation, most: DEVIATIONS_APART * runDeviation };
}

function weigh({ rule, base, candidate, curves }: MetricValues, random: Random): Weighed | null {
  if (curves !== undefined) return weighShape(curves, random);
  const [a, b] = [base, candidate].map((values) => values.filter(Number.isFinite));
  if (Math.min(a.length, b.length) < RESAMPLED_MIN) return null;
  const worse = onOneScale(rule, a, b);
  const interval = differenceInterval(...worse, random, `${a.length} and ${b.length} runs`);
  if (interval === null) return null;
  const { above, below } = handedOutAnew(...worse, random);
  const { low, high, method } = interval;
  return {
    runs: Math.min(a.length, b.length),
    middle: middleOf(worse[1]) - middleOf(worse[0]),
    pWorse: above,
    pBetter: below,
    low,
    high,
    method,
  };
}

function weighShape({ base, candidate }: NonNullable<MetricValues["curves"]>, random: Random): Weighed | null {
  if (Math.min(base.length, candidate.length) < RESAMPLED_MIN) return null;
  const { moved, interval, chance } = shapeOfSets(base, candidate, random);
  const runs = Math.min(base.length, candidate.length);
  return { ...interval, runs, middle: moved, pWorse: chance, pBetter: 1 };
}

function effectInterval(rule: MetricRule, { low, high, method }: Weighed) {
  const [one, other] = [asEffect(rule, low), asEffect(rule, high)];
  return { low: Math.min(one, other), high: Math.max(one, other), method };
}

function reasonOf(
  rule: MetricRule,
  { pWorse }: Weighed,
  verdict: Judged["verdict"],
  improved: boolean,
  undecidable: boolean,
  onlyTimeBetween: boolean,
): string {
  const limit = inWords(rule);
  if (verdict === "regressed")
    return `Handing the runs out by chance gives such a difference in ${percent(pWorse)} of cases.`;
  if (verdict === "no worse")
    return improved ? "Shown to be better." : `Shown to be worse by less than ${limit}, if at all.`;
  if (undecidable) return `The noise of this machine hides an effect of ${limit}.`;
  if (onlyTimeBetween) return "Not seen to be worse, but what the time between the sides did is not known.";
  return `Neither a change for the worse nor its absence within ${limit} is shown.`;
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}

/** So much more than the half-width of an interval, that it is not a toss whether it suffices. */
const SLACK = 1.3;
const MORE_RUNS_MAX = 1_000;

/** Runs of each side beyond those there are until the interval no longer reaches over the nearer of 0 and the minimum. null: too many. */
function moreRuns({ runs, middle, low, high }: Weighed, minimum: number): number | null {
  const room = middle < minimum ? minimum - middle : middle - minimum;
  if (room <= 0) return null;
  const needed = Math.ceil(runs * ((SLACK * (high - low)) / 2 / room) ** 2);
  const more = Math.max(1, needed - runs);
  return more > MORE_RUNS_MAX ? null : more;
}
