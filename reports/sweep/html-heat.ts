// A figure over two axes: a cell a point, the darker the larger, with its value in it; a heavy line parts the points that meet the targets
// of this figure from those that do not.

import * as Plot from "@observablehq/plot";
import type { VariedValue } from "../../config/vary.ts";
import type { Sweep, SweepFigure, SweepPoint } from "../../metrics/sweep/sweep.ts";
import { formatScaled, type Scale } from "../format-number.ts";
import type { Draughtsman } from "../html/charts/plot-svg.ts";
import { html, type Markup } from "../html/markup.ts";
import { figureScale, figureStanding, standingSigns, valueText } from "./sweep-words.ts";

const SHADES = 6;
/** From this shade on, the ground is nearer to the text than to the page, in light and in dark. */
const DARK_FROM = 3;
const CELL_HEIGHT_PX = 30;
const MARGIN_TOP = 8;
const MARGIN_BOTTOM = 44;
const CHARACTER_PX = 7;
const CELL_CHARACTER_PX = 6.2;

export interface HeatPart {
  /** Places of the two axes. */
  readonly across: number;
  readonly up: number;
  readonly points: readonly SweepPoint[];
  /** Of the other axes. */
  readonly name: string;
  readonly width: number;
}

interface Cell {
  readonly column: number;
  readonly row: number;
  readonly shade: number;
  readonly text: string;
  readonly met: boolean | null;
}

export function heatLegend(sweep: Sweep, { key }: SweepFigure): Markup {
  const scale = figureScale(sweep, key);
  const [low, high] = rangeOf(sweep, key);
  const swatch = (shade: number) =>
    html`<svg class="swatch" viewBox="0 0 18 12" aria-hidden="true"><path d="M0 0H18V12H0z" fill="var(--heat-${shade})"/></svg>`;
  const unit = scale.unit === "" ? "" : ` ${scale.unit}`;
  const parted = sweep.points.some((point) => figureStanding(point, key) !== null);
  return html`<ul class="legend"><li>${swatch(0)}${formatScaled(low, scale)}${unit}</li><li>${swatch(SHADES - 1)}${formatScaled(high, scale)}${unit}</li>${parted ? html`<li>heavy line: between points that meet its targets (✓) and those that do not</li>` : null}</ul>`;
}

export function heatMap(draughtsman: Draughtsman, sweep: Sweep, figure: SweepFigure, part: HeatPart): Markup {
  const { width } = part;
  const [across, up] = [sweep.axes[part.across]!, sweep.axes[part.up]!];
  const [columns, rows] = [inOrder(across.values), inOrder(up.values)];
  const cells = cellsOf(sweep, figure, part, columns, rows);
  const labels = rows.map(valueText);
  const marginLeft = Math.ceil(Math.max(...labels.map(({ length }) => length)) * CHARACTER_PX) + 34;
  const cellWidth = (width - marginLeft - 14) / columns.length;
  const fits = cells.every(({ text }) => text.length * CELL_CHARACTER_PX < cellWidth);
  const everyColumn = Math.ceil(
    (Math.max(...columns.map((value) => valueText(value).length)) * CHARACTER_PX + 8) / cellWidth,
  );
  return draughtsman.draw({
    title: describe(sweep, figure, part, cells),
    width,
    height: rows.length * CELL_HEIGHT_PX + MARGIN_TOP + MARGIN_BOTTOM,
    options: {
      marginTop: MARGIN_TOP,
      marginBottom: MARGIN_BOTTOM,
      marginLeft,
      marginRight: 14,
      x: { domain: [0, columns.length], type: "linear" },
      y: { domain: [0, rows.length], type: "linear" },
      marks: [
        ...Array.from({ length: SHADES }, (_, shade) =>
          Plot.rect(
            cells.filter((cell) => cell.shade === shade),
            {
              x1: "column",
              x2: ({ column }: Cell) => column + 1,
              y1: "row",
              y2: ({ row }: Cell) => row + 1,
              fill: `var(--heat-${shade})`,
              inset: 0.5,
            },
          ),
        ),
        Plot.link(borders(cells), {
          x1: "x1",
          x2: "x2",
          y1: "y1",
          y2: "y2",
          stroke: "var(--text)",
          strokeWidth: 2.6,
          strokeLinecap: "round",
        }),
        ...[false, true].map((dark) =>
          Plot.text(fits ? cells.filter(({ shade }) => shade >= DARK_FROM === dark) : [], {
            x: ({ column }: Cell) => column + 0.5,
            y: ({ row }: Cell) => row + 0.5,
            text: "text",
            fill: dark ? "var(--page)" : "var(--text)",
            fontSize: 11,
          }),
        ),
        Plot.axisX(
          columns.map((_, i) => i + 0.5).filter((_, i) => i % everyColumn === 0),
          {
            text: (place: number) => valueText(columns[Math.floor(place)]!),
            label: across.key,
            labelAnchor: "center",
            labelArrow: "none",
            labelOffset: 38,
            tickSize: 0,
          },
        ),
        Plot.axisY(
          rows.map((_, i) => i + 0.5),
          {
            text: (place: number) => labels[Math.floor(place)]!,
            label: up.key,
            labelAnchor: "center",
            labelArrow: "none",
            labelOffset: marginLeft - 4,
            tickSize: 0,
          },
        ),
      ],
    },
  });
}

