// The whole distribution of response times, predicted and measured, a small chart a load: where the two part tells which part of a
// request the model has wrong.

import * as Plot from "@observablehq/plot";
import type {
  DistributionPair,
  LoadValidation,
  ProviderValidation,
  Validation,
} from "../../../metrics/validation/validation.ts";
import { formatNumber } from "../../format-number.ts";
import { logTicks } from "../../html/charts/line-chart.ts";
import { legend, lineStyle } from "../../html/charts/line-styles.ts";
import type { Draughtsman } from "../../html/charts/plot-svg.ts";
import { formatTick } from "../../html/charts/time-axis.ts";
import { html, type Markup } from "../../html/markup.ts";
import { ninesOf } from "../../percentiles.ts";
import { percent } from "../validation-words.ts";

const SIZE = { width: 470, height: 240 };
const MARKED = [50, 90, 99, 99.9] as const;
const measuredStyle = lineStyle(0);
const predictedStyle = lineStyle(1);

interface Point {
  readonly nines: number;
  readonly ms: number;
}

/** Null where nothing had a response time. */
export function responseCurves(draughtsman: Draughtsman, { providers }: Validation): Markup | null {
  const groups = providers.flatMap((provider) => group(draughtsman, provider));
  if (groups.length === 0) return null;
  const names = legend([
    { label: "measured", style: measuredStyle },
    { label: "predicted", style: predictedStyle },
  ]);
  return html`${names}${groups}`;
}

function group(draughtsman: Draughtsman, { label, loads }: ProviderValidation): readonly Markup[] {
  const all = loads.flatMap(({ distribution }) =>
    [...distribution.predictedMs, ...distribution.measuredMs].filter((ms) => ms !== null && ms > 0),
  ) as number[];
  if (all.length === 0) return [];
  const domain: [number, number] = [Math.min(...all) * 0.85, Math.max(...all) * 1.15];
  const charts = loads.map((load) => {
    const caption = `${percent(load.share)}, ${formatNumber(Math.round(load.requestsPerSecond))} requests/s`;
    return html`<figure><figcaption>${caption}</figcaption>${curve(draughtsman, `${label} at ${caption}`, load, domain)}</figure>\n`;
  });
  return [html`<h3>${label}</h3><div class="pair-grid">${charts}</div>`];
}

function curve(draughtsman: Draughtsman, name: string, load: LoadValidation, domain: [number, number]): Markup {
  const { distribution } = load;
  const predicted = pointsOf(distribution, distribution.predictedMs);
  const measured = pointsOf(distribution, distribution.measuredMs);
  const xMax = Math.max(...[...predicted, ...measured].map(({ nines }) => nines), ninesOf(90));
  const marked = MARKED.filter((percentile) => ninesOf(percentile) <= xMax + 1e-9);
  const at = (points: readonly Point[], percentile: number) =>
    points.find(({ nines }) => Math.abs(nines - ninesOf(percentile)) < 1e-9)?.ms;
  const spoken = marked.flatMap((percentile) => {
    const [one, other] = [at(predicted, percentile), at(measured, percentile)];
    if (one === undefined || other === undefined) return [];
    return [`p${percentile} predicted ${formatNumber(one, 3)} ms, measured ${formatNumber(other, 3)} ms`];
  });
  const ticks = logTicks(...domain);
  const line = (points: readonly Point[], { color, dash }: { readonly color: string; readonly dash: string }) =>
    Plot.line(points, {
      x: "nines",
      y: "ms",
      stroke: color,
      strokeWidth: 2,
      strokeDasharray: dash || undefined,
      strokeLinejoin: "round",
    });
  return draughtsman.draw({
    title: `${name}: ${spoken.join("; ")}`,
    ...SIZE,
    options: {
      marginTop: 22,
      marginRight: 16,
      marginBottom: 26,
      marginLeft: 46,
      x: { domain: [0, xMax] },
      y: { type: "log", domain },
      marks: [
        Plot.gridY(ticks, { stroke: "currentColor", strokeOpacity: 0.13 }),
        line(measured, measuredStyle),
        line(predicted, predictedStyle),
        Plot.axisX(marked.map(ninesOf), { text: nameOf, label: null, tickSize: 3 }),
        Plot.axisY(ticks, { text: formatTick, label: "ms", labelArrow: "none", tickSize: 0 }),
      ],
    },
  });
}

function pointsOf({ percentiles }: DistributionPair, values: readonly (number | null)[]): readonly Point[] {
  return values.flatMap((ms, place) => (ms === null || ms === 0 ? [] : [{ nines: ninesOf(percentiles[place]!), ms }]));
}

function nameOf(nines: number): string {
  return `p${MARKED.find((percentile) => Math.abs(ninesOf(percentile) - nines) < 1e-9)}`;
}
