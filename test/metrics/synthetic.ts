// Series whose truth is known, for tests of intervals: seeded, so that the share of intervals that hold it is the same everywhere.

import { negativeLog } from "../../workload/exponential.ts";
import type { Stream } from "../../workload/random-stream.ts";

/** Standard normal, by Box and Muller. */
export function normalOf(stream: Stream): number {
  return Math.sqrt(-2 * Math.log(stream.next())) * Math.cos(2 * Math.PI * stream.next());
}

/** First-order autoregression around 100, stationary from its first value on. */
export function autoregressive(stream: Stream, count: number, coefficient: number): number[] {
  let state = normalOf(stream) / Math.sqrt(1 - coefficient * coefficient);
  return Array.from({ length: count }, () => {
    state = coefficient * state + normalOf(stream);
    return 100 + state;
  });
}

/**
 * Waiting times in M/M/1 with service times of mean 1, by Lindley's recursion; the first is drawn from the stationary law, under which
 * a wait is longer than x with chance load × e^(−(1 − load) x), so that the mean is load / (1 − load).
 */
export function createMm1Waits(stream: Stream, load: number): () => number {
  const exponential = () => negativeLog(stream.nextBits());
  let next = stream.next() < load ? exponential() / (1 - load) : 0;
  return () => {
    const wait = next;
    next = Math.max(0, wait + exponential() - exponential() / load);
    return wait;
  };
}

/** Means of `batches` stretches of `size` values each. */
export function meansOf(next: () => number, batches: number, size: number): number[] {
  return Array.from({ length: batches }, () => {
    let sum = 0;
    for (let i = 0; i < size; i++) sum += next();
    return sum / size;
  });
}

/** The share of `repeats` in which the interval holds the truth; repeats without an interval are left out, and counted. */
export function coverageOf(repeats: number, truth: number, interval: () => { low: number; high: number } | null) {
  let held = 0;
  let without = 0;
  for (let i = 0; i < repeats; i++) {
    const one = interval();
    if (one === null) without++;
    else if (one.low <= truth && truth <= one.high) held++;
  }
  return { held: held / (repeats - without), without: without / repeats };
}
