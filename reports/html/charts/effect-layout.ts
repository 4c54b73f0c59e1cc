// Where effects are drawn: turned so that worse is on the right for every metric, on an axis that one huge effect cannot flatten.

import type { MetricRow, MetricStanding } from "../../comparison/metric-rows.ts";
import { type Scale, scaleFor } from "../../format-number.ts";

/** In the unit of the axis, above 0 worse. */
export interface EffectPlace {
  readonly standing: MetricStanding;
  readonly sign: string;
  readonly label: string;
  /** As in tables, not turned. */
  readonly text: string;
  readonly shortText: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly minimum: number;
  readonly floor: number | null;
  /** The value lies beyond an end of the axis. */
  readonly beyond: "none" | "better" | "worse";
}

export interface EffectLayout {
  readonly places: readonly EffectPlace[];
  readonly domain: readonly [number, number];
  /** "%", "pp", "KiB". */
  readonly unit: string;
}

/** Percentage points of a share: the figure's own per cent would be read as a relative change. */
const POINTS: Scale = { unit: "pp", divisor: 0.01, whole: false };
const PERCENT: Scale = { unit: "%", divisor: 0.01, whole: false };

/** How much further than usual an effect may reach before the axis ends without it. */
const REACH_OF_MIDDLE = 4;
const REACH_OF_MINIMUM = 3;

/** @param rows whose effect is known, all of one scale, and where that is absolute of one unit; at least one. */
export function layOutEffects(rows: readonly (MetricRow & { readonly sign: string })[]): EffectLayout {
  const scale = scaleOf(rows);
  const turned = rows.map((row) => turn(row, scale.divisor));
  const reaches = turned.map(({ low, high }) => Math.max(Math.abs(low), Math.abs(high))).sort((a, b) => a - b);
  const minimumMost = Math.max(...turned.map(({ minimum }) => minimum));
  const cap = Math.max(REACH_OF_MIDDLE * reaches[(reaches.length - 1) >> 1]!, REACH_OF_MINIMUM * minimumMost);
  const low = Math.max(-cap, Math.min(-1.25 * minimumMost, ...turned.map((one) => one.low)));
  const high = Math.min(cap, Math.max(1.25 * minimumMost, ...turned.map((one) => one.high)));
  const air = (high - low) * 0.03;
  const domain = [low - air, high + air] as const;
  const clip = (value: number) => Math.min(domain[1], Math.max(domain[0], value));
  const places = turned.map(
    ({ value, low: from, high: to, ...one }): EffectPlace => ({
      ...one,
      value: clip(value),
      low: clip(from),
      high: clip(to),
      beyond: value > domain[1] ? "worse" : value < domain[0] ? "better" : "none",
    }),
  );
  return { places, domain, unit: scale.unit };
}

function scaleOf(rows: readonly MetricRow[]): Scale {
  const { rule, unit } = rows[0]!.metric;
  if (rule.scale === "relative") return PERCENT;
  if (unit === "share") return POINTS;
  return scaleFor(
    unit,
    rows.flatMap(({ metric: { effect } }) => (effect === null ? [] : [effect.value])),
  );
}

function turn(
  { metric: { effect, rule, floor }, standing, sign, label, effect: text }: MetricRow & { readonly sign: string },
  divisor: number,
): Omit<EffectPlace, "beyond"> {
  const toWorse = (value: number) => (rule.better === "low" ? value : -value) / divisor;
  const { value, interval } = effect!;
  const ends = interval === null ? [value, value] : [interval.low, interval.high];
  const [one, other] = ends.map(toWorse) as [number, number];
  return {
    standing,
    sign,
    label,
    text,
    shortText: text.replace(/ \(.*\)$/, ""),
    value: toWorse(value),
    low: Math.min(one, other),
    high: Math.max(one, other),
    minimum: rule.minimumEffect / divisor,
    floor: floor === null ? null : floor / divisor,
  };
}
