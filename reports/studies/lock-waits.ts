// The waits of one step of the lock experiment, whole and in steps of the poll: a request that finds its session locked looks again
// every so often, so that waits come in stairs.

import { decodeHistogram, percentileMs, percentileSupported, recordedValues } from "../../metrics/latency-histogram.ts";
import type { LockStep } from "../../metrics/study.ts";

/** Of the requests that waited; null where none did, or too few for this percentile. */
export function waitPercentileMs({ waits }: LockStep, percentile: number): number | null {
  if (waits === null || percentileSupported(waits.count) < percentile) return null;
  return percentileMs(decodeHistogram(waits), percentile);
}

export interface WaitStair {
  /** Those on it waited about so many times `stairMs`; 0: they did not wait at all. */
  readonly stair: number;
  readonly requests: number;
}

/** Answered requests by how long they waited; a wait goes to the nearest stair but never to 0, as a poll comes a little late. */
export function waitStairs({ waits, requests }: LockStep, stairMs: number): readonly WaitStair[] {
  const counts = new Map<number, number>();
  for (const { us, count } of waits === null ? [] : recordedValues(decodeHistogram(waits))) {
    const stair = Math.max(1, Math.round(us / US_PER_MS / stairMs));
    counts.set(stair, (counts.get(stair) ?? 0) + count);
  }
  const waited = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return [
    { stair: 0, requests: Math.max(0, requests - waited) },
    ...[...counts].sort(([a], [b]) => a - b).map(([stair, count]) => ({ stair, requests: count })),
  ];
}

const US_PER_MS = 1000;
