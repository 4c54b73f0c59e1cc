// What the times in a log are made of: the steps they come in, the waits for a session's lock that stand out of them, and the law of
// what is left.
// Source: .NET reference source, SessionStateModule.cs, LOCKED_ITEM_POLLING_INTERVAL (500 ms); Windows' system timer, 64 ticks a second.

import { assert } from "../../config/assert.ts";
import type { Law } from "../../config/scenario.ts";
import type { Entries } from "../../workload/log/tally.ts";

const TICK_MS = 1000 / 64;
/** Times that are told apart by steps have to be longer than one. */
const STEPPED_FROM_MS = 14;
const STEPPED_MIN = 50;
const STEPPED_SHARE = 0.95;

/** The steps that times come in, ms: 1, 10 or 15.625, or whole seconds. */
export function resolutionMs({ values, counts }: Entries): number {
  const shareOn = (step: number, fromMs: number) => {
    let on = 0;
    let all = 0;
    for (const [i, value] of values.entries()) {
      if (value < fromMs) continue;
      all += counts[i]!;
      const beside = value / step - Math.round(value / step);
      if (Math.abs(beside) * step < (Number.isInteger(step) ? 0.01 : 1)) on += counts[i]!;
    }
    return all < STEPPED_MIN ? 0 : on / all;
  };
  // Twenty seconds of uptime tell nothing of a timer; fifty requests that all fall on its ticks do.
  if (shareOn(1000, 1) >= STEPPED_SHARE) return 1000;
  if (shareOn(10, 1) >= STEPPED_SHARE) return 10;
  return shareOn(TICK_MS, STEPPED_FROM_MS) >= STEPPED_SHARE ? TICK_MS : 1;
}

export interface LockWaits {
  /** Of all requests: those that stand out just above multiples of 500 ms. */
  readonly share: number;
  /** Of the values between each multiple and this above it, so many are such waits. */
  readonly windowMs: number;
  readonly shareInWindow: number;
}

const POLL_MS = 500;
const POLLS_MAX = 20;
const SURE = 4;
const WAITS_MIN = 10;

/**
 * A waiter asks again every 500 ms and then takes its own time; what is counted just above those moments beyond what is just before and
 * after them has waited for a lock.
 * @param mostMs that most requests take which do not wait.
 */
export function lockWaits({ values, counts }: Entries, mostMs: number): LockWaits {
  const windowMs = Math.min(POLL_MS / 4, Math.max(16, mostMs));
  let within = 0;
  let beside = 0;
  let total = 0;
  for (const [i, value] of values.entries()) {
    total += counts[i]!;
    if (value < POLL_MS - windowMs || value >= POLLS_MAX * POLL_MS) continue;
    const after = value % POLL_MS;
    if (value >= POLL_MS && after < windowMs) within += counts[i]!;
    else if (after >= POLL_MS - windowMs || (value >= POLL_MS && after < 2 * windowMs)) beside += counts[i]! / 2;
  }
  const excess = within - beside;
  const clear = excess >= WAITS_MIN && excess > SURE * Math.sqrt(within + beside / 2);
  return clear
    ? { share: excess / total, windowMs, shareInWindow: excess / within }
    : { share: 0, windowMs, shareInWindow: 0 };
}

/** The same without the share of values that are waits for a lock. */
export function withoutLockWaits({ values, counts }: Entries, { windowMs, shareInWindow }: LockWaits): Entries {
  const waits = (value: number) => value >= POLL_MS && value < POLLS_MAX * POLL_MS && value % POLL_MS < windowMs;
  return { values, counts: counts.map((count, i) => (waits(values[i]!) ? count * (1 - shareInWindow) : count)) };
}

export interface Moments {
  readonly mean: number;
  /** Standard deviation by mean. */
  readonly variation: number;
}

export function momentsOf({ values, counts }: Entries): Moments {
  const sum = (term: (i: number) => number) => counts.reduce((total, count, i) => total + count * term(i), 0);
  const total = sum(() => 1);
  const mean = total === 0 ? 0 : sum((i) => values[i]!) / total;
  const variance = total === 0 ? 0 : sum((i) => (values[i]! - mean) * (values[i]! - mean)) / total;
  return { mean, variation: mean === 0 ? 0 : Math.sqrt(variance) / mean };
}

const CELLS = 100;

/**
 * The law by its quantiles, a hundred straight pieces. The last is as long as it must be for the mean to be `meanMs`: the few longest
 * times lie along it.
 * @param resolution a whole millisecond stands for all that rounds to it; coarser steps are taken as they are, for what they cut off
 *   at one end they add at the other.
 */
export function empiricalLaw(entries: Entries, resolution: number, meanMs: number): Law {
  const quantiles = quantilesOf(entries, resolution === 1 ? 0.5 : 0);
  const scale = meanMs / Math.max(1e-9, momentsOf(entries).mean);
  const scaled = quantiles.map((value) => value * scale);
  // Of straight pieces the mean is the sum of the middles: all but the last knot are given.
  const before = scaled.slice(0, CELLS).reduce((sum, value, i) => sum + (i === 0 ? value / 2 : value), 0);
  const last = 2 * (meanMs * CELLS - before);
  const knots = scaled.slice(0, CELLS);
  const floor = knots.at(-1)!;
  if (last >= floor) return { kind: "empirical", quantiles: [...knots, last] };
  // The pieces lie above the mean as they are: all of them come down a little.
  const given = (before + floor / 2) / CELLS;
  return { kind: "empirical", quantiles: [...knots, floor].map((value) => (value * meanMs) / given) };
}

/** At 0, 1/100 … 1; each value's share is spread evenly from half a step below it to half a step above, but not below 0. */
function quantilesOf({ values, counts }: Entries, halfStep: number): readonly number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  assert(total > 0, "a law is of something");
  const quantiles: number[] = [];
  let seen = 0;
  let i = 0;
  for (let cell = 0; cell <= CELLS; cell++) {
    const rank = (cell / CELLS) * total;
    while (i < values.length - 1 && seen + counts[i]! < rank) seen += counts[i++]!;
    const low = Math.max(0, values[i]! - halfStep);
    const share = counts[i] === 0 ? 0 : Math.min(1, (rank - seen) / counts[i]!);
    quantiles.push(low + share * (values[i]! + halfStep - low));
  }
  return quantiles;
}
