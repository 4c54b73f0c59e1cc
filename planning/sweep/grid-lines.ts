// A grid cut into lines: one axis moves, every other stands still.

import type { VariedValue } from "../../config/vary.ts";
import type { SweepAxis } from "../../metrics/sweep/sweep.ts";

export interface GridLine<P> {
  readonly axis: string;
  /** All values of the axis are numbers. */
  readonly numeric: boolean;
  /** The value of every other axis. */
  readonly where: Readonly<Record<string, VariedValue>>;
  /** Numbers from the lowest up, others in the order of the axis; points that had not ended are missing. */
  readonly points: readonly P[];
  /** Of each point, on the axis. */
  readonly values: readonly VariedValue[];
}

export function gridLines<P extends { readonly at: readonly VariedValue[] }>(
  axes: readonly SweepAxis[],
  points: readonly P[],
): readonly GridLine<P>[] {
  return axes.flatMap(({ key, values }, moving) => {
    if (values.length < 2) return [];
    const numeric = values.every((value) => typeof value === "number");
    const lines = new Map<string, P[]>();
    for (const point of points) {
      const others = JSON.stringify(point.at.toSpliced(moving, 1));
      const line = lines.get(others);
      if (line === undefined) lines.set(others, [point]);
      else line.push(point);
    }
    return [...lines.values()].map((found) => {
      const place = ({ at }: P) => (numeric ? Number(at[moving]) : values.indexOf(at[moving]));
      const sorted = found.toSorted((a, b) => place(a) - place(b));
      const fixed = axes.flatMap((axis, i) => (i === moving ? [] : [[axis.key, sorted[0].at[i]] as const]));
      return {
        axis: key,
        numeric,
        where: Object.fromEntries(fixed),
        points: sorted,
        values: sorted.map(({ at }) => at[moving]),
      };
    });
  });
}
