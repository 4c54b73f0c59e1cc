// A sweep as tables: along one axis its figures side by side, over two a matrix a figure, over more a row a point. Terminal and page show
// the same ones.

import type { Sweep, SweepPoint, TargetStanding } from "../../metrics/sweep/sweep.ts";
import { formatCell } from "../figure-rows.ts";
import { UNKNOWN } from "../format-number.ts";
import { figureScale, figureStanding, valueText } from "./sweep-words.ts";

export interface SweepCell {
  readonly text: string;
  /** Of the targets that speak of this figure; null where none does, or the point had not ended. */
  readonly standing: TargetStanding | null;
}

export interface SweepTable {
  readonly caption: string;
  /** Of the column of row heads, then of each cell. */
  readonly heads: readonly [string, ...string[]];
  readonly rows: readonly { readonly head: string; readonly cells: readonly SweepCell[] }[];
}

export function sweepTables(sweep: Sweep): readonly SweepTable[] {
  return sweep.axes.length === 2 ? sweep.figures.map((figure) => matrix(sweep, figure)) : [longTable(sweep)];
}

function longTable(sweep: Sweep): SweepTable {
  const { axes, figures, points } = sweep;
  return {
    caption: "Each point of the sweep",
    heads: [
      axes.map(({ key }) => key).join(" · "),
      ...figures.map(({ key, label }) => {
        const { unit } = figureScale(sweep, key);
        return unit === "" ? label : `${label} (${unit})`;
      }),
    ],
    rows: points.map((point) => ({
      head: point.at.map(valueText).join(" · "),
      cells: figures.map(({ key }) => cellOf(sweep, point, key)),
    })),
  };
}

function matrix(sweep: Sweep, { key, label }: Sweep["figures"][number]): SweepTable {
  const [down, across] = sweep.axes as [Sweep["axes"][number], Sweep["axes"][number]];
  const { unit } = figureScale(sweep, key);
  const byPlace = new Map(sweep.points.map((point) => [JSON.stringify(point.at), point]));
  return {
    caption: `${label}${unit === "" ? "" : ` (${unit})`}: ${down.key} down, ${across.key} across`,
    heads: [down.key, ...across.values.map(valueText)],
    rows: down.values.map((value) => ({
      head: valueText(value),
      cells: across.values.map((other) => cellOf(sweep, byPlace.get(JSON.stringify([value, other])), key)),
    })),
  };
}

function cellOf(sweep: Sweep, point: SweepPoint | undefined, key: string): SweepCell {
  const figure = point?.figures[key];
  if (point === undefined || figure === undefined || figure.value === null) return { text: UNKNOWN, standing: null };
  const { value, interval } = figure;
  const text = formatCell({ value, ...(interval === null ? {} : { interval }) }, figureScale(sweep, key));
  return { text, standing: figureStanding(point, key) };
}
