// A table that scrolls inside its own frame, so that the page itself never does.

import { html, type Markup, trusted } from "./markup.ts";

export interface HtmlRow {
  readonly head: string | Markup;
  readonly cells: readonly (string | Markup)[];
}

export interface HtmlTable {
  readonly caption: string;
  /** Head of the column of row heads, then one for each cell. */
  readonly heads: readonly [string, ...string[]];
  readonly rows: readonly HtmlRow[];
  /** Columns of words rather than numbers, counted among the cells. */
  readonly textColumns?: readonly number[];
}

/** More than these do not fit beside one another on one line each. */
const MANY_COLUMNS = 6;

export function htmlTable({ caption, heads, rows, textColumns = [] }: HtmlTable): Markup {
  const body = rows.map(({ head, cells }) => {
    const tds = cells.map((cell, column) =>
      textColumns.includes(column) ? html`<td class="text">${cell}</td>` : html`<td>${together(cell)}</td>`,
    );
    return html`<tr><th scope="row">${head}</th>${tds}</tr>\n`;
  });
  const columns = heads.map((head, column) =>
    textColumns.includes(column - 1)
      ? html`<th scope="col" class="text">${head}</th>`
      : html`<th scope="col">${head}</th>`,
  );
  const many = heads.length > MANY_COLUMNS ? html` class="many"` : null;
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${caption}"><table${many}><caption><span>${caption}</span></caption><thead><tr>${columns}</tr></thead><tbody>
${body}</tbody></table></div>\n`;
}

/** A value and its half interval stay on one line. */
function together(cell: string | Markup): string | Markup {
  const kept = (text: string) => text.replaceAll(" ± ", "\u00a0±\u00a0");
  return typeof cell === "string" ? kept(cell) : trusted(kept(cell.markup));
}

/** A long table, folded. */
export function folded(summary: string, content: Markup): Markup {
  return html`<details><summary>${summary}</summary>${content}</details>\n`;
}
