// How the line of each result looks: colour from the style sheet, so that dark pages have their own, and a dash pattern of its own,
// so that the lines stay apart in grey print and for eyes that tell few colours apart.

import { html, type Markup } from "../markup.ts";

const dashes = ["", "7 4", "2 3", "10 3 2 3", "14 4", "4 2", "1 5", "8 3 2 3 2 3"] as const;

export interface LineStyle {
  readonly color: string;
  readonly dash: string;
}

/** @param index place of the result in the report; beyond eight the styles come round again. */
export function lineStyle(index: number): LineStyle {
  const place = index % dashes.length;
  return { color: `var(--line-${place})`, dash: dashes[place]! };
}

/** Names beside samples of their lines. */
export function legend(entries: readonly { readonly label: string; readonly style: LineStyle }[]): Markup {
  return html`<ul class="legend">${entries.map(({ label, style }) => legendEntry(label, style))}</ul>`;
}

export function legendEntry(label: string, { color, dash }: LineStyle): Markup {
  return html`<li><svg class="sample" viewBox="0 0 34 10" aria-hidden="true"><path d="M1 5H33" fill="none" stroke="${color}" stroke-width="2.2" stroke-dasharray="${dash}"/></svg>${label}</li>`;
}
