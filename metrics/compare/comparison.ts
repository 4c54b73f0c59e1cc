// What a comparison of two sides answers: a verdict for each metric, what it rests on, and what it would take to settle the rest.
// Reports read this and know no more; metrics/compare/compare-runs.ts makes it of RunResults.

import type { Waiver } from "../../config/waivers.ts";
import type { Estimate } from "../estimate.ts";
import type { DriverName, Environment } from "../run-result.ts";

export type { Waiver } from "../../config/waivers.ts";

export const COMPARISON_SCHEMA = "sessionlab.comparison/1";

/** "no worse": shown to be worse by less than the minimum effect, which is more than not having been shown to be worse. */
export const comparisonVerdicts = ["regressed", "cannot tell", "no worse"] as const;
export type ComparisonVerdict = (typeof comparisonVerdicts)[number];

/** What a change of a metric means. */
export interface MetricRule {
  readonly better: "low" | "high";
  /** relative: the effect is candidate / base − 1. absolute: candidate − base in the unit of the metric, as for shares. */
  readonly scale: "relative" | "absolute";
  /** Above 0: a change for the worse that is smaller is none that anybody needs to hear of. */
  readonly minimumEffect: number;
}

/**
 * interleaved: blocks of ABBA or BAAB, whose order was drawn; the verdict needs no assumption about the machine's noise.
 * sets: several runs a side, apart in time. single: one run a side, whose inside shows nothing of how runs differ.
 */
export type ComparisonDesign = "interleaved" | "sets" | "single";

export interface MetricComparison {
  /** Of the figure, or of what is derived from it: "responseP50Ms", "micro.getItem.4096.meanMs", "responseShape". */
  readonly key: string;
  readonly label: string;
  /** As of a Figure. */
  readonly unit: string;
  readonly rule: MetricRule;
  /** The middle of the runs of a side; null where a side does not know the metric. */
  readonly base: number | null;
  readonly candidate: number | null;
  /** As the rule's scale has it, not turned for "worse": +0.05 is 5 % more, be it good or bad. Its interval is a bootstrap's. */
  readonly effect: Estimate | null;
  readonly verdict: ComparisonVerdict;
  /** Shown to be better: the interval of the effect lies on the good side, and the evidence is as strong as a regression's. */
  readonly improved: boolean;
  /** One sentence without figures' names: why this verdict, or why none. */
  readonly reason: string;
  /** Evidence against "not worse at all" and against "worse by the minimum effect or more": e-values, 1 is none. null where there is none. */
  readonly evidence: { readonly worse: number; readonly noWorse: number } | null;
  /** Runs of each side that would settle it, beyond those there are; null where it is settled, or no sensible number would. */
  readonly moreRuns: number | null;
  /** The smallest effect that this machine's noise lets one decide, in the scale of the rule; null where that was not measured. */
  readonly floor: number | null;
  /** The minimum effect lies under the floor. */
  readonly undecidable: boolean;
  /** A regression that somebody has taken on: it is told and does not fail the comparison. */
  readonly waiver: Waiver | null;
  /** One value a run, in the order they ran. */
  readonly runs: { readonly base: readonly number[]; readonly candidate: readonly number[] };
}

/** What became of a waiver of the waiver file in this comparison. */
export interface WaiverUse {
  readonly waiver: Waiver;
  /** used: a regression fell under it. idle: none did. expired: its day is over. elsewhere: it is about other commits. */
  readonly use: "used" | "idle" | "expired" | "elsewhere";
}

export interface ComparedSide {
  /** As the user named it: "HEAD~1", "the working tree", "base.json". */
  readonly name: string;
  /** Of its results: "InProc, micro". */
  readonly label: string;
  readonly store: string | null;
  /** Full or short hash; null where the results do not say. */
  readonly commit: string | null;
  readonly runs: number;
  /** Runs that were left out, because they were invalid or cut short. */
  readonly runsLeftOut: number;
  /** Of its first run. */
  readonly environment: Environment;
}

export interface Comparison {
  readonly schema: typeof COMPARISON_SCHEMA;
  readonly design: ComparisonDesign;
  readonly driver: DriverName;
  readonly scenario: string;
  readonly base: ComparedSide;
  readonly candidate: ComparedSide;
  /** Blocks of four runs, where they were interleaved; else 0. */
  readonly blocks: number;
  /** The worst verdict of those without a waiver: regressed, cannot tell, no worse. */
  readonly verdict: ComparisonVerdict;
  /** Of all "regressed", the share that may be false, at most; of comparisons of alike sides, the share that says so of any metric. */
  readonly falseDiscoveryRate: number;
  /** Worst first: regressed, cannot tell, no worse; then in the order of the figures. */
  readonly metrics: readonly MetricComparison[];
  readonly waivers: readonly WaiverUse[];
  /** Why these should not have been compared, where they were forced to be. */
  readonly objections: readonly string[];
  /** One sentence each: what a reader should know: runs left out, the noise that was not measured, a cut. */
  readonly findings: readonly string[];
  /** false when it was cut short. */
  readonly complete: boolean;
  readonly seed: number;
  readonly command: string;
}
