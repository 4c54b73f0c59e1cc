// Sums of a figure over points of a line, with their intervals: a difference of two, a change of slope. Points that share a seed share
// their visitors, so such a sum is taken replication by replication, and what luck does to all of them alike falls out.
// Source: Law, Simulation Modeling and Analysis, 5th ed., 10.2.1 (paired t), 10.2.4 (several intervals at once: Bonferroni), 11.2.

import { log } from "../../config/elementary.ts";
import { meanInterval, tQuantile } from "../../metrics/confidence.ts";
import type { PointFigure } from "../../metrics/sweep/point.ts";

/** Differences below this part of the values they were taken of are rounding. */
const ROUNDED_OFF = 1e-11;
const LEVEL = 0.95;

/** null: too little was seen to tell it from chance. */
export type Contrasts = (weights: readonly number[], alternatives: number) => boolean | null;

/**
 * @param figures of the points of a line, all with a value.
 * @param ratios of times, whose spread grows as they do: where all are above 0, weights that add up to 0 compare logarithms.
 * @returns whether the weighted sum of the values lies off 0 by more than chance, at 95 % over so many alternatives that it was chosen from.
 */
export function contrastsOf(figures: readonly PointFigure[], ratios = false): Contrasts {
  const replications = Math.min(...figures.map(({ byReplication }) => byReplication?.length ?? 0));
  const onLogs = ratios && figures.every(({ byReplication }) => byReplication?.every((value) => value > 0) === true);
  const told = (value: number) => (onLogs ? log(value) : value);
  const size = Math.max(
    ...figures.map(({ value }) => Math.abs(onLogs ? told(value ?? 1) : (value ?? 0))),
    onLogs ? 1 : 0,
  );
  const exact = (sum: number, weights: readonly number[]) =>
    Math.abs(sum) <= ROUNDED_OFF * size * Math.max(...weights.map(Math.abs)) ? 0 : sum;
  if (replications >= 2) {
    return (weights, alternatives) => {
      const sums = Array.from({ length: replications }, (_, r) =>
        exact(
          figures.reduce((sum, { byReplication }, i) => sum + weights[i] * told(byReplication?.[r] ?? 0), 0),
          weights,
        ),
      );
      const interval = meanInterval(sums, 1 - (1 - LEVEL) / alternatives, "");
      return interval === null ? null : interval.low > 0 || interval.high < 0;
    };
  }
  // Without values by replication, as if the points were independent: wider than it need be.
  if (figures.some(({ interval }) => interval === null)) return () => null;
  return (weights, alternatives) => {
    const sum = exact(
      figures.reduce((total, { value }, i) => total + weights[i] * (value ?? 0), 0),
      weights,
    );
    const squares = figures.reduce((total, { interval }, i) => {
      const half = interval === null ? 0 : ((interval.high - interval.low) / 2) * weights[i];
      return total + half * half;
    }, 0);
    const wider = tQuantile(1 - (1 - LEVEL) / alternatives / 2, MANY) / tQuantile(1 - (1 - LEVEL) / 2, MANY);
    return Math.abs(sum) > wider * Math.sqrt(squares);
  };
}

/** Degrees of freedom at which Student's t is as good as normal. */
const MANY = 200;
