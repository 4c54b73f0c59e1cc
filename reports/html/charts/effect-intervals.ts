// The effects of a comparison as a row a metric: the effect with its interval over a band within which nobody needs to hear of it, and
// this machine's noise floor. Worse is always on the right, whichever way a metric is good; the text keeps the effect's own sign.

import * as Plot from "@observablehq/plot";
import { type MetricRow, type MetricStanding, standingSigns } from "../../comparison/metric-rows.ts";
import { formatNumber } from "../../format-number.ts";
import { downloads } from "../download.ts";
import { html, type Markup } from "../markup.ts";
import { type EffectLayout, type EffectPlace, layOutEffects } from "./effect-layout.ts";
import type { Draughtsman } from "./plot-svg.ts";
import { shortened } from "./shortened.ts";
import { formatTick } from "./time-axis.ts";

interface Size {
  readonly width: number;
  readonly rowPx: number;
  /** Of the interval, below the top of the row. */
  readonly barDyPx: number;
  /** At most, beside the plot; 0 where names and values stand in a line of their own above the bar. */
  readonly namePx: number;
  readonly valuePx: number;
  readonly ticks: number;
}

const WIDE: Size = { width: 960, rowPx: 26, barDyPx: 13, namePx: 350, valuePx: 290, ticks: 6 };
const NARROW: Size = { width: 380, rowPx: 44, barDyPx: 31, namePx: 0, valuePx: 0, ticks: 5 };
const CARD: Size = { width: 330, rowPx: 46, barDyPx: 32, namePx: 0, valuePx: 0, ticks: 4 };

const MARGIN_BOTTOM = 42;
const SIDE_PX = 8;
const BAND_PX = 8;
/** Widths at the size of the page, wide fonts allowed for. */
const CHARACTER_PX = 7;
const BOLD_CHARACTER_PX = 7.7;
/** Metrics of one call differ in their size and in what was measured of it: "65536 bytes, processor". */
const NAME_END_CHARS = 22;
/** More rows than anybody looks through; the table has the rest. */
const ROWS_MAX = 80;
const CARDS_MAX = 24;

const standingColors: Readonly<Record<MetricStanding, string>> = {
  regressed: "var(--bad)",
  waived: "var(--doubtful)",
  "cannot tell": "var(--doubtful)",
  improved: "var(--good)",
  "no worse": "var(--good)",
};

/** null where no effect is known. @param rows worst first. */
export function effectCharts(draughtsman: Draughtsman, rows: readonly MetricRow[]): Markup | null {
  const known = rows
    .filter(({ metric: { effect } }) => effect !== null)
    .map((row) => ({ ...row, sign: standingSigns[row.standing] }));
  if (known.length === 0) return null;
  const relative = known.filter(({ metric }) => metric.rule.scale === "relative");
  const absolute = known.filter(({ metric }) => metric.rule.scale === "absolute");
  const floors = known.some(({ metric }) => metric.floor !== null);
  const left = Math.max(0, relative.length - ROWS_MAX) + Math.max(0, absolute.length - CARDS_MAX);
  return html`<p class="soft">● the effect, ○ where nothing can be told yet, its 95 % interval as a bar; shaded: changes smaller than the minimum effect${floors ? "; ┊ the noise floor of this machine" : ""}. Worse is on the right for every metric.</p>
${relative.length === 0 ? null : relativeChart(draughtsman, relative.slice(0, ROWS_MAX))}${absolute.length === 0 ? null : cards(draughtsman, absolute.slice(0, CARDS_MAX))}${left > 0 ? html`<p class="soft">${formatNumber(left)} more, the least bad, not drawn: the table has them.</p>` : null}`;
}

type SignedRow = MetricRow & { readonly sign: string };

function relativeChart(draughtsman: Draughtsman, rows: readonly SignedRow[]): Markup {
  const layout = layOutEffects(rows);
  const title = `Effects relative to the base: ${rows.map(spoken).join("; ")}`;
  const wide = draw(draughtsman, layout, WIDE, title);
  const beyond = layout.places.some((place) => place.beyond !== "none");
  return html`<div class="wide">${wide}</div><div class="narrow">${draw(draughtsman, layout, NARROW, title)}</div>${beyond ? html`<p class="under">▸ further out than the axis reaches.</p>` : null}${downloads(draughtsman.picture("effects", wide))}`;
}

/** Metrics with an axis of their own, as a point of one weighs more than a point of another. */
function cards(draughtsman: Draughtsman, rows: readonly SignedRow[]): Markup {
  const figures = rows.map((row) => {
    const layout = layOutEffects([row]);
    // The name stands above the picture; in it stands the verdict.
    const places = layout.places.map((place) => ({ ...place, label: row.standing }));
    return html`<figure><figcaption>${row.label}</figcaption>${draw(draughtsman, { ...layout, places }, CARD, spoken(row))}</figure>\n`;
  });
  return html`<h3>Differences on scales of their own</h3><div class="cards">${figures}</div>`;
}

function spoken({ label, effect, standing }: MetricRow): string {
  return `${label} ${effect}, ${standing}`;
}

interface PlacedRow extends EffectPlace {
  readonly topPx: number;
  readonly barPx: number;
}

