// Laws of times on a lattice: their chances at 0, h, 2h …, for sums and waits that have no formula. All of it is additions and
// multiplications, so it comes out alike on every engine, where the inversion of transforms would need complex exponentials.
// Each law is put on the lattice so that its mean stays what it is; what lies beyond the last point is left out of the chances.

import { assert } from "../../config/assert.ts";
import type { Law } from "../../config/scenario.ts";
import { lawMeanBelow } from "../../workload/distributions.ts";
import type { Piece } from "./time-sum.ts";

/** Chances of 0, h, 2h …; they may add up to less than 1. */
export type Lattice = Float64Array<ArrayBuffer>;

export interface Grid {
  readonly stepMs: number;
  readonly points: number;
  /** Laws that have been put on it, by how many times over: many turns take the same. Left out: each is put there anew. */
  readonly known?: Map<Law, Map<number, Lattice>>;
}

/** A time that is always 0. */
export function nothing({ points }: Grid): Lattice {
  const chances = new Float64Array(points);
  chances[0] = 1;
  return chances;
}

/** The sum of independent pieces. */
export function latticeOf(pieces: readonly Piece[], grid: Grid): Lattice {
  let constantMs = 0;
  let sum: Lattice | null = null;
  for (const piece of pieces) {
    if (piece.law.kind === "constant") constantMs += piece.law.value * piece.times;
    else sum = sum === null ? ofPiece(piece, grid) : convolved(sum, ofPiece(piece, grid));
  }
  return shifted(sum ?? nothing(grid), constantMs, grid);
}

function ofPiece(piece: Piece, grid: Grid): Lattice {
  const known = grid.known?.get(piece.law)?.get(piece.times);
  if (known !== undefined) return known;
  const lattice = placed(piece, grid);
  if (grid.known !== undefined) {
    const times = grid.known.get(piece.law) ?? new Map<number, Lattice>();
    grid.known.set(piece.law, times.set(piece.times, lattice));
  }
  return lattice;
}

/**
 * Between two points a value counts for both, by how near it is to each: the chance of kh is (2M(kh) − M((k − 1)h) − M((k + 1)h))/h,
 * M(x) = E[min(X, x)]. Source: H. U. Gerber, On the numerical evaluation of the distribution of aggregate claims, 1982.
 */
function placed({ law, times }: Piece, { stepMs, points }: Grid): Lattice {
  const chances = new Float64Array(points);
  const below = (k: number) => (k <= 0 ? k * stepMs : times * lawMeanBelow(law, (k * stepMs) / times));
  let [before, here] = [below(-1), below(0)];
  for (let k = 0; k < points; k++) {
    const after = below(k + 1);
    chances[k] = Math.max(0, (2 * here - before - after) / stepMs);
    before = here;
    here = after;
  }
  return chances;
}

export function shifted(chances: Lattice, byMs: number, { stepMs, points }: Grid): Lattice {
  if (byMs === 0) return chances;
  const whole = Math.floor(byMs / stepMs);
  const part = byMs / stepMs - whole;
  const moved = new Float64Array(points);
  for (let k = whole; k < points; k++) {
    moved[k] += chances[k - whole] * (1 - part);
    if (k + 1 < points) moved[k + 1] += chances[k - whole] * part;
  }
  return moved;
}

/** Of the sum of two independent times. */
export function convolved(first: Lattice, second: Lattice): Lattice {
  assert(first.length === second.length, "both laws are on one lattice");
  const points = first.length;
  const sum = new Float64Array(points);
  const [a, b] = [extentOf(first), extentOf(second)];
  for (let i = a.from; i < a.until; i++) {
    const chance = first[i];
    const until = Math.min(b.until, points - i);
    for (let j = b.from; j < until; j++) sum[i + j] += chance * second[j];
  }
  return sum;
}

/** Chances too small to be seen in a sum of many. */
const NEGLIGIBLE = 1e-10;

function extentOf(chances: Lattice): { from: number; until: number } {
  let from = 0;
  let until = chances.length;
  while (from < until && chances[from] < NEGLIGIBLE) from++;
  while (until > from && chances[until - 1] < NEGLIGIBLE) until--;
  return { from, until };
}

export function addScaled(into: Lattice, chances: Lattice, share: number): void {
  for (let k = 0; k < into.length; k++) into[k] += share * chances[k];
}

/**
 * The value that a share of all draws does not exceed; chances are spread evenly around their points.
 * @returns null where it lies beyond the lattice.
 */
export function latticeQuantile(chances: Lattice, share: number, { stepMs }: Grid): number | null {
  let below = 0;
  for (let k = 0; k < chances.length; k++) {
    if (below + chances[k] >= share) {
      const part = chances[k] === 0 ? 0.5 : (share - below) / chances[k];
      return Math.max(0, (k - 0.5 + part) * stepMs);
    }
    below += chances[k];
  }
  return null;
}

/** The law of E[min(X, x)]' scaled to 1: what is left of a time that is met at a random moment, as of a service under way. */
export function residual(chances: Lattice, { stepMs }: Grid, meanMs: number): Lattice {
  const left = new Float64Array(chances.length);
  let above = 1;
  for (let k = 0; k < chances.length; k++) {
    above = Math.max(0, above - chances[k]);
    // Between two points, half to each.
    const between = (above * stepMs) / meanMs;
    left[k] += between / 2;
    if (k + 1 < chances.length) left[k + 1] += between / 2;
  }
  return left;
}

/**
 * The law of a sum of N such times, N geometric: P(N = n) = (1 − share) share^n.
 * Source: H. H. Panjer, Recursive evaluation of a family of compound distributions, ASTIN Bulletin 12, 1981.
 */
export function geometricSum(chances: Lattice, share: number): Lattice {
  const points = chances.length;
  const sum = new Float64Array(points);
  const scale = 1 / (1 - share * chances[0]);
  sum[0] = (1 - share) * scale;
  for (let k = 1; k < points; k++) {
    let total = 0;
    for (let j = 1; j <= k; j++) total += chances[j] * sum[k - j];
    sum[k] = share * scale * total;
  }
  return sum;
}
