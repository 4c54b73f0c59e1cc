// An interval of a percentile, by way of the share of values up to it. Where the share among all values lies too low by so much, the
// true percentile stands at a share as much too high: the interval of the share is turned round the percentile. High up it soon asks
// for shares beyond all values seen; past half of the values above, the tail goes on as steeply as it goes round the percentile.
// An interval that is corrected for skewness already goes along that steepness throughout. Laid on as it was found, it held p99 of
// M/M/1 in 91 to 94 % of single runs, nearly all others being too low; so it does in 94 to 96 %.
// Sources: Woodruff, J. of the American Statistical Association 47 (1952); Nakayama, ACM Transactions on Modeling and Computer
// Simulation 24 (2014): the finite difference of the inverse.

import { log } from "../config/elementary.ts";
import type { Interval } from "./estimate.ts";
import { type Histogram, percentileMs } from "./latency-histogram.ts";

/** The values round a percentile. */
interface Tail {
  /** The value up to which so large a share of all values lies. */
  readonly at: (share: number) => number;
  /** The last share that is looked up, and the value there. */
  readonly known: number;
  readonly steepFrom: number;
  readonly steepTo: number;
  /** How much higher the percentile is for each unit of share. */
  readonly steepness: number;
}

/** So many values at least have to lie beyond the last that is looked up. */
const VALUES_MIN = 5;

/**
 * From a symmetric interval of the share.
 * @param values all of them.
 * @param share of the percentile: 0.99.
 * @param upTo the share found up to the value that stands for the percentile.
 * @returns null where too little was seen to know an end of it.
 */
export function quantileAtShares(values: Histogram, share: number, upTo: number, shares: Interval): Interval | null {
  const tail = tailOf(values, share, upTo);
  const { below, beyond } = turnedRound(upTo, shares);
  if (tail === null || share <= below) return null;
  const unseen = Math.max(0, share + beyond - tail.known);
  return {
    low: tail.at(share - below),
    high: tail.at(Math.min(share + beyond, tail.known)) + unseen * tail.steepness,
    method: methodOf(shares),
  };
}

/** From an interval of the share that is corrected for skewness. As quantileAtShares. */
export function quantileAlongTail(values: Histogram, share: number, upTo: number, shares: Interval): Interval | null {
  const tail = tailOf(values, share, upTo);
  const { below, beyond } = turnedRound(upTo, shares);
  if (tail === null || share <= below) return null;
  const value = tail.at(share);
  const [low, high] = [value - below * tail.steepness, value + beyond * tail.steepness];
  return {
    // Where many values are one, the line is flat beyond them too.
    low: below >= 1 - share ? Math.min(low, tail.steepFrom) : low,
    high: share + beyond >= tail.known ? Math.max(high, tail.steepTo) : high,
    method: methodOf(shares),
  };
}

const methodOf = ({ method }: Interval) => `${method}, of the share up to it`;

function turnedRound(upTo: number, { low, high }: Interval): { readonly below: number; readonly beyond: number } {
  return { below: high - upTo, beyond: upTo - low };
}

/** @returns null for too few values, and where none lies above the percentile. */
function tailOf(values: Histogram, share: number, upTo: number): Tail | null {
  const above = 1 - share;
  if (upTo >= 1 || (values.totalCount * above) / 2 < VALUES_MIN) return null;
  const at = (point: number) => percentileMs(values, 100 * point) ?? 0;
  const known = 1 - above / 2;
  const before = Math.max(1 - 2 * above, share / 2);
  const [steepFrom, steepTo] = [at(before), at(known)];
  // The mean of what lies above the percentile, were the tail exponential, is the steepness times the share above it.
  const steepness = (steepTo - steepFrom) / log((1 - before) / (1 - known)) / above;
  return { at, known, steepFrom, steepTo, steepness };
}
