// Where the bars of a tornado begin and end: for each assumption the smallest margin of the recommendation with the assumption turned
// down and up, around the margin as it is. Both drawings, of characters and of lines, start from here.

import type { Plan, SensitivityEnd } from "../../metrics/plan/plan.ts";
import { changeAt, smallestMargin } from "./plan-words.ts";

export interface TornadoEnd {
  readonly factor: number;
  readonly margin: number | null;
  /** Another choice is the cheapest there, or none meets the targets. */
  readonly changes: boolean;
}

export interface TornadoBar {
  readonly assumption: string;
  /** The end with the smaller margin on the left; one that is not known on the side of its factor. */
  readonly left: TornadoEnd;
  readonly right: TornadoEnd;
  /** From the smaller to the larger of the margins that are known, the base's included. */
  readonly from: number;
  readonly to: number;
}

export interface Tornado {
  /** The smallest margin as it is. */
  readonly base: number;
  /** Holds every bar and 0, the limit. */
  readonly domain: readonly [number, number];
  readonly bars: readonly TornadoBar[];
  /** A margin lies beyond the domain; its bar ends where that ends. */
  readonly clipped: boolean;
}

/** One huge margin must not flatten all others. */
const MARGIN_MIN = -1.5;
const MARGIN_MAX = 1.5;

/** null where there is nothing to turn, or nothing known to turn it around. Widest bar first. */
export function tornadoOf(plan: Plan): Tornado | null {
  const margin = plan.recommendation === null ? null : smallestMargin(plan.recommendation);
  if (margin === null || plan.sensitivities.length === 0) return null;
  const base = clip(margin);
  const bars = plan.sensitivities.map(({ assumption, low, high }): TornadoBar => {
    const known = [base, low.margin, high.margin].filter((margin) => margin !== null).map(clip);
    const turned = low.margin !== null && high.margin !== null && low.margin > high.margin;
    const [left, right] = turned ? [high, low] : [low, high];
    return {
      assumption,
      left: endOf(plan, left),
      right: endOf(plan, right),
      from: Math.min(...known),
      to: Math.max(...known),
    };
  });
  const widest = bars.toSorted((one, other) => other.to - other.from - (one.to - one.from));
  const all = plan.sensitivities.flatMap(({ low, high }) => [low.margin, high.margin]);
  const low = Math.min(0, ...bars.map(({ from }) => from));
  const high = Math.max(0, ...bars.map(({ to }) => to));
  return {
    base,
    domain: [low, high > low ? high : low + 1],
    bars: widest,
    clipped: all.some((one) => one !== null && clip(one) !== one),
  };
}

function clip(margin: number): number {
  return Math.min(MARGIN_MAX, Math.max(MARGIN_MIN, margin));
}

function endOf(plan: Plan, end: SensitivityEnd): TornadoEnd {
  return { factor: end.factor, margin: end.margin, changes: changeAt(plan, end) !== null };
}
