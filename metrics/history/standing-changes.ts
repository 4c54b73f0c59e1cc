// Which changes for the worse are still with us: a metric may have got worse and recovered since.

import type { ChangePoint, HistoryTrend } from "./history.ts";

/**
 * The changes for the worse that no later change took back. What comes later takes one back when less than half of it is left at the
 * level of today; a metric that fell by a tenth and regained a hundredth has not recovered.
 * @returns in order of time.
 */
export function standingRegressions({ changePoints }: HistoryTrend): readonly ChangePoint[] {
  const today = changePoints.at(-1)?.after;
  if (today === undefined) return [];
  return changePoints.filter(({ direction, before, after }) => {
    if (direction !== "worse") return false;
    const step = after - before;
    return (today - before) * Math.sign(step) > Math.abs(step) / 2;
  });
}

/** Level of today against that of the beginning, less 1; null where nothing changed, or the beginning is 0. */
export function changeOverall({ changePoints }: HistoryTrend): number | null {
  const [first, last] = [changePoints[0], changePoints.at(-1)];
  if (first === undefined || last === undefined || first.before === 0) return null;
  return last.after / first.before - 1;
}
