// Charts with a line for each of a few names: beside the drawing where the page is wide, above it where it is narrow.

import * as Plot from "@observablehq/plot";
import { shortened } from "../../html/charts/shortened.ts";

export interface RowSize {
  readonly width: number;
  readonly rowPx: number;
  /** Of the bar's middle, below the top of the row. */
  readonly barDyPx: number;
  /** Beside the drawing; 0 where texts stand in a line of their own above the bar. */
  readonly namePx: number;
  readonly textPx: number;
  readonly ticks: number;
  /** Room for half a tick's text at the ends of the axis, where no margin has it. */
  readonly insetPx: number;
}

export const WIDE: RowSize = { width: 960, rowPx: 30, barDyPx: 15, namePx: 250, textPx: 310, ticks: 6, insetPx: 0 };
export const NARROW: RowSize = { width: 380, rowPx: 62, barDyPx: 48, namePx: 0, textPx: 0, ticks: 4, insetPx: 14 };
export const SIDE_PX = 8;

/** Widths at the size of the page, wide fonts allowed for. */
const CHARACTER_PX = 7;
const BOLD_CHARACTER_PX = 7.7;

export interface ChartRow {
  readonly name: string;
  /** What is told of it, beside or below its name. */
  readonly text: string;
  readonly color: string;
  /** Middle of the bar, from the top of the drawing. */
  readonly barPx: number;
}

/** Where each of so many rows has its bar. */
export function barPlaces(rows: number, { rowPx, barDyPx }: RowSize): readonly number[] {
  return Array.from({ length: rows }, (_, row) => row * rowPx + barDyPx);
}

export function rowTexts(rows: readonly ChartRow[], size: RowSize): Plot.Markish[] {
  const { width, namePx, textPx, barDyPx } = size;
  const wide = namePx > 0;
  const halo = wide ? {} : ({ stroke: "var(--page)", strokeWidth: 4 } as const);
  const charsMax = Math.floor(((wide ? namePx : width) - SIDE_PX) / (wide ? CHARACTER_PX : BOLD_CHARACTER_PX));
  const textCharsMax = Math.floor(((wide ? textPx : width) - SIDE_PX) / CHARACTER_PX);
  return rows.flatMap((row) => [
    Plot.text([row], {
      y: "barPx",
      text: () => shortened(row.name, charsMax),
      frameAnchor: "left",
      textAnchor: wide ? "end" : "start",
      dx: wide ? -SIDE_PX : 0,
      dy: wide ? 0 : 12 - barDyPx,
      fill: "currentColor",
      fontWeight: wide ? 400 : 600,
      ...halo,
    }),
    Plot.text([row], {
      y: "barPx",
      text: () => shortened(row.text, textCharsMax),
      frameAnchor: wide ? "right" : "left",
      textAnchor: "start",
      dx: wide ? SIDE_PX : 0,
      dy: wide ? 0 : 27 - barDyPx,
      fill: row.color,
      fontWeight: wide ? 600 : 400,
      ...halo,
    }),
  ]);
}
