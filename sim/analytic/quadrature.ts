// Integrals that have no closed form, to a tolerance: Gauss and Kronrod's pair of 7 and 15 points, the piece of largest error halved
// until all errors together are small enough.

import { assert } from "../../config/assert.ts";

export interface Integral {
  readonly value: number;
  /** Sum over the pieces of the difference between the two rules, which is far above the true error of a smooth function. */
  readonly errorBound: number;
}

export interface IntegrateOptions {
  /** Where the function jumps or has a kink; those outside the range are left out. */
  readonly breaks?: readonly number[];
  /** Of the value, relative; 1e-10 where left out. */
  readonly tolerance?: number;
}

interface Piece extends Integral {
  readonly from: number;
  readonly to: number;
}

const PIECES_MAX = 5000;

/** @param from finite. @param to finite, not below `from`. @returns the integral, and how far off it may be. */
export function integrate(
  f: (x: number) => number,
  from: number,
  to: number,
  { breaks = [], tolerance = 1e-10 }: IntegrateOptions = {},
): Integral {
  assert(from <= to && to - from < Number.POSITIVE_INFINITY, "a range has two finite ends, in order");
  const edges = [from, ...breaks.filter((x) => x > from && x < to).sort((a, b) => a - b), to];
  const pieces = edges.slice(1).map((end, i) => measure(f, edges[i], end));
  for (;;) {
    const value = pieces.reduce((sum, piece) => sum + piece.value, 0);
    const errorBound = pieces.reduce((sum, piece) => sum + piece.errorBound, 0);
    if (errorBound <= tolerance * Math.abs(value) || pieces.length >= PIECES_MAX) return { value, errorBound };
    const worst = pieces.reduce((most, piece, i) => (piece.errorBound > pieces[most].errorBound ? i : most), 0);
    const piece = pieces[worst];
    const middle = (piece.from + piece.to) / 2;
    // Rounding is all that is left.
    if (middle <= piece.from || middle >= piece.to) return { value, errorBound };
    pieces[worst] = measure(f, piece.from, middle);
    pieces.push(measure(f, middle, piece.to));
  }
}

function measure(f: (x: number) => number, from: number, to: number): Piece {
  const half = (to - from) / 2;
  const middle = from + half;
  const centre = f(middle);
  const pairs = nodes.map((node) => f(middle - half * node) + f(middle + half * node));
  let kronrod = kronrodWeights[7] * centre;
  let gauss = gaussWeights[3] * centre;
  for (let i = 0; i < 7; i++) {
    kronrod += kronrodWeights[i] * pairs[i];
    if (i % 2 === 1) gauss += gaussWeights[(i - 1) / 2] * pairs[i];
  }
  return { from, to, value: kronrod * half, errorBound: Math.abs(kronrod - gauss) * half };
}

// Source: R. Piessens and others, QUADPACK, 1983, routine qk15.
const nodes = [
  0.9914553711208126, 0.9491079123427585, 0.8648644233597691, 0.7415311855993943, 0.5860872354676911,
  0.4058451513773972, 0.2077849550078985,
];
const kronrodWeights = [
  0.0229353220105292, 0.0630920926299786, 0.1047900103222502, 0.1406532597155259, 0.1690047266392679,
  0.1903505780647854, 0.2044329400752989, 0.2094821410847278,
];
const gaussWeights = [0.1294849661688697, 0.2797053914892767, 0.3818300505051189, 0.4179591836734694];
