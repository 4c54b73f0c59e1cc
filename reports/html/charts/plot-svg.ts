// Draws Observable Plot charts without a browser. The same options give the same bytes: no generated ids, coordinates to a
// tenth of a pixel, and one style sheet for all charts (style.ts) in place of one inside each.

import * as Plot from "@observablehq/plot";
import { Window } from "happy-dom";
import { type Download, slugOf } from "../download.ts";
import { escapeHtml, type Markup, trusted } from "../markup.ts";
import { standaloneSvg } from "./standalone-svg.ts";

export interface Drawing {
  /** What the chart shows, for those who cannot see it. */
  readonly title: string;
  readonly width: number;
  readonly height: number;
  readonly options: Plot.PlotOptions;
}

export interface Draughtsman {
  readonly draw: (drawing: Drawing) => Markup;
  /** The chart as a file of its own, named after `name`. */
  readonly picture: (name: string, chart: Markup) => Download;
  readonly close: () => Promise<void>;
}

/** Opens the document that charts are drawn in; close it, or its timers keep the process alive. */
export function openDraughtsman(): Draughtsman {
  const window = new Window();
  return {
    draw: (drawing) => draw(window, drawing),
    picture: pictureFile,
    close: () => window.happyDOM.close(),
  };
}

function draw(window: Window, { title, width, height, options }: Drawing): Markup {
  const { document } = window;
  const svg = Plot.plot({
    ...options,
    document: document as unknown as Plot.PlotOptions["document"],
    className: "chart",
    width,
    height,
  });
  svg.querySelector("style")?.remove();
  for (const attribute of ["class", "width", "height", "font-size", "font-family"]) svg.removeAttribute(attribute);
  const named = svg.outerHTML.replace(/^<svg/, () => `<svg class="chart" role="img" aria-label="${escapeHtml(title)}"`);
  return trusted(rounded(named));
}

function pictureFile(name: string, chart: Markup): Download {
  return { name: `${slugOf(name)}.svg`, label: "picture (SVG)", text: standaloneSvg(chart.markup) };
}

/** A tenth of a pixel is finer than any screen shows, and half the bytes. */
function rounded(svg: string): string {
  return svg.replace(
    / (d|transform|x|y|x1|x2|y1|y2|cx|cy|width|height)="([^"]*)"/g,
    (_, name: string, value: string) => {
      const short = value.replace(/-?\d+\.\d+(?:e-?\d+)?/g, (number) => String(Number(Number(number).toFixed(1))));
      return ` ${name}="${short}"`;
    },
  );
}
