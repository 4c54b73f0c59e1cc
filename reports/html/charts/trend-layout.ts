// What of a trend is drawn, and where: enough points to see every peak, an axis that one outlier cannot flatten, labels of changes in
// lanes so that none covers another.

import type { HistoryTrend } from "../../../metrics/history/history.ts";
import { type Scale, scaleFor } from "../../format-number.ts";
import { thinOut } from "./thin-out.ts";

export interface TrendPoint {
  /** From 0, in the order of the runs. */
  readonly place: number;
  readonly value: number;
}

export interface TrendLayout {
  /** All values below are divided by its divisor. */
  readonly scale: Scale;
  /** Without outliers; none where there are too many to tell apart. */
  readonly points: readonly TrendPoint[];
  /** Of points, where they are known. */
  readonly intervals: readonly Span[];
  /** In place of too many points: the lowest and the highest of each stretch, which never reaches over a change. */
  readonly stretches: readonly Span[];
  readonly outliers: readonly TrendPoint[];
  /** Outliers beyond the axis, at its edge. */
  readonly beyond: readonly (TrendPoint & { readonly above: boolean })[];
  readonly levels: readonly { readonly from: number; readonly to: number; readonly value: number }[];
  readonly domain: readonly [number, number];
}

export interface Span {
  readonly place: number;
  readonly low: number;
  readonly high: number;
}

/** Outliers further out than so many times the extent of everything else do not stretch the axis. */
const REACH = 0.6;

export function layOutTrend({ series, changePoints, outliers }: HistoryTrend, pointsMax: number): TrendLayout {
  const apart = new Set(outliers);
  const counted = series.points.filter((_, place) => !apart.has(place));
  const scale = axisScale(
    series.unit,
    (counted.length === 0 ? series.points : counted).map(({ value }) => value),
  );
  const all = series.points.map(({ value }, place): TrendPoint => ({ place, value: value / scale.divisor }));
  const regular = all.filter(({ place }) => !apart.has(place));
  const thinned = regular.length > pointsMax;
  const starts = changePoints.map(({ index }) => index);
  const levels =
    changePoints.length === 0
      ? []
      : [0, ...starts].map((from, place) => ({
          from: from - 0.5,
          to: (starts[place] ?? all.length) - 0.5,
          value: (place === 0 ? changePoints[0]!.before : changePoints[place - 1]!.after) / scale.divisor,
        }));
  // Without any run there still is an axis.
  const within =
    all.length === 0 ? [0] : [...(regular.length === 0 ? all : regular), ...levels].map(({ value }) => value);
  const [low, high] = [Math.min(...within), Math.max(...within)];
  const reach = (high - low) * REACH || Math.abs(high) * 0.1 || 1;
  const seen = all.filter(({ place, value }) => apart.has(place) && value >= low - reach && value <= high + reach);
  const domain = padded(
    Math.min(low, ...seen.map(({ value }) => value)),
    Math.max(high, ...seen.map(({ value }) => value)),
  );
  const clip = (value: number) => Math.min(domain[1], Math.max(domain[0], value));
  return {
    scale,
    points: thinned ? [] : regular,
    intervals: thinned
      ? []
      : series.points.flatMap((point, place) =>
          point.low === undefined || point.high === undefined || apart.has(place)
            ? []
            : [{ place, low: clip(point.low / scale.divisor), high: clip(point.high / scale.divisor) }],
        ),
    stretches: thinned ? stretchesOf(regular, starts, all.length / pointsMax) : [],
    outliers: thinnedOut(seen, pointsMax / 4),
    beyond: thinnedOut(
      all.filter(({ place, value }) => apart.has(place) && (value < low - reach || value > high + reach)),
      pointsMax / 4,
    ).map(({ place, value }) => ({ place, value: clip(value), above: value > high })),
    levels,
    domain,
  };
}

/** As in tables; of units that nobody here knows, cycles an iteration say, there is no room for more than six digits. */
function axisScale(unit: string, values: readonly number[]): Scale {
  const scale = scaleFor(unit, values);
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value / scale.divisor)), 0);
  const power = largest < 1e6 ? 0 : Math.min(24, 3 * Math.floor(Math.log10(largest) / 3));
  if (power === 0) return scale;
  const words = power === 6 ? "million" : power === 9 ? "billion" : `1e${power}`;
  return { ...scale, unit: `${words} ${scale.unit}`.trim(), divisor: scale.divisor * Number(`1e${power}`) };
}

function stretchesOf(
  points: readonly TrendPoint[],
  starts: readonly number[],
  runsPerStretch: number,
): readonly Span[] {
  const spans: Span[] = [];
  let [level, stretch] = [-1, -1];
  for (const { place, value } of points) {
    const itsLevel = starts.filter((start) => start <= place).length;
    const itsStretch = Math.floor(place / runsPerStretch);
    const last = spans.at(-1);
    if (last === undefined || itsLevel !== level || itsStretch !== stretch)
      spans.push({ place, low: value, high: value });
    else spans[spans.length - 1] = { ...last, low: Math.min(last.low, value), high: Math.max(last.high, value) };
    [level, stretch] = [itsLevel, itsStretch];
  }
  return spans;
}

function thinnedOut(points: readonly TrendPoint[], pointsMax: number): readonly TrendPoint[] {
  const asTimed = points.map(({ place, value }) => ({ atMs: place, value }));
  return thinOut(asTimed, pointsMax).map(({ atMs, value }) => ({ place: atMs, value: value! }));
}

/** A little air, and never an empty axis. The whole of it is shown where the values come near 0. */
function padded(low: number, high: number): readonly [number, number] {
  const air = (high - low) * 0.08 || Math.abs(high) * 0.05 || 1;
  return [low >= 0 && low <= (high - low) * 0.4 ? 0 : low - air, high + air];
}

/**
 * The lane of each label, the lowest in which it covers none before it; null where all are taken.
 * @param centres and widths in pixels, centres ascending.
 */
export function lanesOf(
  labels: readonly { readonly centrePx: number; readonly widthPx: number }[],
  lanes: number,
  gapPx: number,
): readonly (number | null)[] {
  const ends = Array.from({ length: lanes }, () => -Infinity);
  return labels.map(({ centrePx, widthPx }) => {
    const lane = ends.findIndex((end) => centrePx - widthPx / 2 >= end + gapPx);
    if (lane === -1) return null;
    ends[lane] = centrePx + widthPx / 2;
    return lane;
  });
}
