// What the judging of one metric comes to, whichever way its runs were laid out; and how one goes from evidence to a verdict.

import type { Estimate } from "../estimate.ts";
import type { MetricComparison, MetricRule } from "./comparison.ts";
import type { Curve } from "./shape.ts";

/** A metric as it comes to be judged: one value a run, in the order they ran; NaN where a run does not know it. */
export interface MetricValues {
  readonly key: string;
  readonly rule: MetricRule;
  readonly base: readonly number[];
  readonly candidate: readonly number[];
  /** Where blocks say it themselves, one difference a block, above 0 worse; left out, they come from the values. */
  readonly differences?: readonly number[];
  /** Of a metric that is a distribution: one a block, how much worse at every point; with `differences`. */
  readonly slower?: readonly Curve[];
  /** Of a metric that is a distribution, one curve a run. */
  readonly curves?: { readonly base: readonly Curve[]; readonly candidate: readonly Curve[] };
}

export interface JudgeOptions {
  /** Of all "regressed", the share that may be false; where nothing changed, the chance of any. */
  readonly falseDiscoveryRate: number;
  /** What resampling draws from. */
  readonly seed: number;
  /** By key, in the scale of the rule. */
  readonly floors?: ReadonlyMap<string, number>;
  /** Verdicts alone, without intervals and what is missing: between blocks. */
  readonly interim?: boolean;
}

export type Judged = Pick<
  MetricComparison,
  "key" | "verdict" | "improved" | "reason" | "evidence" | "moreRuns" | "undecidable"
> & {
  readonly effect: Estimate | null;
};

/** Of comparisons whose sides are alike, at most so many call anything a regression. */
export const FALSE_DISCOVERY_RATE = 0.01;

/** At most one "no worse" in twenty is said of a metric that is worse by the minimum effect. */
export const NO_WORSE_EVIDENCE = 20;

/** null where no floor is known. */
export function floorOf({ floors }: JudgeOptions, key: string): number | null {
  return floors?.get(key) ?? null;
}

export function isUndecidable(rule: MetricRule, floor: number | null): boolean {
  return floor !== null && floor > rule.minimumEffect;
}

/** Why nothing can be said of a metric at all. */
export function unjudged(key: string, reason: string): Judged {
  return {
    key,
    verdict: "cannot tell",
    improved: false,
    reason,
    evidence: null,
    moreRuns: null,
    undecidable: false,
    effect: null,
  };
}

/** "5 %", "0.5 points", "0.05": a minimum effect in words. */
export function inWords({ scale, minimumEffect }: MetricRule): string {
  const percent = `${Number((minimumEffect * 100).toPrecision(3))}`;
  return scale === "relative" ? `${percent} %` : `${percent} points`;
}
