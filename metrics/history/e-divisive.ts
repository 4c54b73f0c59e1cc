// E-divisive: splits a series where the two sides are most unlike, and asks chance whether that much happens in the same points in
// any order. What is left on either side is split in turn.
// Source: Matteson and James (2014), with four differences. A split is put where the least squares have it before the sides are
// looked at. A stretch is judged by shuffles of that stretch alone, so that work grows with the depth of splits and not with their
// number. The count of shuffles has the series itself in it (Phipson and Smyth 2010), so that no p-value is 0, and shuffling stops as
// soon as so many did as well that the answer is no (Besag and Clifford 1991). And a stretch that does not come apart in two is asked
// for a level that came and went.

import type { Random } from "../random-numbers.ts";
import { BUMP_STRETCH_LEAST, highestBump } from "./bump.ts";
import { energyPeak, energyStretch } from "./energy-statistic.ts";
import { explainedBySplit, LEAST_SIDE } from "./levels.ts";

export interface PermutationChoice {
  readonly maxPValue: number;
  readonly permutations: number;
  readonly random: Random;
  /** Neighbours that stay together when the points are shuffled, 1 where they are independent. */
  readonly blockLength: number;
}

/** The share of rounding that two sums of the same numbers in different order may be apart. */
const ROUNDING = 1e-9;

/** @returns where levels may begin, in order. */
export function eDivisive(points: Float64Array, choice: PermutationChoice): number[] {
  const found: number[] = [];
  const stretches = [{ from: 0, to: points.length }];
  for (let next = stretches.pop(); next !== undefined; next = stretches.pop()) {
    const { from, to } = next;
    const splits = splitsOf(points.subarray(from, to), choice).map((split) => from + split);
    found.push(...splits);
    if (splits.length > 0)
      for (const [place, start] of [from, ...splits].entries())
        stretches.push({ from: start, to: splits[place] ?? to });
  }
  return found.sort((a, b) => a - b);
}

/** One place where the stretch comes apart, two where a level came and went, or none. */
function splitsOf(points: Float64Array, choice: PermutationChoice): readonly number[] {
  if (splitPValue(points, choice) <= choice.maxPValue)
    return [LEAST_SIDE + explainedBySplit(points, 0, points.length).best];
  if (points.length < BUMP_STRETCH_LEAST) return [];
  const sums = new Float64Array(points.length + 1);
  const fromFirst = aboutFirst(points);
  const { from, to, statistic } = highestBump(fromFirst, sums);
  const shuffled = new Float64Array(points.length);
  // The second question about the same points: it has half the chance to be answered wrongly, as far as so many shuffles can tell.
  const maxPValue = Math.max(choice.maxPValue / 2, 1 / (choice.permutations + 1));
  const asked = { ...choice, maxPValue };
  const pValue = shufflePValue(Int32Array.from(points.keys()), statistic, asked, (order) => {
    for (let place = 0; place < order.length; place++) shuffled[place] = fromFirst[order[place]!]!;
    return highestBump(shuffled, sums).statistic;
  });
  return pValue <= Math.min(maxPValue, choice.maxPValue) ? [from, to] : [];
}

/** The chance that the points of this stretch, in another order, come apart in two as well as they do. */
export function splitPValue(points: Float64Array, choice: PermutationChoice): number {
  if (points.length < 2 * LEAST_SIDE) return 1;
  const stretch = energyStretch(aboutFirst(points));
  const statisticOf = (order: Int32Array) => energyPeak(stretch, order, LEAST_SIDE).statistic;
  return shufflePValue(stretch.ranks, statisticOf(stretch.ranks), choice, statisticOf);
}

/** Equal points come out as 0 exactly, so that their sums do too and rounding is not taken for a difference. */
function aboutFirst(points: Float64Array): Float64Array {
  return points.map((value) => value - points[0]!);
}

function shufflePValue(
  inOrder: Int32Array,
  observed: number,
  { maxPValue, permutations, random, blockLength }: PermutationChoice,
  statisticOf: (order: Int32Array) => number,
): number {
  const asGood = observed * (1 - ROUNDING);
  const blocks = Int32Array.from({ length: Math.ceil(inOrder.length / blockLength) }, (_, block) => block);
  const order = new Int32Array(inOrder.length);
  let better = 0;
  for (let done = 1; done <= permutations; done++) {
    shuffle(blocks, random);
    putInBlocks(inOrder, blocks, blockLength, order);
    if (statisticOf(order) < asGood) continue;
    better++;
    if (better + 1 > maxPValue * (permutations + 1)) return (better + 1) / (done + 1);
  }
  return (better + 1) / (permutations + 1);
}

/** Fisher and Yates. */
function shuffle(blocks: Int32Array, random: Random): void {
  for (let last = blocks.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    const kept = blocks[last]!;
    blocks[last] = blocks[other]!;
    blocks[other] = kept;
  }
}

function putInBlocks(inOrder: Int32Array, blocks: Int32Array, blockLength: number, order: Int32Array): void {
  let place = 0;
  for (const block of blocks) {
    const end = Math.min(inOrder.length, (block + 1) * blockLength);
    for (let taken = block * blockLength; taken < end; taken++) order[place++] = inOrder[taken]!;
  }
}
