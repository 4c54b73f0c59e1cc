// Which changes for the worse are still with us: a metric may have got worse and recovered since.

import type { ChangePoint, HistoryTrend } from "./history.ts";

/**
 * The changes for the worse that no later change took back. One is taken back once less than half of it is left at any later level: a
 * metric that fell by a tenth and regained a hundredth has not recovered, and one that recovered and fell again did so by another change.
 * @returns in order of time.
 */
export function standingRegressions({ changePoints }: HistoryTrend): readonly ChangePoint[] {
  return changePoints.filter(({ direction, before, after }, position) => {
    if (direction !== "worse") return false;
    const step = after - before;
    const isLeft = (level: number) => (level - before) * Math.sign(step) > Math.abs(step) / 2;
    return changePoints.slice(position).every((later) => isLeft(later.after));
  });
}

/** Of regressions told as sure, the share that are none, at most; of histories without any change, the share that tell one. */
export const FALSE_DISCOVERY_RATE = 0.01;

/**
 * Many metrics are looked at, and one of a hundred is unlucky at a p-value of 0.01. A regression is sure when its p-value holds among so
 * many. Source: Benjamini and Hochberg (1995), the step-up procedure.
 * @param pValues of what was found. @param tests metrics that were looked at, found or not.
 * @returns the largest p-value that is still sure; 0 where none is.
 */
export function surePValue(pValues: readonly number[], tests: number): number {
  const sorted = [...pValues].sort((a, b) => a - b);
  const last = sorted.findLastIndex((pValue, index) => pValue <= (FALSE_DISCOVERY_RATE * (index + 1)) / tests);
  return last < 0 ? 0 : sorted[last]!;
}

/** Level of today against that of the beginning, less 1; null where nothing changed, or the beginning is 0. */
export function changeOverall({ changePoints }: HistoryTrend): number | null {
  const [first, last] = [changePoints[0], changePoints.at(-1)];
  if (first === undefined || last === undefined || first.before === 0) return null;
  return last.after / first.before - 1;
}
