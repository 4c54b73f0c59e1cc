// How long who has come stays in a system that has room for all: what the formulas of M/G/∞ need to know of it, and no more.

import type { Law } from "../../config/scenario.ts";
import { lawCdf, lawMean, lawMeanBelow } from "../../workload/distributions.ts";

export interface Stay {
  /** E[S], ms. */
  readonly meanMs: number;
  /** P(S > age): the chance that one who came so long ago is there. At age 0 all are. */
  readonly tail: (ageMs: number) => number;
  /** ∫ P(S > u) du from 0 to an age, which is E[min(S, age)], ms. */
  readonly meanBelowMs: (ageMs: number) => number;
  /** Ages at which the tail jumps or bends. */
  readonly breaksMs: readonly number[];
}

/** @param law of values in ms. */
export function stayOf(law: Law): Stay {
  return {
    meanMs: lawMean(law),
    tail: (ageMs) => 1 - lawCdf(law, ageMs),
    meanBelowMs: (ageMs) => lawMeanBelow(law, ageMs),
    breaksMs: breaksOf(law),
  };
}

function breaksOf(law: Law): readonly number[] {
  if (law.kind === "constant") return [law.value];
  if (law.kind === "empirical") return law.quantiles;
  const ends = law.max === undefined ? [] : [law.max];
  return law.kind === "pareto" ? [law.min, ...ends] : ends;
}
