// Think times as a log can tell them: the difference of two moments, each cut down to a whole unit (IIS and NCSA: a second). A true
// time of x units shows as one of the two whole numbers next to x, the nearer one more often: as k with chance 1 − |x − k|. So the
// chance of k is the law averaged under a triangle two units wide, and half of all times of half a second show as 0. Fitting the
// whole numbers as if they were the times themselves would make nonsense of every short one.

import { exp, expm1, log, power } from "../../config/elementary.ts";
import type { Law } from "../../config/scenario.ts";
import { lawMeanBelow } from "../distributions.ts";
import type { Entries } from "../log/tally.ts";

/** Counts of think times in whole units; a cell is one whole number or, far out, a run of them. */
export interface Lattice {
  /** What a unit is: 1000 for logs with whole seconds. */
  readonly unitMs: number;
  readonly total: number;
  /** First and last whole number of each cell, both inclusive; rising. Whole numbers that never occurred may lie between. */
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly counts: readonly number[];
}

/** More different values than this are gathered into cells one per cent wide, from JOIN_FROM on. */
const CELLS_MAX = 2000;
const JOIN_FROM = 100;
const JOIN_RATIO = 1.01;

/** @param thinkMs whole milliseconds. The unit is the coarsest of 1 s, 100, 10 and 1 ms that every value is a multiple of. */
export function createLattice(thinkMs: Entries): Lattice {
  const unitMs = [1000, 100, 10].find((unit) => thinkMs.values.every((value) => value % unit === 0)) ?? 1;
  const join = thinkMs.values.length > CELLS_MAX;
  const low: number[] = [];
  const high: number[] = [];
  const counts: number[] = [];
  for (let i = 0; i < thinkMs.values.length; i++) {
    const value = thinkMs.values[i] / unitMs;
    const last = counts.length - 1;
    if (last >= 0 && value <= high[last]) counts[last] += thinkMs.counts[i];
    else {
      const step = join && value >= JOIN_FROM ? Math.floor(log(value / JOIN_FROM) / log(JOIN_RATIO)) : -1;
      const from = step < 0 ? value : Math.ceil(JOIN_FROM * power(JOIN_RATIO, step));
      const to = step < 0 ? value : Math.ceil(JOIN_FROM * power(JOIN_RATIO, step + 1)) - 1;
      low.push(Math.max(Math.min(from, value), last >= 0 ? high[last] + 1 : 0));
      high.push(Math.max(to, value));
      counts.push(thinkMs.counts[i]);
    }
  }
  return { unitMs, total: counts.reduce((sum, count) => sum + count, 0), low, high, counts };
}

/** A law whose value is in lattice units, with the density that its far cells need. */
export interface LatticeLaw {
  readonly law: Exclude<Law, { kind: "empirical" }>;
  /** ln of the density; -Infinity where there is none. */
  readonly logDensity: (x: number) => number;
}

/** Below this cell the chance comes from the law's closed forms, above it from the density. */
const CLOSED_CELLS = 20;
/** Two points that integrate a cubic under the triangle exactly. */
const TRIANGLE_POINT = 1 / Math.sqrt(6);

/** ln of the chance of a cell. */
export function logChance({ law, logDensity }: LatticeLaw, low: number, high: number): number {
  const middle = (low + high) / 2;
  if (high > low) return logDensity(middle) + log(high - low + 1);
  if (law.kind === "exponential" && low > 0) {
    // ∫ under the triangle in closed form, safe against underflow: m e^(−k/m) (2 cosh(1/m) − 2).
    const half = 1 / (2 * law.mean);
    const sinh = (expm1(half) - expm1(-half)) / 2;
    return log(4 * law.mean * sinh * sinh) - low / law.mean;
  }
  if (low < CLOSED_CELLS || law.kind === "constant" || (law.kind === "pareto" && law.min >= low - 1)) {
    const chance = 2 * missing(law, low) - missing(law, low - 1) - missing(law, low + 1);
    if (chance > 1e-9 || law.kind === "constant" || low === 0)
      return chance > 0 ? log(chance) : Number.NEGATIVE_INFINITY;
  }
  const left = logDensity(middle - TRIANGLE_POINT);
  const right = logDensity(middle + TRIANGLE_POINT);
  const larger = Math.max(left, right);
  if (larger === Number.NEGATIVE_INFINITY) return larger;
  return larger + log((exp(left - larger) + exp(right - larger)) / 2);
}

/** The chance of showing as `k` or less. */
export function chanceUpTo(law: Law, k: number): number {
  return k < 0 ? 0 : 1 - (missing(law, k + 1) - missing(law, k));
}

/** ∫₀ˣ P(X > t) dt; below 0 it goes on as a straight line, as P(X > t) is 1 there. */
function missing(law: Law, x: number): number {
  return x <= 0 ? x : lawMeanBelow(law, x);
}

export function logLikelihood(lattice: Lattice, law: LatticeLaw): number {
  let sum = 0;
  for (let i = 0; i < lattice.counts.length; i++) {
    sum += lattice.counts[i] * logChance(law, lattice.low[i], lattice.high[i]);
  }
  return sum;
}

/** Kolmogorov and Smirnov's distance: the largest difference between the share counted up to a whole number and its chance. */
export function ksDistance(lattice: Lattice, chance: (k: number) => number): number {
  let distance = 0;
  let seen = 0;
  for (let i = 0; i < lattice.counts.length; i++) {
    distance = Math.max(distance, Math.abs(seen / lattice.total - chance(lattice.low[i] - 1)));
    seen += lattice.counts[i];
    distance = Math.max(distance, Math.abs(seen / lattice.total - chance(lattice.high[i])));
  }
  return distance;
}
