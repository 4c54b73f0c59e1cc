// Where a figure stands to its limit, by its interval: a value on the right side of a limit that its interval holds may be there by luck.

import type { Target } from "../../config/scenario.ts";
import type { PointFigure } from "./point.ts";
import type { PointTarget, TargetStanding } from "./sweep.ts";

/** @param figure the one that the target names; undefined where a simulation has no such figure. */
export function pointTarget(target: Target, figure: PointFigure | undefined): PointTarget {
  return { ...target, standing: standingOf(target, figure) };
}

function standingOf({ atMost, atLeast }: Target, figure: PointFigure | undefined): TargetStanding {
  if (figure === undefined || figure.value === null) return "unknown";
  const within = (value: number) =>
    value <= (atMost ?? Number.POSITIVE_INFINITY) && value >= (atLeast ?? Number.NEGATIVE_INFINITY);
  const { value, interval } = figure;
  const [low, high] = interval === null ? [value, value] : [interval.low, interval.high];
  if (within(low) && within(high)) return "met";
  const beyond = (atMost !== undefined && low > atMost) || (atLeast !== undefined && high < atLeast);
  return beyond ? "missed" : "undecided";
}
