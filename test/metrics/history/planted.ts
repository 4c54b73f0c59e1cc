// Series with known levels for the tests of change points.

import { createRandom } from "../../../metrics/random-numbers.ts";

/** Normal noise of standard deviation 1 about a level. */
export function steadyAbout(level: number, length: number, seed: number): number[] {
  const random = createRandom(seed);
  return Array.from({ length }, () => {
    return level + Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  });
}

/** Levels one after the other, each with so many points. */
export function levelsOf(parts: readonly (readonly [level: number, points: number])[], seed: number): number[] {
  const noise = steadyAbout(
    0,
    parts.reduce((sum, [, points]) => sum + points, 0),
    seed,
  );
  return parts
    .flatMap(([level, points]) => new Array<number>(points).fill(level))
    .map((level, index) => level + noise[index]!);
}
