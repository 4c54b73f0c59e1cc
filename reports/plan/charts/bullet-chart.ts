// Each target as a bar up to its value, with its interval, against a mark at its limit; all limits lie on one line, so that room and
// lack of it are seen at a glance. The ground is shaded where the target is met.

import * as Plot from "@observablehq/plot";
import type { Candidate, TargetEvidence } from "../../../metrics/plan/plan.ts";
import type { Draughtsman } from "../../html/charts/plot-svg.ts";
import { formatTick } from "../../html/charts/time-axis.ts";
import { html, type Markup } from "../../html/markup.ts";
import { boundOf, label, limitOf, metInWords, valueInWords } from "../plan-words.ts";
import { barPlaces, type ChartRow, NARROW, type RowSize, rowTexts, SIDE_PX, WIDE } from "./chart-rows.ts";

/** A value further beyond its limit is drawn here, with an arrow. */
const END_MAX = 2.5;
const MARGIN_BOTTOM = 40;

interface Bullet extends ChartRow {
  /** Shares of the limit. */
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly beyond: boolean;
  /** Where the target is met. */
  readonly from: number;
  readonly to: number;
}

const colors = { met: "var(--good)", missed: "var(--bad)", open: "var(--doubtful)" } as const;

/** null where no target can be drawn: a limit of 0 has no shares. */
export function bulletChart(draughtsman: Draughtsman, { targets }: Candidate): Markup | null {
  const drawn = targets.flatMap((target) => {
    const bound = boundOf(target);
    return bound === null || bound.value <= 0 || target.value === null ? [] : [{ target, bound, value: target.value }];
  });
  if (drawn.length === 0) return null;
  const highest = Math.max(
    1.15,
    ...drawn.map(({ value, bound, target }) => Math.max(value, target.interval?.high ?? value) / bound.value),
  );
  const end = Math.min(END_MAX, highest * 1.05);
  const clip = (share: number) => Math.min(end, Math.max(0, share));
  const bullets = (size: RowSize): readonly Bullet[] => {
    const places = barPlaces(drawn.length, size);
    return drawn.map(({ target, bound, value }, row) => {
      const { low, high } = target.interval ?? { low: value, high: value };
      return {
        name: label(target),
        text: `${metInWords(target.met)}: ${valueInWords(target)}, ${limitOf(target)}`,
        color: colorOf(target),
        barPx: places[row]!,
        value: clip(value / bound.value),
        low: clip(low / bound.value),
        high: clip(high / bound.value),
        beyond: value / bound.value > end,
        from: bound.side === "most" ? 0 : 1,
        to: bound.side === "most" ? 1 : end,
      };
    });
  };
  const title = `Targets as shares of their limits: ${bullets(WIDE)
    .map(({ name, text }) => `${name} ${text}`)
    .join("; ")}`;
  return html`<div class="wide">${draw(draughtsman, bullets(WIDE), WIDE, end, title)}</div><div class="narrow">${draw(draughtsman, bullets(NARROW), NARROW, end, title)}</div>
<p class="under">Bar: the value; line across its end: its interval; ┃ the limit; shaded: where the target is met.${bullets(WIDE).some(({ beyond }) => beyond) ? " ▸ further beyond the limit than the axis reaches." : ""}</p>`;
}

function colorOf({ met }: TargetEvidence): string {
  return met === null ? colors.open : met ? colors.met : colors.missed;
}

function draw(draughtsman: Draughtsman, bullets: readonly Bullet[], size: RowSize, end: number, title: string): Markup {
  const height = bullets.length * size.rowPx;
  const inPercent = (share: number) => share * 100;
  return draughtsman.draw({
    title,
    width: size.width,
    height: height + MARGIN_BOTTOM + 4,
    options: {
      marginTop: 4,
      marginBottom: MARGIN_BOTTOM,
      marginLeft: size.namePx + SIDE_PX,
      marginRight: size.textPx + SIDE_PX,
      x: { domain: [0, inPercent(end)], insetLeft: size.insetPx, insetRight: size.insetPx },
      y: { domain: [0, height], type: "linear", reverse: true, axis: null },
      marks: [
        Plot.rect(bullets, {
          x1: ({ from }: Bullet) => inPercent(from),
          x2: ({ to }: Bullet) => inPercent(to),
          y1: ({ barPx }: Bullet) => barPx - 10,
          y2: ({ barPx }: Bullet) => barPx + 10,
          fill: "currentColor",
          fillOpacity: 0.08,
        }),
        Plot.rect(bullets, {
          x1: 0,
          x2: ({ value }: Bullet) => inPercent(value),
          y1: ({ barPx }: Bullet) => barPx - 5,
          y2: ({ barPx }: Bullet) => barPx + 5,
          fill: "color",
          fillOpacity: 0.75,
        }),
        Plot.ruleY(bullets, {
          y: "barPx",
          x1: ({ low }: Bullet) => inPercent(low),
          x2: ({ high }: Bullet) => inPercent(high),
          stroke: "currentColor",
          strokeWidth: 2,
        }),
        Plot.ruleX(bullets, {
          x: 100,
          y1: ({ barPx }: Bullet) => barPx - 11,
          y2: ({ barPx }: Bullet) => barPx + 11,
          stroke: "currentColor",
          strokeWidth: 3,
        }),
        Plot.dot(
          bullets.filter(({ beyond }) => beyond),
          { x: inPercent(end), y: "barPx", symbol: "triangle", rotate: 90, r: 5, dx: -4, fill: "currentColor" },
        ),
        ...rowTexts(bullets, size),
        Plot.axisX({
          ticks: size.ticks,
          tickFormat: (value: number) => `${formatTick(value)} %`,
          label: "of the limit",
          labelAnchor: "center",
          labelArrow: "none",
          labelOffset: 36,
          tickSize: 3,
        }),
      ],
    },
  });
}
