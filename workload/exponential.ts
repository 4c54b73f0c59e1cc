// −ln u for a 32-bit draw, the one function behind exponential gaps, think times and geometric counts, several times faster than a
// logarithm: the leading eleven digits choose a piece of [1, 2), tables know the logarithm of its middle, and a short series the rest.
// Only additions and multiplications, so that every engine rounds alike; the value falls as the draw grows, as inversion wants it.

import { log } from "../config/elementary.ts";

const PIECE_BITS = 11;
const PIECES = 1 << PIECE_BITS;
/** Of the middle of each piece: its logarithm, and its inverse. */
const logs = new Float64Array(PIECES);
const inverses = new Float64Array(PIECES);
for (let piece = 0; piece < PIECES; piece++) {
  const middle = 1 + (piece + 0.5) / PIECES;
  logs[piece] = log(middle);
  inverses[piece] = 1 / middle;
}
const UINT32 = 4_294_967_296;

/**
 * @param bits whole, 0 to 2³² − 1: the draw u = (bits + ½) / 2³².
 * @returns −ln u, above 0; off by less than 5e-16, or than that share of itself.
 */
export function negativeLog(bits: number): number {
  const zeros = Math.clz32(bits);
  if (zeros > 31 - PIECE_BITS) return -log((bits + 0.5) / UINT32);
  // u = 2^−(zeros + 1) × x, 1 < x < 2; the half below the last digit moves up with the digits.
  const digits = bits << zeros;
  const piece = (digits >>> (31 - PIECE_BITS)) & (PIECES - 1);
  const x = ((digits >>> 0) + 0.5 * (1 << zeros)) * (2 / UINT32);
  const r = (x - 1 - (piece + 0.5) * (1 / PIECES)) * inverses[piece];
  return (zeros + 1) * Math.LN2 - logs[piece] - r * (1 - r * (0.5 - r * (0.3333333333333333 - r * (0.25 - r * 0.2))));
}
