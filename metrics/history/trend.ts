// What a series says: its change points with the commits they lie between and whether they are for the worse, and its outliers.

import { type ChangePointOptions, findLevels } from "./change-points.ts";
import type { ChangePoint, HistorySeries, HistoryTrend } from "./history.ts";

export type TrendOptions = Partial<ChangePointOptions>;

/** @param series in order of time, of any length, values finite. @param options of changePointDefaults, others than these. */
export function findTrend(series: HistorySeries, options: TrendOptions = {}): HistoryTrend {
  const { points, better } = series;
  const { changes, outliers } = findLevels(
    points.map(({ value }) => value),
    options,
  );
  return {
    series,
    changePoints: changes.map(({ index, range, before, after, pValue }): ChangePoint => {
      return {
        index,
        afterCommit: points[range.after]!.commit,
        byCommit: points[range.by]!.commit,
        at: points[index]!.at,
        before,
        after,
        relative: before === 0 ? null : after / before - 1,
        direction: directionOf(before, after, better),
        pValue,
      };
    }),
    outliers,
  };
}

function directionOf(before: number, after: number, better: HistorySeries["better"]): ChangePoint["direction"] {
  if (better === null) return "unknown";
  return after > before === (better === "high") ? "better" : "worse";
}
