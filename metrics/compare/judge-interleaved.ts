// Verdicts on runs that took turns in blocks, whose order was drawn. They may be asked for after every block: what is said then is as
// safe as what is said once at the end.

import { createRandom, type Random } from "../random-numbers.ts";
import { asEffect, blockDifferences, minimumWorsening, RUNS_A_SIDE } from "./block-differences.ts";
import type { MetricRule } from "./comparison.ts";
import { discoveriesByEvidence, evidenceNeeded } from "./discovery.ts";
import { createBettor, evidenceAbove } from "./evidence.ts";
import {
  floorOf,
  inWords,
  isUndecidable,
  type Judged,
  type JudgeOptions,
  type MetricValues,
  NO_WORSE_EVIDENCE,
  unjudged,
} from "./judged.ts";
import { middleInterval, middleOf } from "./middle.ts";
import { evidenceOfNoSlower } from "./shape.ts";

interface Sides {
  /** One a block, above 0 worse. */
  readonly differences: readonly number[];
  readonly minimum: number;
  /** Against "not worse at all". */
  readonly worse: number;
  /** Against "not better at all". */
  readonly better: number;
  /** Against "worse by the minimum effect or more". */
  readonly noWorse: number;
  readonly middle: number;
}

/** @param metrics of one comparison: false discoveries are counted over all of them. @returns one verdict a metric, in order. */
export function judgeInterleaved(metrics: readonly MetricValues[], options: JudgeOptions): readonly Judged[] {
  const { falseDiscoveryRate, seed, interim = false } = options;
  const differencesOfAll = metrics.map(
    ({ rule, base, candidate, differences }) => differences ?? blockDifferences(rule, base, candidate),
  );
  // What never differs makes no claim. That is to be seen without looking at a sign, so it leaves the others' evidence what it is.
  const differs = differencesOfAll.map((differences) => differences.some((difference) => difference !== 0));
  const enough = evidenceNeeded(Math.max(1, differs.filter(Boolean).length), falseDiscoveryRate);
  const sides = metrics.map(({ rule, slower }, i) => weigh(rule, differencesOfAll[i], enough, slower));
  const worse = discoveriesByEvidence(
    sides.map((side, i) => (differs[i] ? (side?.worse ?? null) : null)),
    falseDiscoveryRate,
  );
  const better = discoveriesByEvidence(
    sides.map((side, i) => (differs[i] ? (side?.better ?? null) : null)),
    falseDiscoveryRate,
  );
  const random = createRandom(seed);
  return metrics.map(({ key, rule }, i) => {
    const side = sides[i];
    if (side === null) return unjudged(key, "No block has the metric on both sides.");
    const undecidable = isUndecidable(rule, floorOf(options, key));
    const verdict =
      worse[i] && side.middle >= side.minimum
        ? "regressed"
        : side.noWorse >= NO_WORSE_EVIDENCE && side.middle < side.minimum
          ? "no worse"
          : "cannot tell";
    const improved = better[i] && side.middle < 0;
    const { differences, middle } = side;
    const settled = verdict !== "cannot tell";
    return {
      key,
      verdict,
      improved,
      reason: reasonOf(rule, side, verdict, improved, undecidable),
      evidence: { worse: side.worse, noWorse: side.noWorse },
      moreRuns: settled || interim ? null : moreRuns(side, enough, random),
      undecidable: undecidable && !settled,
      effect: {
        value: asEffect(rule, middle),
        interval: interim ? null : effectInterval(rule, differences, random),
      },
    };
  });
}

function weigh(
  rule: MetricRule,
  differences: readonly number[],
  enough: number,
  slower: MetricValues["slower"],
): Sides | null {
  if (differences.length === 0) return null;
  const minimum = minimumWorsening(rule);
  return {
    differences,
    minimum,
    worse: evidenceAbove(differences, enough),
    better: evidenceAbove(
      differences.map((difference) => -difference),
      enough,
    ),
    noWorse:
      slower === undefined
        ? evidenceAbove(
            differences.map((difference) => minimum - difference),
            NO_WORSE_EVIDENCE,
          )
        : evidenceOfNoSlower(slower, minimum, NO_WORSE_EVIDENCE),
    middle: middleOf(differences),
  };
}

function effectInterval(rule: MetricRule, differences: readonly number[], random: Random) {
  const interval = middleInterval(differences, random, `${differences.length} blocks`);
  if (interval === null) return null;
  const [one, other] = [asEffect(rule, interval.low), asEffect(rule, interval.high)];
  return { low: Math.min(one, other), high: Math.max(one, other), method: interval.method };
}

function reasonOf(
  rule: MetricRule,
  { differences, worse, middle, minimum }: Sides,
  verdict: Judged["verdict"],
  improved: boolean,
  undecidable: boolean,
): string {
  const blocks = differences.length;
  const above = differences.filter((difference) => difference > 0).length;
  const limit = inWords(rule);
  if (verdict === "regressed") {
    return `Worse in ${above} of ${blocks} blocks; chance alone gives such evidence in at most 1 of ${Math.floor(worse)} cases.`;
  }
  if (verdict === "no worse") {
    return improved ? "Shown to be better." : `Shown to be worse by less than ${limit}, if at all.`;
  }
  if (undecidable) return `The noise of this machine hides an effect of ${limit}.`;
  if (worse >= NO_WORSE_EVIDENCE && middle > 0) {
    const size = middle < minimum ? `, and it looks smaller than ${limit}` : "";
    return `Worse in ${above} of ${blocks} blocks, which is not yet beyond chance among so many metrics${size}.`;
  }
  return `After ${blocks} blocks neither a change for the worse nor its absence within ${limit} is shown.`;
}

/** Futures to draw, and how far ahead. */
const FUTURES = 41;
const BLOCKS_AHEAD_MAX = 250;

/**
 * Runs of each side until there would be a verdict, if further blocks are like those there are: the middle of several futures.
 * @returns null where most of them come to no verdict.
 */
function moreRuns({ differences, minimum, worse }: Sides, enough: number, random: Random): number | null {
  const ahead = Array.from({ length: FUTURES }, () => {
    const bettors = {
      worse: createBettor(enough),
      noWorse: createBettor(NO_WORSE_EVIDENCE),
    };
    for (const difference of differences) {
      bettors.worse.bet(difference);
      bettors.noWorse.bet(minimum - difference);
    }
    for (let blocks = 1; blocks <= BLOCKS_AHEAD_MAX; blocks++) {
      const difference = differences[random.below(differences.length)];
      if (bettors.worse.bet(difference) >= enough || bettors.noWorse.bet(minimum - difference) >= NO_WORSE_EVIDENCE) {
        return blocks;
      }
    }
    return Number.POSITIVE_INFINITY;
  }).sort((a, b) => a - b);
  const blocks = ahead[FUTURES >> 1];
  // Who has the evidence already waits for the effect to come out on one side of the minimum.
  if (worse >= enough) return differences.length * RUNS_A_SIDE;
  return Number.isFinite(blocks) ? blocks * RUNS_A_SIDE : null;
}
