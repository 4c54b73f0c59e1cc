// Where between two neighbours a step lies, as well as its points can tell: the likelihood of every place, with the two levels that
// fit best there and normal noise of one size.
// Of a step of two standard deviations the place of least squares is the very one 63 times in 100, and within two of it 93 times,
// which is what noise leaves even to one who knows both levels (94). People look at the commits around the one that is named; so it is
// the place with most chance within two of it, the very place counting a third more: 61 and 95 times in 100.

import { exp } from "../../config/elementary.ts";
import { explainedBySplit, LEAST_SIDE } from "./levels.ts";

export interface StepPlace {
  /** Of the first point of the new level. */
  readonly index: number;
  /** The first point of the new level is one of these, with 95 % of the chance. */
  readonly earliest: number;
  readonly latest: number;
}

const WITHIN = 2;
const VERY_PLACE = 1 / 3;
/** A place far less likely than the likeliest is not named only because it lies between two that are. */
const LIKELY_ENOUGH = 0.03;
const TAIL = 0.025;

/** @param pointsPerIndependent how many points say together what an independent one says, 1 or more. */
export function stepPlace(points: Float64Array, from: number, to: number, pointsPerIndependent: number): StepPlace {
  const { explained, best, unexplained } = explainedBySplit(points, from, to);
  const variance = (unexplained * pointsPerIndependent) / (to - from - 2);
  const chances = explained.map((squares) => chanceOf(squares - explained[best]!, variance));
  let index = best;
  let most = 0;
  for (const [place, chance] of chances.entries()) {
    if (chance < LIKELY_ENOUGH) continue;
    let near = VERY_PLACE * chance;
    for (let other = Math.max(0, place - WITHIN); other <= place + WITHIN && other < chances.length; other++)
      near += chances[other]!;
    if (near > most) {
      most = near;
      index = place;
    }
  }
  const total = chances.reduce((sum, chance) => sum + chance, 0);
  const earliest = passes(chances, TAIL * total);
  const latest = passes(chances, (1 - TAIL) * total);
  const first = from + LEAST_SIDE;
  return { index: first + index, earliest: first + Math.min(earliest, index), latest: first + Math.max(latest, index) };
}

function chanceOf(lessExplained: number, variance: number): number {
  if (lessExplained === 0) return 1;
  return variance === 0 ? 0 : exp(lessExplained / (2 * variance));
}

/** The first place up to which there is more than so much chance. */
function passes(chances: Float64Array, amount: number): number {
  let sum = 0;
  for (const [place, chance] of chances.entries()) {
    sum += chance;
    if (sum > amount) return place;
  }
  return chances.length - 1;
}
