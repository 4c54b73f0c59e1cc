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
  return signOf(rule) * (levelOf(rule, b, a) - levelOf(rule, a, b));
}

/** The middle of some values on that scale; of values that have no logarithm, their mean by the size of all. */
function levelOf({ scale }: MetricRule, values: readonly number[], others: readonly number[]): number {
  if (scale === "absolute") return meanOf(values);
  const all = [...values, ...others];
  if (all.every((value) => value > 0)) return meanOf(values.map(log));
  const size = meanOf(all.map(Math.abs));
  return size === 0 ? 0 : meanOf(values) / size;
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
