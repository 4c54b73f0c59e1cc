// Verdicts on two sets of runs that did not take turns. Chance is ruled out by handing the runs out to two sides anew, as often as can be;
// but what the machine did between the two sets is not chance, and no statistics can tell it from a change. So runs that lie apart
// in time have regressed only where the whole interval lies beyond the minimum effect, and the report says why.

import { meanOf, varianceOf } from "../confidence.ts";
import { createRandom, type Random } from "../random-numbers.ts";
import { asEffect, minimumWorsening, worsening } from "./block-differences.ts";
import type { MetricRule } from "./comparison.ts";
import { discoveriesByChance } from "./discovery.ts";
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

export interface SetOptions extends JudgeOptions {
  /** All runs of one side lie before those of the other. */
  readonly apart: boolean;
}

interface Weighed {
  readonly worse: readonly [base: readonly number[], candidate: readonly number[]];
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
    const needed = options.apart ? one.low : one.middle;
    const regressed = worse[i] && needed >= minimum;
    const verdict = regressed ? "regressed" : one.high < minimum ? "no worse" : "cannot tell";
    const improved = better[i] && one.high < 0;
    const undecidable = verdict === "cannot tell" && isUndecidable(rule, floorOf(options, key));
    return {
      key,
      verdict,
      improved,
      reason: reasonOf(rule, one, verdict, improved, undecidable, worse[i] && one.middle >= minimum),
      evidence: null,
      moreRuns: verdict === "cannot tell" && !undecidable ? moreRuns(one, minimum) : null,
      undecidable,
      effect: { value: asEffect(rule, one.middle), interval: effectInterval(rule, one) },
    };
  });
}

function weigh({ rule, base, candidate }: MetricValues, random: Random): Weighed | null {
  const [a, b] = [base, candidate].map((values) => values.filter((value) => !Number.isNaN(value)));
  if (Math.min(a.length, b.length) < RESAMPLED_MIN) return null;
  const worse = onOneScale(rule, a, b);
  const interval = differenceInterval(...worse, random, `${a.length} and ${b.length} runs`);
  if (interval === null) return null;
  const { above, below } = handedOutAnew(...worse, random);
  const { low, high, method } = interval;
  return { worse, middle: middleOf(worse[1]) - middleOf(worse[0]), pWorse: above, pBetter: below, low, high, method };
}

/** Each value as how much worse it is than the middle of the base. */
function onOneScale(rule: MetricRule, a: readonly number[], b: readonly number[]): Weighed["worse"] {
  const of = (values: readonly number[]) => values.map((value) => worsening(rule, a, [value]));
  return [of(a), of(b)];
}

/** All ways of handing out are tried where there are no more of them than this; otherwise so many are drawn. */
const WAYS_MAX = 20_000;

/** Of all ways to hand the values out to two sides of these sizes, the shares with a difference of means as high, and as low. */
function handedOutAnew(
  a: readonly number[],
  b: readonly number[],
  random: Random,
): { readonly above: number; readonly below: number } {
  const all = Float64Array.from([...a, ...b]);
  const observed = b.reduce((total, value) => total + value, 0);
  // What adds up to the same in another order may differ in the last digit.
  const tolerance = 1e-12 * all.reduce((total, value) => total + Math.abs(value), 0);
  let ways = 0;
  let above = 0;
  let below = 0;
  const count = (drawn: number) => {
    ways++;
    if (drawn >= observed - tolerance) above++;
    if (drawn <= observed + tolerance) below++;
  };
  if (waysOf(all.length, b.length) <= WAYS_MAX) {
    chooseAll(all, b.length, 0, 0, count);
  } else {
    count(observed);
    for (let draw = 1; draw < WAYS_MAX; draw++) count(drawSum(all, b.length, random));
  }
  return { above: above / ways, below: below / ways };
}

function waysOf(n: number, k: number): number {
  let ways = 1;
  for (let i = 1; i <= k && ways <= WAYS_MAX; i++) ways *= (n - k + i) / i;
  return ways;
}

function chooseAll(all: Float64Array, left: number, from: number, sum: number, count: (sum: number) => void): void {
  if (left === 0) count(sum);
  else for (let i = from; i <= all.length - left; i++) chooseAll(all, left - 1, i + 1, sum + all[i], count);
}

/** The first k after a shuffle of as many. */
function drawSum(all: Float64Array, k: number, random: Random): number {
  let sum = 0;
  for (let i = 0; i < k; i++) {
    const other = i + random.below(all.length - i);
    const value = all[other];
    all[other] = all[i];
    all[i] = value;
    sum += value;
  }
  return sum;
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
  worseByRunsAlone: boolean,
): string {
  const limit = inWords(rule);
  if (verdict === "regressed")
    return `Handing the runs out by chance gives such a difference in ${percent(pWorse)} of cases.`;
  if (verdict === "no worse")
    return improved ? "Shown to be better." : `Shown to be worse by less than ${limit}, if at all.`;
  if (undecidable) return `The noise of this machine hides an effect of ${limit}.`;
  if (worseByRunsAlone) {
    return `Worse beyond the chance of single runs, but the sides ran at different times, and the interval reaches below ${limit}.`;
  }
  return `Neither a change for the worse nor its absence within ${limit} is shown.`;
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}

/** Half-width of an interval in standard errors, and a little more, so that it is not a toss whether it suffices. */
const STANDARD_ERRORS = 2.5;
const MORE_RUNS_MAX = 1_000;

/** Runs of each side beyond those there are until the interval no longer reaches over the nearer of 0 and the minimum. null: too many. */
function moreRuns({ worse: [a, b], middle }: Weighed, minimum: number): number | null {
  const deviation = Math.sqrt(varianceOf(a) + varianceOf(b));
  const room = middle < minimum ? minimum - middle : middle - minimum;
  if (room <= 0) return null;
  const runs = Math.ceil(((STANDARD_ERRORS * deviation) / room) ** 2);
  const more = Math.max(1, runs - Math.round(meanOf([a.length, b.length])));
  return more > MORE_RUNS_MAX ? null : more;
}
