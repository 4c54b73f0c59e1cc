// A series as a line of characters: bars from its lowest to its highest value, with a mark where a level begins.

import type { HistoryTrend } from "../../metrics/history/history.ts";
import type { Style } from "../text-table.ts";

const BARS = "▁▂▃▄▅▆▇█";
/** Where a level begins; the sign says which way it went without colours. */
const marks = { worse: "✗", better: "✓", unknown: "◇" } as const;

/**
 * One bar for some points of one level, as high as their mean; outliers are left out unless they are all there is.
 * @param width characters at most, marks among them, at least twice the number of levels.
 */
export function trendLine({ series, changePoints, outliers }: HistoryTrend, width: number, style: Style): string {
  const values = series.points.map(({ value }) => value);
  const out = new Set(outliers);
  const kept = values.filter((_, index) => !out.has(index));
  const [low, high] = (kept.length > 0 ? kept : values).reduce(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  const height = (value: number) => {
    const share = high > low ? (value - low) / (high - low) : 0.5;
    return BARS[Math.min(BARS.length - 1, Math.max(0, Math.floor(share * BARS.length)))]!;
  };
  const bounds = [0, ...changePoints.map(({ index }) => index), values.length];
  const places = Math.max(bounds.length - 1, width - changePoints.length);
  const lines = bounds.slice(0, -1).map((from, level) => {
    const to = bounds[level + 1]!;
    const bars = Math.min(to - from, Math.max(1, Math.floor(((to - from) * places) / values.length)));
    return Array.from({ length: bars }, (_, bar) => {
      const start = from + Math.floor((bar * (to - from)) / bars);
      const end = from + Math.floor(((bar + 1) * (to - from)) / bars);
      const part = values.slice(start, end);
      const steady = part.filter((_, index) => !out.has(start + index));
      const shown = steady.length > 0 ? steady : part;
      return height(shown.reduce((sum, value) => sum + value, 0) / shown.length);
    }).join("");
  });
  const paint = { worse: style.bad, better: style.good, unknown: style.doubtful };
  return lines
    .map((line, level) => {
      const change = changePoints[level - 1];
      return change === undefined ? line : paint[change.direction](marks[change.direction]) + line;
    })
    .join("");
}