/** Numbers upwards, other values as they were given. */
function inOrder(values: readonly VariedValue[]): readonly VariedValue[] {
  return values.every((value) => typeof value === "number") ? values.toSorted((a, b) => Number(a) - Number(b)) : values;
}

function cellsOf(
  sweep: Sweep,
  { key }: SweepFigure,
  { across, up, points }: HeatPart,
  columns: readonly VariedValue[],
  rows: readonly VariedValue[],
): readonly Cell[] {
  const scale = figureScale(sweep, key);
  const [low, high] = rangeOf(sweep, key);
  return points.flatMap((point): Cell[] => {
    const value = point.figures[key]?.value ?? null;
    if (value === null) return [];
    const standing = figureStanding(point, key);
    return [
      {
        column: columns.indexOf(point.at[across]!),
        row: rows.indexOf(point.at[up]!),
        shade: high === low ? 0 : Math.min(SHADES - 1, Math.floor(((value - low) / (high - low)) * SHADES)),
        text: cellText(value, scale, standing === null ? "" : ` ${standingSigns[standing]}`),
        met: standing === null ? null : standing === "met",
      },
    ];
  });
}

function cellText(value: number, scale: Scale, sign: string): string {
  return `${formatScaled(value, scale, 2)}${sign}`;
}

function rangeOf({ points }: Sweep, key: string): readonly [number, number] {
  const values = points.flatMap(({ figures }) => figures[key]?.value ?? []);
  return [Math.min(...values), Math.max(...values)];
}

/** Edges between a cell that meets its targets and a neighbour that does not. */
function borders(cells: readonly Cell[]) {
  const at = new Map(cells.map((cell) => [`${cell.column} ${cell.row}`, cell.met]));
  return cells.flatMap(({ column, row, met }) => {
    const parted = (other: boolean | null | undefined) => met !== null && typeof other === "boolean" && other !== met;
    return [
      ...(parted(at.get(`${column + 1} ${row}`)) ? [{ x1: column + 1, x2: column + 1, y1: row, y2: row + 1 }] : []),
      ...(parted(at.get(`${column} ${row + 1}`)) ? [{ x1: column, x2: column + 1, y1: row + 1, y2: row + 1 }] : []),
    ];
  });
}

function describe(
  sweep: Sweep,
  { key, label }: SweepFigure,
  { across, up, name }: HeatPart,
  cells: readonly Cell[],
): string {
  const { unit } = figureScale(sweep, key);
  const met = cells.filter(({ met: one }) => one === true).length;
  const judged = cells.some(({ met: one }) => one !== null) ? `; ${met} of ${cells.length} cells meet its targets` : "";
  const place = name === "" ? "" : `, ${name}`;
  return `${label}${unit === "" ? "" : ` in ${unit}`} by ${sweep.axes[across]!.key} and ${sweep.axes[up]!.key}${place}${judged}; the values stand in the table`;
}
