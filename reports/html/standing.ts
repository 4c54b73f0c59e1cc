// The mark of the best in a table cell: a sign and a word, not a colour alone.

import { type Standing, standingWord } from "../best.ts";
import { html, type Markup } from "./markup.ts";

/** The cell, and below it "▲ best" or "≈ best" where it is either. */
export function withStanding(cell: string | Markup, standing: Standing): Markup {
  const word = standingWord(standing);
  return html`${cell}${word === "" ? null : html`<br><span class="best">${word}</span>`}`;
}
