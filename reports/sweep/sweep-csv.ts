// A sweep as one row a point: the varied keys, then each figure with its interval, then each target with where it stands.

import type { Sweep } from "../../metrics/sweep/sweep.ts";
import { type CsvValue, csvText } from "../csv.ts";

export function sweepCsv({ axes, figures, points }: Sweep): string {
  const targets = points.reduce((most, point) => Math.max(most, point.targets.length), 0);
  const heads: CsvValue[] = [
    ...axes.map(({ key }) => key),
    "replications",
    ...figures.flatMap(({ key }) => [key, `${key} low`, `${key} high`]),
    ...Array.from({ length: targets }, (_, i) => targetHead(points, i)),
  ];
  const rows = points.map((point): CsvValue[] => [
    ...point.at.map((value) => (typeof value === "number" ? value : String(value))),
    point.replications,
    ...figures.flatMap(({ key }) => {
      const figure = point.figures[key];
      return [figure?.value ?? null, figure?.interval?.low ?? null, figure?.interval?.high ?? null];
    }),
    ...Array.from({ length: targets }, (_, i) => point.targets[i]?.standing ?? null),
  ]);
  return csvText([heads, ...rows]);
}

/** "refusedShare at most 0.1"; without the limit where points differ in it. */
function targetHead(points: Sweep["points"], place: number): string {
  const heads = new Set(
    points.flatMap(({ targets }) => {
      const target = targets[place];
      if (target === undefined) return [];
      const most = target.atMost === undefined ? "" : ` at most ${target.atMost}`;
      return [`${target.figure}${most}${target.atLeast === undefined ? "" : ` at least ${target.atLeast}`}`];
    }),
  );
  return heads.size === 1 ? [...heads][0]! : `target ${place + 1}`;
}