function draw(draughtsman: Draughtsman, { places, domain, unit }: EffectLayout, size: Size, title: string): Markup {
  const heightPx = places.length * size.rowPx;
  const longest = places.reduce((most, { label }) => Math.max(most, label.length), 0);
  const namePx = Math.min(size.namePx, Math.ceil(longest * CHARACTER_PX));
  const rows = places.map((place, index): PlacedRow => {
    const topPx = index * size.rowPx;
    return { ...place, topPx, barPx: topPx + size.barDyPx };
  });
  return draughtsman.draw({
    title,
    width: size.width,
    height: heightPx + MARGIN_BOTTOM + 4,
    options: {
      marginTop: 4,
      marginBottom: MARGIN_BOTTOM,
      marginLeft: namePx + SIDE_PX,
      marginRight: size.valuePx + SIDE_PX,
      x: { domain: [...domain], insetLeft: SIDE_PX, insetRight: SIDE_PX },
      y: { domain: [0, heightPx], type: "linear", reverse: true, axis: null },
      marks: [
        Plot.gridX({ ticks: size.ticks, stroke: "currentColor", strokeOpacity: 0.13 }),
        Plot.rect(rows, {
          x1: ({ minimum }: PlacedRow) => Math.max(-minimum, domain[0]),
          x2: ({ minimum }: PlacedRow) => Math.min(minimum, domain[1]),
          y1: ({ barPx }: PlacedRow) => barPx - BAND_PX,
          y2: ({ barPx }: PlacedRow) => barPx + BAND_PX,
          fill: "currentColor",
          fillOpacity: 0.11,
        }),
        Plot.ruleX([0], { stroke: "currentColor", strokeOpacity: 0.55 }),
        ...floorMarks(rows, domain),
        ...rows.flatMap((row) => effectMarks(row)),
        ...(size.namePx === 0 ? textAbove(rows, size) : textBeside(rows, size)),
        Plot.axisX({
          ticks: size.ticks,
          tickFormat: (value: number) => `${formatTick(Math.abs(value))}${unit === "" ? "" : ` ${unit}`}`,
          label: "← better · worse →",
          labelAnchor: "center",
          labelArrow: "none",
          labelOffset: 38,
          tickSize: 3,
        }),
      ],
    },
  });
}

function floorMarks(rows: readonly PlacedRow[], domain: EffectLayout["domain"]): Plot.Markish[] {
  const floors = rows.flatMap(({ floor, barPx }) =>
    floor === null ? [] : [-floor, floor].filter((x) => x >= domain[0] && x <= domain[1]).map((x) => ({ x, barPx })),
  );
  return [
    Plot.ruleX(floors, {
      x: "x",
      y1: ({ barPx }: PlacedRow) => barPx - BAND_PX - 1,
      y2: ({ barPx }: PlacedRow) => barPx + BAND_PX + 1,
      stroke: "currentColor",
      strokeOpacity: 0.8,
      strokeWidth: 1.3,
      strokeDasharray: "2 2",
    }),
  ];
}

function effectMarks(row: PlacedRow): Plot.Markish[] {
  const color = standingColors[row.standing];
  const bar = Plot.ruleY([row], {
    y: "barPx",
    x1: "low",
    x2: "high",
    stroke: color,
    strokeWidth: 5,
    strokeOpacity: 0.45,
    strokeLinecap: "round",
  });
  const place = { x: "value", y: "barPx" } as const;
  if (row.beyond !== "none") {
    const rotate = row.beyond === "worse" ? 90 : -90;
    return [bar, Plot.dot([row], { ...place, r: 5, symbol: "triangle", rotate, fill: color })];
  }
  const open = row.standing === "cannot tell";
  return [
    bar,
    Plot.dot([row], {
      ...place,
      r: open ? 4 : 4.4,
      fill: open ? "var(--page)" : color,
      stroke: color,
      strokeWidth: 1.6,
    }),
  ];
}

function textBeside(rows: readonly PlacedRow[], { namePx, valuePx }: Size): Plot.Markish[] {
  const charsMax = Math.floor(namePx / CHARACTER_PX);
  return [
    Plot.text(rows, {
      y: "barPx",
      text: ({ label }: PlacedRow) => shortened(label, charsMax, NAME_END_CHARS),
      frameAnchor: "left",
      textAnchor: "end",
      dx: -SIDE_PX,
      fill: "currentColor",
    }),
    Plot.text(rows, {
      y: "barPx",
      text: "text",
      frameAnchor: "right",
      textAnchor: "start",
      dx: SIDE_PX,
      fill: "currentColor",
    }),
    ...rows.map((row) =>
      Plot.text([row], {
        y: "barPx",
        text: () => `${row.sign} ${row.standing}`,
        frameAnchor: "right",
        textAnchor: "start",
        dx: SIDE_PX + valuePx - 100,
        fill: standingColors[row.standing],
        fontWeight: 600,
      }),
    ),
  ];
}

/** The name on the left, the effect on the right, above the bar. */
function textAbove(rows: readonly PlacedRow[], { width, barDyPx }: Size): Plot.Markish[] {
  const dy = 14 - barDyPx - 4;
  const halo = { stroke: "var(--page)", strokeWidth: 4 } as const;
  return rows.flatMap((row) => {
    const roomPx = width - row.shortText.length * CHARACTER_PX - 4 * SIDE_PX;
    const charsMax = Math.floor(roomPx / BOLD_CHARACTER_PX) - row.sign.length - 1;
    return [
      Plot.text([row], {
        y: "barPx",
        text: () => `${row.sign} ${shortened(row.label, charsMax, NAME_END_CHARS)}`,
        frameAnchor: "left",
        textAnchor: "start",
        dy,
        fill: standingColors[row.standing],
        fontWeight: 600,
        ...halo,
      }),
      Plot.text([row], {
        y: "barPx",
        text: "shortText",
        frameAnchor: "right",
        textAnchor: "end",
        dy,
        fill: "currentColor",
        ...halo,
      }),
    ];
  });
}
