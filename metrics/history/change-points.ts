// Where the level of a series changes: outliers taken out, candidates found and judged by one of two methods, and put where they fit best.

import { assert } from "../../config/assert.ts";
import { createRandom } from "../random-numbers.ts";
import { carryOver, pointsPerIndependent } from "./carry-over.ts";
import { eDivisive, splitPValue } from "./e-divisive.ts";
import { meanBetween } from "./levels.ts";
import { findOutliers } from "./outliers.ts";
import { settle } from "./settle.ts";
import { chosenPValue, studentLevels } from "./student-windows.ts";

export type ChangePointMethod = "t-test" | "permutation";

export interface ChangePointOptions {
  readonly method: ChangePointMethod;
  /** A change at least as clear comes out of a steady stretch with this chance, wherever in the stretch it might be. */
  readonly maxPValue: number;
  /** Changes smaller than this share of the smaller of both levels are left out; 0 for none. */
  readonly minMagnitude: number;
  /** Points of the shortest windows of the t-test; longer ones are looked at too. */
  readonly windowLength: number;
  /** Shuffles of a stretch; the smallest p-value there can be is 1 / (permutations + 1). */
  readonly permutations: number;
  /** Of the shuffles. */
  readonly seed: number;
}

/**
 * The t-test, because it needs three points on a side (of eight points there are too few orders for shuffles to be sure of anything),
 * takes a seventh of the time, has no seed to wonder about, and of series whose noise is half carried over from run to run rouses
 * 2 in 100 that are steady where shuffles rouse 11 (npm run proof:change-points). Shuffles are the better of skewed noise.
 */
export const changePointDefaults: Omit<ChangePointOptions, "maxPValue"> = {
  method: "t-test",
  minMagnitude: 0,
  windowLength: 50,
  permutations: 199,
  seed: 1,
};

/**
 * Where none is asked for. The t-test's is for normal noise and a little goes through of noise with heavy tails, so that it is asked
 * for more; shuffles take noise as it is, and would have to be ten times as many.
 */
export const usualMaxPValue: Readonly<Record<ChangePointMethod, number>> = { "t-test": 0.001, permutation: 0.01 };

/** Of a candidate of the t-test, at a place chosen beforehand. */
const WEAK_P_VALUE = 0.05;

export interface LevelChange {
  /** Of the first point of the new level. */
  readonly index: number;
  /** With 95 % of the chance the new level began after the point `after` of this range, and by `by` at the latest. */
  readonly range: { readonly after: number; readonly by: number };
  readonly pValue: number;
  /** Means of the levels, outliers left out. */
  readonly before: number;
  readonly after: number;
}

export interface Levels {
  readonly changes: readonly LevelChange[];
  /** Indexes, in order. */
  readonly outliers: readonly number[];
}

/** @param values finite, in order of time, any number of them. @returns where levels begin, in order. */
export function changePoints(
  values: readonly number[],
  options: Partial<ChangePointOptions> = {},
): readonly LevelChange[] {
  return findLevels(values, options).changes;
}

/** The change points of a series, and the outliers that were left out of them. @param values finite, in order of time. */
export function findLevels(values: readonly number[], options: Partial<ChangePointOptions> = {}): Levels {
  const method = options.method ?? changePointDefaults.method;
  const choice = { ...changePointDefaults, maxPValue: usualMaxPValue[method], ...options };
  assert(values.every(Number.isFinite), "what was measured is a number");
  assert(choice.maxPValue > 0 && choice.maxPValue < 1, "a p-value lies between 0 and 1");
  assert(choice.minMagnitude >= 0, "a magnitude has no sign");
  assert(Number.isInteger(choice.windowLength) && choice.windowLength >= 2, "a window has two sides");
  assert(Number.isInteger(choice.permutations) && choice.permutations >= 1, "points are shuffled once at least");
  const outliers = findOutliers(values);
  const out = new Set(outliers);
  const kept = values.map((_, index) => index).filter((index) => !out.has(index));
  const points = Float64Array.from(kept, (index) => values[index]!);
  // As shares of the largest: squares of any unit stay within the range of a double.
  const largest = points.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const shares = largest === 0 ? points : points.map((value) => value / largest);
  const settled = methods[choice.method](shares, choice);
  const bounds = [0, ...settled.map(({ index }) => index), points.length];
  const changes = settled.map(({ index, pValue, earliest, latest }, place) => ({
    index: kept[index]!,
    range: { after: kept[earliest - 1]!, by: kept[latest]! },
    pValue,
    before: meanBetween(points, bounds[place]!, index),
    after: meanBetween(points, index, bounds[place + 2]!),
  }));
  return { changes, outliers };
}

type Method = (points: Float64Array, options: ChangePointOptions) => ReturnType<typeof settle>;

const methods: Readonly<Record<ChangePointMethod, Method>> = {
  "t-test"(points, { maxPValue, minMagnitude, windowLength }) {
    const perIndependent = pointsPerIndependent(carryOver(points));
    const weakPValue = Math.max(maxPValue, WEAK_P_VALUE);
    return studentLevels(points, windowLength, weakPValue, {
      maxPValue,
      minMagnitude,
      pointsPerIndependent: perIndependent,
      pValueOf: (all, from, index, to) => chosenPValue(all, from, index, to, perIndependent),
    });
  },
  permutation(points, { maxPValue, minMagnitude, permutations, seed }) {
    const perIndependent = pointsPerIndependent(carryOver(points));
    // Blocks about twice as long as what goes together: their ends are cut from their neighbours.
    const blockLength = Math.round(2 * perIndependent - 1);
    const choice = { maxPValue, permutations, random: createRandom(seed), blockLength };
    const judged = new Map<number, number>();
    return settle(points, eDivisive(points, choice), {
      maxPValue,
      minMagnitude,
      pointsPerIndependent: perIndependent,
      pValueOf(all, from, _index, to) {
        const stretch = from * (all.length + 1) + to;
        const pValue = judged.get(stretch) ?? splitPValue(all.subarray(from, to), choice);
        judged.set(stretch, pValue);
        return pValue;
      },
    });
  },
};
