// Finds where a likelihood is largest, for the one or two parameters of a law. No derivatives: near the edges of a law's support a
// likelihood drops to nothing, and answers -Infinity.

import { assert } from "../../config/assert.ts";

/** The point that maximises a function of any few numbers, by Nelder and Mead's simplex, begun at `start` with sides `step`. */
export function maximise(f: (point: readonly number[]) => number, start: readonly number[], step: number): number[] {
  const corner = (point: number[]) => ({ point, value: valueAt(f, point) });
  const simplex = [start, ...start.map((_, i) => start.map((x, j) => (i === j ? x + step : x)))].map((point) =>
    corner([...point]),
  );
  assert(
    simplex.some(({ value }) => value > Number.NEGATIVE_INFINITY),
    "the search starts where the likelihood is not zero",
  );
  for (let round = 0; round < 400; round++) {
    simplex.sort((a, b) => b.value - a.value);
    const best = simplex[0];
    const worst = simplex[simplex.length - 1];
    const size = Math.max(...simplex.flatMap(({ point }) => point.map((x, i) => Math.abs(x - best.point[i]))));
    if (size < 1e-8 || (size < 1e-4 && best.value - worst.value < 1e-9)) break;
    const others = simplex.slice(0, -1);
    const centre = start.map((_, i) => others.reduce((sum, { point }) => sum + point[i], 0) / others.length);
    const along = (t: number) => corner(centre.map((x, i) => x + t * (worst.point[i] - x)));
    const mirrored = along(-1);
    let next = mirrored;
    if (mirrored.value > best.value) {
      const further = along(-2);
      if (further.value > mirrored.value) next = further;
    } else if (mirrored.value <= others[others.length - 1].value) {
      next = mirrored.value > worst.value ? along(-0.5) : along(0.5);
      if (next.value <= Math.max(mirrored.value, worst.value)) {
        for (let i = 1; i < simplex.length; i++) {
          simplex[i] = corner(simplex[i].point.map((x, j) => (x + best.point[j]) / 2));
        }
        continue;
      }
    }
    simplex[simplex.length - 1] = next;
  }
  simplex.sort((a, b) => b.value - a.value);
  return simplex[0].point;
}

function valueAt(f: (point: readonly number[]) => number, point: readonly number[]): number {
  const value = f(point);
  return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value;
}
