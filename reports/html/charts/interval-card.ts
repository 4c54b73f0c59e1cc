// One figure of all results as dots on a line, with their 95 % intervals as bars and the closed form as a hollow diamond: where
// bars do not meet, the runs differ by more than luck.

import * as Plot from "@observablehq/plot";
import { assert } from "../../../config/assert.ts";
import { type FigureRow, formatCell, rowHead } from "../../figure-rows.ts";
import type { Markup } from "../markup.ts";
import { lineStyle } from "./line-styles.ts";
import type { Draughtsman } from "./plot-svg.ts";
import { shortened } from "./shortened.ts";
import { formatTick } from "./time-axis.ts";

const WIDTH = 330;
/** One line for the name and the value, one for the dot. */
const ROW_PX = 42;
const TEXT_DY_PX = -9;
const DOT_DY_PX = 9;

interface Row {
  readonly index: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly closed: number | null;
  readonly text: string;
}

/** @param row a figure that at least one result knows. */
export function intervalCard(draughtsman: Draughtsman, row: FigureRow, labels: readonly string[]): Markup {
  const { divisor } = row.scale;
  const rows = row.cells.flatMap((cell, index): Row[] => {
    if (cell.value === null) return [];
    const { low, high } = cell.interval ?? { low: cell.value, high: cell.value };
    const closed = cell.closedForm === undefined ? null : cell.closedForm.value / divisor;
    const text = formatCell(cell, row.scale);
    return [{ index, value: cell.value / divisor, low: low / divisor, high: high / divisor, closed, text }];
  });
  assert(rows.length > 0, "a card has something to draw");
  const all = rows.flatMap((one) => [one.value, one.low, one.high, ...(one.closed === null ? [] : [one.closed])]);
  const domain = padded(Math.min(...all), Math.max(...all));
  const y = (one: Row) => one.index;
  const marks = [
    Plot.gridX({ ticks: 4, stroke: "currentColor", strokeOpacity: 0.16 }),
    Plot.axisX({ ticks: 4, tickFormat: formatTick, label: null, tickSize: 3 }),
    Plot.text(rows, {
      y,
      text: (one: Row) => shortened(labels[one.index]!, labelCharsMax(one.text)),
      frameAnchor: "left",
      textAnchor: "start",
      dy: TEXT_DY_PX,
      ...halo,
    }),
    Plot.text(rows, {
      y,
      text: "text",
      frameAnchor: "right",
      textAnchor: "end",
      dy: TEXT_DY_PX,
      fontWeight: 600,
      ...halo,
    }),
    ...rows.flatMap((one) => [
      Plot.ruleY([one], {
        y,
        x1: "low",
        x2: "high",
        dy: DOT_DY_PX,
        stroke: lineStyle(one.index).color,
        strokeWidth: 5,
        strokeOpacity: 0.45,
        strokeLinecap: "round",
      }),
      Plot.dot([one], { y, x: "value", r: 4.2, dy: DOT_DY_PX, fill: lineStyle(one.index).color }),
    ]),
    Plot.dot(
      rows.filter((one) => one.closed !== null),
      { y, x: "closed", r: 5, dy: DOT_DY_PX, symbol: "diamond", stroke: "currentColor", strokeWidth: 1.5 },
    ),
  ];
  return draughtsman.draw({
    title: `${rowHead(row)}: ${rows.map((one) => `${labels[one.index]!} ${one.text}`).join("; ")}`,
    width: WIDTH,
    height: rows.length * ROW_PX + 28,
    options: {
      marginTop: 2,
      marginBottom: 24,
      marginLeft: 2,
      marginRight: 2,
      x: { domain, insetLeft: 28, insetRight: 28 },
      y: { type: "point", axis: null, domain: rows.map(y), padding: 0.5 },
      marks,
    },
  });
}

function labelCharsMax(value: string): number {
  return Math.floor((WIDTH - value.length * VALUE_CHAR_PX - GAP_PX) / LABEL_CHAR_PX);
}

/** Widths at the size of the page, wide fonts allowed for. */
const LABEL_CHAR_PX = 7;
const VALUE_CHAR_PX = 8;
const GAP_PX = 14;

/** Grid lines stop short of text. */
const halo = { fill: "currentColor", stroke: "var(--page)", strokeWidth: 4 } as const;

/** A little air on both sides; a domain is never empty. A figure that comes near 0 is shown from 0. */
function padded(low: number, high: number): [number, number] {
  const air = (high - low) * 0.08 || Math.abs(high) * 0.05 || 1;
  const from = low >= 0 && low <= (high - low) * 0.6 ? 0 : low - air;
  return [from, high + air];
}
