// Prediction against measurement, a panel a figure: on the line where both are equal the prediction is right, inside the band it is as
// near as was asked. Both axes are logarithmic, so that the band is as wide for a small load as for a large one.

import * as Plot from "@observablehq/plot";
import type { RowVerdict, Validation, ValidationRow } from "../../../metrics/validation/validation.ts";
import { scaleFor } from "../../format-number.ts";
import { logTicks } from "../../html/charts/line-chart.ts";
import { lineStyle } from "../../html/charts/line-styles.ts";
import type { Draughtsman } from "../../html/charts/plot-svg.ts";
import { formatTick } from "../../html/charts/time-axis.ts";
import { html, type Markup, trusted } from "../../html/markup.ts";
import { boundInWords, errorInWords, judgedKeys, percent } from "../validation-words.ts";

interface Point {
  /** Place of the provider. */
  readonly index: number;
  readonly label: string;
  readonly load: number;
  readonly measured: number;
  readonly predicted: number;
  readonly low: number;
  readonly high: number;
  readonly error: string;
  readonly verdict: RowVerdict;
}

const SIZE = { width: 330, height: 300 };
const SYMBOLS = ["circle", "square", "triangle", "diamond", "star", "wye"] as const;
/** From the outermost points to the frame, as a factor. */
const AIR = 1.25;
const TICKS_MAX = 6;

/** Null where nothing was judged. */
export function predictionScatters(draughtsman: Draughtsman, validation: Validation): Markup | null {
  const loads = validation.providers.flatMap((provider) => provider.loads);
  const panels = judgedKeys(loads).flatMap((key) => panel(draughtsman, validation, key));
  return panels.length === 0 ? null : html`${legend(validation)}<div class="cards">${panels}</div>`;
}

function panel(draughtsman: Draughtsman, { providers }: Validation, key: string): readonly Markup[] {
  const rows = providers.flatMap(({ label, loads }, index) =>
    loads.flatMap((load) => load.rows.filter((row) => row.key === key).map((row) => ({ index, label, load, row }))),
  );
  const known = rows.filter(({ row }) => (row.predicted ?? 0) > 0 && (row.measured ?? 0) > 0);
  const first = known[0]?.row;
  if (first === undefined) return [];
  const scale = scaleFor(
    first.unit,
    known.map(({ row }) => row.measured!),
  );
  const points = known.map(({ index, label, load, row }): Point => {
    const measured = row.measured! / scale.divisor;
    const { low, high } = row.measuredRange ?? { low: row.measured!, high: row.measured! };
    return {
      index,
      label,
      load: load.share,
      measured,
      predicted: row.predicted! / scale.divisor,
      low: low / scale.divisor > 0 ? low / scale.divisor : measured,
      high: high / scale.divisor,
      error: errorInWords(row),
      verdict: row.verdict,
    };
  });
  const left = rows.length - known.length;
  const unit = scale.unit === "" ? "" : ` (${scale.unit})`;
  return [
    html`<figure><figcaption>${first.label}${unit}, ±${boundInWords(first)}</figcaption>${drawPanel(draughtsman, first, points)}${left === 0 ? null : html`<p class="under">${left} not drawn: 0, or too few events.</p>`}</figure>\n`,
  ];
}

function drawPanel(draughtsman: Draughtsman, row: ValidationRow, points: readonly Point[]): Markup {
  const all = points.flatMap(({ measured, predicted, low, high }) => [measured, predicted, low, high]);
  const domain: [number, number] = [Math.min(...all) / AIR, Math.max(...all) * AIR];
  const ends = domain.map((value) => ({ value }));
  const relative = row.bound?.relative ?? 0;
  const ticks = thinned(logTicks(...domain));
  const grid = { stroke: "currentColor", strokeOpacity: 0.13 } as const;
  const spoken = points.map(({ label, load, error }) => `${label} at ${percent(load)} ${error}`).join("; ");
  return draughtsman.draw({
    title: `${row.label}, predicted against measured: ${spoken}`,
    ...SIZE,
    options: {
      marginTop: 22,
      marginRight: 14,
      marginBottom: 38,
      marginLeft: 46,
      x: { type: "log", domain },
      y: { type: "log", domain: [domain[0] * (1 - relative), domain[1] * (1 + relative)] },
      marks: [
        Plot.gridX(ticks, grid),
        Plot.gridY(ticks, grid),
        Plot.areaY(ends, {
          x: "value",
          y1: ({ value }: { value: number }) => value * (1 - relative),
          y2: ({ value }: { value: number }) => value * (1 + relative),
          fill: "var(--good)",
          fillOpacity: 0.14,
        }),
        Plot.line(ends, { x: "value", y: "value", stroke: "currentColor", strokeOpacity: 0.55 }),
        Plot.ruleY(points, {
          x1: "low",
          x2: "high",
          y: "predicted",
          stroke: (point: Point) => lineStyle(point.index).color,
          strokeWidth: 1.4,
        }),
        ...points.flatMap(dotsOf),
        Plot.axisX(ticks, {
          text: formatTick,
          label: "measured",
          labelAnchor: "center",
          labelArrow: "none",
          tickSize: 3,
        }),
        Plot.axisY(ticks, { text: formatTick, label: "predicted", labelArrow: "none", tickSize: 0 }),
      ],
    },
  });
}

/** Hollow where too few events tell, ringed where it misses. */
function dotsOf(point: Point): readonly Plot.Markish[] {
  const { color } = lineStyle(point.index);
  const place = { x: "measured", y: "predicted" } as const;
  const ring = Plot.dot([point], { ...place, r: 7.5, stroke: "var(--bad)", strokeWidth: 1.4 });
  const dot = Plot.dot([point], {
    ...place,
    r: 4,
    symbol: symbolOf(point.index),
    fill: point.verdict === "too few to tell" ? "var(--page)" : color,
    stroke: color,
    strokeWidth: 1.4,
  });
  return point.verdict === "misses" ? [ring, dot] : [dot];
}

function symbolOf(index: number): (typeof SYMBOLS)[number] {
  return SYMBOLS[index % SYMBOLS.length]!;
}

function thinned(ticks: readonly number[]): number[] {
  const step = Math.ceil(ticks.length / TICKS_MAX);
  return ticks.filter((_, place) => place % step === 0);
}

const shapes: Readonly<Record<(typeof SYMBOLS)[number], string>> = {
  circle: '<circle cx="8" cy="6" r="4.4"/>',
  square: '<rect x="4" y="2" width="8" height="8"/>',
  triangle: '<path d="M8 1L13 10H3Z"/>',
  diamond: '<path d="M8 0L12 6L8 12L4 6Z"/>',
  star: '<path d="M8 0L9.5 4.5H14L10.4 7.2L11.7 11.6L8 9L4.3 11.6L5.6 7.2L2 4.5H6.5Z"/>',
  wye: '<path d="M6.5 12V7L2.5 4.5L4 2L8 4.4L12 2L13.5 4.5L9.5 7V12Z"/>',
};

function legend({ providers }: Validation): Markup {
  const entries = providers.map(({ label }, index) => {
    const sample = `<svg viewBox="0 0 16 12" class="swatch" aria-hidden="true" fill="${lineStyle(index).color}">${shapes[symbolOf(index)]}</svg>`;
    return html`<li>${trusted(sample)}${label}</li>`;
  });
  return html`<ul class="legend">${entries}</ul><p class="under">Line: prediction and measurement agree. Band: within the bound. Ringed: misses it. Hollow: too few events to tell. Bars: several runs.</p>`;
}
