// Coloured cells of a grid in few bytes: all cells of one shade are one path, and neighbours in a row are one rectangle.

import type * as Plot from "@observablehq/plot";
import { html, type Markup } from "../markup.ts";

export interface Cell {
  readonly x1: number;
  readonly x2: number;
  readonly y1: number;
  readonly y2: number;
  /** 0 is the palest. */
  readonly shade: number;
}

const SHADES = 6;

/** Shares from which on a cell has the next shade; the palest begins right above 0. */
const shadeFrom = [0.003, 0.01, 0.03, 0.1, 0.3] as const;
const shadeLabels = ["< 0.3 %", "0.3–1 %", "1–3 %", "3–10 %", "10–30 %", "> 30 %"] as const;

/** null for a share of 0: the ground is left bare. */
export function shadeOf(share: number): number | null {
  if (share <= 0) return null;
  const above = shadeFrom.findIndex((from) => share < from);
  return above === -1 ? shadeFrom.length : above;
}

/** The shades with what they stand for, after a few words; further entries behind them. */
export function shadeLegend(of: string, ...more: readonly (Markup | null)[]): Markup {
  const shades = shadeLabels.map(
    (label, shade) =>
      html`<li><svg class="swatch" viewBox="0 0 18 12" aria-hidden="true"><path d="M0 0H18V12H0z" fill="var(--heat-${shade})"/></svg>${label}</li>`,
  );
  return html`<ul class="legend"><li>${of}</li>${shades}${more}</ul>`;
}

/** @param cells of a row one after the other, left to right, so that neighbours can be joined. */
export function cellsMark(cells: readonly Cell[]): Plot.RenderFunction {
  return (_index, { x, y }, _values, _dimensions, context) => {
    const group = context.document.createElementNS("http://www.w3.org/2000/svg", "g");
    group.setAttribute("shape-rendering", "crispEdges");
    for (let shade = 0; shade < SHADES; shade++) {
      const runs = joined(cells.filter((cell) => cell.shade === shade));
      if (runs.length === 0) continue;
      const path = context.document.createElementNS("http://www.w3.org/2000/svg", "path");
      path.setAttribute("fill", `var(--heat-${shade})`);
      path.setAttribute("d", runs.map((run) => rectangle(x!(run.x1), x!(run.x2), y!(run.y1), y!(run.y2))).join(""));
      group.append(path);
    }
    return group;
  };
}

function joined(cells: readonly Cell[]): readonly Cell[] {
  const runs: Cell[] = [];
  for (const cell of cells) {
    const last = runs.at(-1);
    if (last !== undefined && last.x2 === cell.x1 && last.y1 === cell.y1)
      runs[runs.length - 1] = { ...last, x2: cell.x2 };
    else runs.push(cell);
  }
  return runs;
}

/** Whole pixels are half the bytes. Edges are rounded before they are subtracted, so that neighbours share them. */
function rectangle(x1: number, x2: number, y1: number, y2: number): string {
  const [left, right] = [Math.round(Math.min(x1, x2)), Math.round(Math.max(x1, x2))];
  const [top, bottom] = [Math.round(Math.min(y1, y2)), Math.round(Math.max(y1, y2))];
  return `M${left} ${top}h${right - left}v${bottom - top}h${left - right}z`;
}
