// How the verdicts of a comparison came about, for readers who want to know whether to believe them; and what became of waivers.

import type { Comparison, ComparisonDesign, WaiverUse } from "../../metrics/compare/comparison.ts";
import { formatNumber } from "../format-number.ts";

/** Three or four sentences. */
export function howJudged(comparison: Comparison): string {
  const { design, seed } = comparison;
  const discoveries = `Over all metrics together, of what is told to be regressed at most ${falseShare(comparison)} is so by chance.`;
  return [ways[design], ...verdictsOf(design), discoveries, `Everything drawn was drawn from seed ${seed}.`].join(" ");
}

/** "1 %", never broken between the two. */
export function falseShare({ falseDiscoveryRate }: Comparison): string {
  return `${formatNumber(Number((100 * falseDiscoveryRate).toPrecision(3)))}\u00a0%`;
}

const ways: Readonly<Record<ComparisonDesign, string>> = {
  interleaved:
    "Both sides ran in turns, in blocks of four fresh processes (ABBA or BAAB) whose order was drawn by a fair coin, so that noise and drift of the machine favour neither side.",
  sets: "The runs of the two sides did not take turns: they are told apart by handing them out to two sides anew, as often as can be, and what the machine did between the sides cannot be told from a change.",
  single:
    "There is one run of each side. What happened inside a run does not say how runs differ, so that there is a verdict only where that was known beforehand.",
};

function verdictsOf(design: ComparisonDesign): readonly string[] {
  if (design !== "interleaved") {
    return [
      "Regressed: beyond chance, and by the minimum effect or more.",
      "No worse: a worsening by the minimum effect is ruled out; else nothing can be told.",
    ];
  }
  return [
    "Each block is a bet on which side is slower; the evidence is what a gambler's stake of 1 has grown to (an e-value), and may be looked at after every block.",
    "Regressed: the evidence against not worse is strong enough, and the effect reaches the minimum effect. No worse: the evidence against a worsening by the minimum effect or more has reached 20; else nothing can be told.",
  ];
}

export const waiverUses: Readonly<Record<WaiverUse["use"], string>> = {
  used: "A regression fell under it and does not count.",
  idle: "Nothing regressed under it, so it can go.",
  expired: "Its day is over.",
  elsewhere: "It is not about this commit.",
};
