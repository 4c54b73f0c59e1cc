// The rate of a scenario's arrivals over time, as straight pieces; those that come at known moments have no rate, but their moments.

import type { Arrivals } from "../../config/scenario.ts";
import { rateAt, stretchAt } from "../../workload/arrivals.ts";
import { requireAll, whole } from "./arguments.ts";

/** From one moment to the next the rate goes in a straight line. */
export interface RatePiece {
  readonly fromMs: number;
  readonly toMs: number;
  readonly fromPerSecond: number;
  readonly toPerSecond: number;
}

/** More than a year of hours. */
const PIECES_MAX = 10_000;

/** @param arrivals neither regular nor traced. @returns pieces from 0 to `untilMs` without a gap; null where there are too many. */
export function ratePieces(arrivals: Arrivals, untilMs: number): RatePiece[] | null {
  const pieces: RatePiece[] = [];
  let fromMs = 0;
  while (fromMs < untilMs) {
    const toMs = Math.min(untilMs, stretchAt(arrivals, fromMs).untilMs);
    const fromPerSecond = rateAt(arrivals, fromMs);
    const toPerSecond = arrivals.kind === "ramp" ? rateAt(arrivals, toMs) : fromPerSecond;
    pieces.push({ fromMs, toMs, fromPerSecond, toPerSecond });
    fromMs = toMs;
    if (pieces.length > PIECES_MAX) return null;
  }
  return pieces;
}

/** @returns those who come between two moments, on average; null as for ratePieces, and for regular and traced arrivals. */
export function arrivalsBetween(arrivals: Arrivals, fromMs: number, toMs: number): number | null {
  const pieces = moments(arrivals, 0) === null ? ratePieces(arrivals, toMs) : null;
  if (pieces === null) return null;
  return pieces.reduce((sum, piece) => {
    const startMs = Math.max(fromMs, piece.fromMs);
    // A straight line has its mean in the middle.
    const perSecond = rateIn(piece, (startMs + piece.toMs) / 2);
    return piece.toMs > startMs ? sum + (perSecond * (piece.toMs - startMs)) / 1000 : sum;
  }, 0);
}

export function rateIn({ fromMs, toMs, fromPerSecond, toPerSecond }: RatePiece, ms: number): number {
  return fromPerSecond + ((toPerSecond - fromPerSecond) * (ms - fromMs)) / (toMs - fromMs);
}

/** Moments up to `untilMs` of arrivals that are regular or traced; null for those that come at random. */
export function moments(arrivals: Arrivals, untilMs: number): readonly number[] | null {
  if (arrivals.kind === "trace") return arrivals.atMs;
  if (arrivals.kind !== "constant") return null;
  const count = Math.floor((untilMs * arrivals.perSecond) / 1000);
  requireAll("regular arrivals", [whole("arrivals", count, 0, 1e7)]);
  return Array.from({ length: count }, (_, n) => ((n + 1) * 1000) / arrivals.perSecond);
}
