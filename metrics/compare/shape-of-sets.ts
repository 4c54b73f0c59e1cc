// The same question about two sets of runs that did not take turns: is the largest distance of their distributions, medians made alike,
// more than handing the runs out to two sides by chance would make of it?

import type { Interval } from "../estimate.ts";
import type { Random } from "../random-numbers.ts";
import { percentileInterval } from "./middle.ts";
import { type Curve, furthest, isSlower } from "./shape.ts";

/** How often the runs are handed out anew, the way they were among them. */
const WAYS = 2_000;

export interface ShapeOfSets {
  /** Share of the requests that lie elsewhere; above 0 where the slower half has moved away. */
  readonly moved: number;
  readonly interval: Interval;
  /** Chance of so much or more by handing out alone. */
  readonly chance: number;
}

/** @param a, b one curve a run, at least one of each. */
export function shapeOfSets(a: readonly Curve[], b: readonly Curve[], random: Random): ShapeOfSets {
  const observed = differenceOf(a, b);
  const { point, sign } = furthest(observed);
  const turn = isSlower(observed) ? sign : -sign;
  const all = [...a, ...b];
  const distance = Math.abs(observed[point]);
  let asFar = 1;
  for (let way = 1; way < WAYS; way++) {
    shuffle(all, random);
    const drawn = differenceOf(all.slice(0, a.length), all.slice(a.length));
    if (Math.abs(drawn[furthest(drawn).point]) >= distance) asFar++;
  }
  const meanAt = (curves: readonly Curve[]) => {
    let sum = 0;
    for (let i = 0; i < curves.length; i++) sum += curves[random.below(curves.length)][point];
    return sum / curves.length;
  };
  return {
    moved: turn * observed[point],
    interval: percentileInterval(() => turn * (meanAt(b) - meanAt(a)), `${a.length} and ${b.length} runs`),
    chance: asFar / WAYS,
  };
}

/** The mean of b less the mean of a, point by point. */
function differenceOf(a: readonly Curve[], b: readonly Curve[]): Curve {
  const difference = new Float64Array(a[0].length);
  for (const curve of a) for (let i = 0; i < curve.length; i++) difference[i] -= curve[i] / a.length;
  for (const curve of b) for (let i = 0; i < curve.length; i++) difference[i] += curve[i] / b.length;
  return difference;
}

function shuffle<T>(values: T[], random: Random): void {
  for (let i = values.length - 1; i > 0; i--) {
    const other = random.below(i + 1);
    [values[i], values[other]] = [values[other], values[i]];
  }
}
