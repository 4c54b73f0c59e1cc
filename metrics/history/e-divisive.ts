// E-divisive: splits a series where the two sides are most unlike, and asks chance whether that much happens in the same points in
// any order. What is left on either side is split in turn.
// Source: Matteson and James (2014), with three differences. A split is put where the least squares have it before the sides are
// looked at. A stretch is judged by shuffles of that stretch alone, so that work grows with the depth of splits and not with their
// number. The count of shuffles has the series itself in it (Phipson and Smyth 2010), so that no p-value is 0; and shuffling stops as
// soon as so many did as well that the answer is no (Besag and Clifford 1991).

import type { Random } from "../random-numbers.ts";
import { energyPeak, energyStretch } from "./energy-statistic.ts";
import { bestSplit, LEAST_SIDE } from "./levels.ts";

export interface PermutationChoice {
  readonly maxPValue: number;
  readonly permutations: number;
  readonly random: Random;
}

export interface Split {
  /** Of the first point of the new level. */
  readonly index: number;
  readonly pValue: number;
}

/** The share of rounding that two sums of the same distances in different order may be apart. */
const ROUNDING = 1e-9;

/** @returns where levels begin, in order. */
export function eDivisive(points: Float64Array, choice: PermutationChoice): Split[] {
  const found: Split[] = [];
  const stretches = [{ from: 0, to: points.length }];
  for (let next = stretches.pop(); next !== undefined; next = stretches.pop()) {
    const { from, to } = next;
    if (to - from < 2 * LEAST_SIDE) continue;
    const pValue = shufflePValue(points.subarray(from, to), choice);
    if (pValue > choice.maxPValue) continue;
    const index = bestSplit(points, from, to);
    found.push({ index, pValue });
    stretches.push({ from: index, to }, { from, to: index });
  }
  return found.sort((a, b) => a.index - b.index);
}

/** The chance that the points of this stretch, in another order, have a split as good as their best. */
export function shufflePValue(points: Float64Array, { maxPValue, permutations, random }: PermutationChoice): number {
  const stretch = energyStretch(points);
  const { statistic } = energyPeak(stretch, stretch.ranks, LEAST_SIDE);
  const asGood = statistic * (1 - ROUNDING);
  const order = Int32Array.from(stretch.ranks);
  let better = 0;
  for (let done = 1; done <= permutations; done++) {
    shuffle(order, random);
    if (energyPeak(stretch, order, LEAST_SIDE).statistic < asGood) continue;
    better++;
    if (better + 1 > maxPValue * (permutations + 1)) return (better + 1) / (done + 1);
  }
  return (better + 1) / (permutations + 1);
}

/** Fisher and Yates. */
function shuffle(order: Int32Array, random: Random): void {
  for (let last = order.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    const kept = order[last]!;
    order[last] = order[other]!;
    order[other] = kept;
  }
}
