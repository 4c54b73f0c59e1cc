// What a search for settings answers: the cheapest that meets the targets, how near it is to missing them, what would break it first,
// what lost against it and why, and which assumption the answer leans on most. Reports read this and know no more.

import type { Scenario } from "../../config/scenario.ts";
import type { VariedValue } from "../../config/vary.ts";
import type { Interval } from "../estimate.ts";
import type { Environment } from "../run-result.ts";

export const PLAN_SCHEMA = "sessionlab.plan/1";

/** One choice for every key that the search may set, by key: { "site.mode": "StateServer", "site.servers": 3 }. */
export type Choice = Readonly<Record<string, VariedValue>>;

/** What a choice costs a month, in the currency of the price file. */
export interface PlanCost {
  readonly total: number;
  /** What is paid for: "3 web servers × 120", "memory of the store, 2 GiB × 4". */
  readonly parts: readonly { readonly what: string; readonly amount: number }[];
}

/** A circumstance under which the targets must hold: the workload as it is, its worst hour, a fault. */
export interface Situation {
  /** fault: something strikes, named by the scenario or by whoever asked. */
  readonly kind: "workload" | "peak" | "fault";
  /** "peak", "kill-worker at minute 60". */
  readonly name: string;
  readonly description: string;
}

/** One target in one situation. */
export interface TargetEvidence {
  readonly figure: string;
  readonly label: string;
  readonly unit: string;
  /** "at most 0.1". */
  readonly limit: string;
  readonly situation: string;
  readonly value: number | null;
  /** Two-sided, of the confidence asked for the whole plan. */
  readonly interval: Interval | null;
  /** Met or missed with the stated confidence; null where that cannot be told from so many replications. */
  readonly met: boolean | null;
  /** From the value to the limit, as a share of the limit: above 0 is room, below 0 a miss; null at a limit of 0. */
  readonly margin: number | null;
}

export interface Candidate {
  readonly choice: Choice;
  readonly cost: PlanCost;
  /** meets: every target in every situation. misses: at least one, surely. undecided: neither is sure. */
  readonly verdict: "meets" | "misses" | "undecided";
  /** Of every target, the situation that comes nearest to missing it. */
  readonly targets: readonly TargetEvidence[];
  /** Replications of each situation. */
  readonly replications: number;
}

/** A point of the grid that was simulated, in a few words. */
export interface SeenPoint {
  readonly choice: Choice;
  readonly cost: number;
  readonly verdict: Candidate["verdict"];
  /** The smallest of its margins; null where none is known. */
  readonly margin: number | null;
}

/** With the recommended settings, the load at which something gives first. */
export interface BreakingPoint {
  /** Of the arrivals of the scenario: met at `metAt` times as many, missed at `missedAt` times as many; null: nothing broke up to there. */
  readonly metAt: number;
  readonly missedAt: number | null;
  /** The target that is missed first; null where none was. */
  readonly target: TargetEvidence | null;
  /** "the web cores are 98 % busy". */
  readonly why: string;
}

/** One assumption, turned down and up by so much, all else as it is. */
export interface Sensitivity {
  /** "think time", "service time of the store", "state size". */
  readonly assumption: string;
  /** Of the assumption: 0.8 and 1.25. */
  readonly low: SensitivityEnd;
  readonly high: SensitivityEnd;
}

export interface SensitivityEnd {
  readonly factor: number;
  /** The smallest margin of the recommendation then. */
  readonly margin: number | null;
  /** The cheapest choice that meets the targets then, and its cost; null where none does. */
  readonly choice: Choice | null;
  readonly cost: number | null;
}

export interface Plan {
  readonly schema: typeof PLAN_SCHEMA;
  /** As it was read, before anything is chosen. */
  readonly scenario: Scenario;
  readonly seed: number;
  readonly command: string;
  /** false: ended early; what is told is the best of what was looked at. */
  readonly complete: boolean;
  /** With which the recommendation meets every target: 0.95. */
  readonly confidence: number;
  readonly currency: string;
  /** Where the prices came from. */
  readonly prices: string;
  readonly situations: readonly Situation[];
  /** Keys and the values that the search could choose from. */
  readonly searched: readonly { readonly key: string; readonly values: readonly VariedValue[] }[];
  /** Of the grid: all, those simulated, and those left out because formulas or a dearer relative settled them. */
  readonly points: { readonly all: number; readonly simulated: number; readonly settled: number };
  /** Every point that was simulated, cheapest first; left out: no more is known than the candidates below. */
  readonly seen?: readonly SeenPoint[];
  /** null: no setting meets the targets. */
  readonly recommendation: Candidate | null;
  /** The next-best ones, and why each lost. */
  readonly alternatives: readonly { readonly candidate: Candidate; readonly why: string }[];
  /** Where no setting meets the targets: the one that is missed by the choice that comes nearest. */
  readonly binding: { readonly candidate: Candidate; readonly target: TargetEvidence } | null;
  readonly breaking: BreakingPoint | null;
  /** Widest first. */
  readonly sensitivities: readonly Sensitivity[];
  /** What the answer rests on that nobody measured; one sentence each. */
  readonly assumptions: readonly string[];
  /** The settings of the recommendation, ready to apply. */
  readonly apply: readonly { readonly name: string; readonly text: string }[];
  readonly environment: Environment;
}
