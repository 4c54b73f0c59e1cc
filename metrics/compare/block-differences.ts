// What each block of an interleaved comparison says of a metric, turned so that above 0 is worse: logarithms of ratios for relative
// effects, plain differences for absolute ones.

import { assert } from "../../config/assert.ts";
import { expm1, log, log1p } from "../../config/elementary.ts";
import { meanOf } from "../confidence.ts";
import type { MetricRule } from "./comparison.ts";

/** Runs of each side in a block. */
export const RUNS_A_SIDE = 2;

/**
 * @param base, candidate one value a run in the order they ran, two of each a block; NaN where a run does not know it.
 * @returns one difference a block, those with a NaN left out.
 */
export function blockDifferences(
  rule: MetricRule,
  base: readonly number[],
  candidate: readonly number[],
): readonly number[] {
  assert(base.length === candidate.length && base.length % RUNS_A_SIDE === 0, "a block has two runs of each side");
  const differences: number[] = [];
  for (let first = 0; first < base.length; first += RUNS_A_SIDE) {
    const [a, b] = [base, candidate].map((values) => values.slice(first, first + RUNS_A_SIDE));
    const difference = worsening(rule, a, b);
    if (Number.isFinite(difference)) differences.push(difference);
  }
  return differences;
}

/** How much worse the values of b are than those of a, in the scale in which effects add up. */
export function worsening(rule: MetricRule, a: readonly number[], b: readonly number[]): number {
  const level = scaleOf(rule, [...a, ...b]);
  return signOf(rule) * (meanOf(b.map(level)) - meanOf(a.map(level)));
}

/** Each value as how much worse it is than the middle of a; all on one scale, so that handing them out anew leaves them what they are. */
export function onOneScale(
  rule: MetricRule,
  a: readonly number[],
  b: readonly number[],
): readonly [a: readonly number[], b: readonly number[]] {
  const level = scaleOf(rule, [...a, ...b]);
  const middle = meanOf(a.map(level));
  const of = (values: readonly number[]) => values.map((value) => signOf(rule) * (level(value) - middle));
  return [of(a), of(b)];
}

/** The scale on which effects add up: logarithms, or where not all values have one, shares of the mean of their sizes. */
function scaleOf({ scale }: MetricRule, all: readonly number[]): (value: number) => number {
  if (scale === "absolute") return (value) => value;
  if (all.every((value) => value > 0)) return log;
  const size = meanOf(all.map(Math.abs));
  return size === 0 ? () => 0 : (value) => value / size;
}

function signOf({ better }: MetricRule): 1 | -1 {
  return better === "low" ? 1 : -1;
}

/** The minimum effect on the scale of worsening. */
export function minimumWorsening({ better, scale, minimumEffect }: MetricRule): number {
  if (scale === "absolute") return minimumEffect;
  return better === "low" ? log1p(minimumEffect) : -log1p(-minimumEffect);
}

/** A worsening as an effect: candidate / base − 1, or candidate − base. */
export function asEffect(rule: MetricRule, worse: number): number {
  const turned = signOf(rule) * worse;
  return rule.scale === "absolute" ? turned : expm1(turned);
}
