// The same question about two sets of runs that did not take turns: is the candidate slower at some point of the distribution, medians
// made alike, by more than handing the runs out to two sides by chance would make it?

import type { Interval } from "../estimate.ts";
import type { Random } from "../random-numbers.ts";
import { percentileInterval } from "./middle.ts";
import { type Curve, slowest } from "./shape.ts";

/** How often the runs are handed out anew, the way they were among them. */
const WAYS = 2_000;

export interface ShapeOfSets {
  /** Share of the requests by which the candidate is slower, at the point where it is most so; 0 or more. */
  readonly moved: number;
  readonly interval: Interval;
  /** Chance of so much or more by handing out alone. */
  readonly chance: number;
}

/** @param a, b one curve a run, at least one of each. */
export function shapeOfSets(a: readonly Curve[], b: readonly Curve[], random: Random): ShapeOfSets {
  const observed = slowerOf(a, b);
  const point = slowest(observed);
  const all = [...a, ...b];
  let asFar = 1;
  for (let way = 1; way < WAYS; way++) {
    shuffle(all, random);
    const drawn = slowerOf(all.slice(0, a.length), all.slice(a.length));
    if (drawn[slowest(drawn)] >= observed[point]) asFar++;
  }
  const meanAt = (curves: readonly Curve[]) => {
    let sum = 0;
    for (let i = 0; i < curves.length; i++) sum += curves[random.below(curves.length)][point];
    return sum / curves.length;
  };
  return {
    moved: observed[point],
    interval: percentileInterval(() => meanAt(a) - meanAt(b), `${a.length} and ${b.length} runs`),
    chance: asFar / WAYS,
  };
}

/** The mean of a less the mean of b, point by point: where fewer of b's requests are done, they are slower. */
function slowerOf(a: readonly Curve[], b: readonly Curve[]): Curve {
  const slower = new Float64Array(a[0].length);
  for (const curve of a) for (let i = 0; i < curve.length; i++) slower[i] += curve[i] / a.length;
  for (const curve of b) for (let i = 0; i < curve.length; i++) slower[i] -= curve[i] / b.length;
  return slower;
}

function shuffle<T>(values: T[], random: Random): void {
  for (let i = values.length - 1; i > 0; i--) {
    const other = random.below(i + 1);
    [values[i], values[other]] = [values[other], values[i]];
  }
}
