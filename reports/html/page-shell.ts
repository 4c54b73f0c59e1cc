// What every page has around its sections: head, style sheet, the answer on top, links to the sections, and the foot.

import { html, type Markup, trusted } from "./markup.ts";
import { css } from "./style.ts";

export interface Section {
  readonly id: string;
  readonly title: string;
  /** A section without content is left out. */
  readonly content: Markup | null;
}

export interface PageShell {
  readonly title: string;
  /** "sessionlab report": after the title in the head, and above it on the page. */
  readonly kind: string;
  /** A few words beside the kind: "✓ valid". */
  readonly verdict: string;
  /** Below the title: the answer. */
  readonly opening: Markup;
  readonly sections: readonly Section[];
  /** Style rules of this page alone, beside those of every page. */
  readonly style?: string;
  /** "sessionlab 1.2.0". */
  readonly madeBy: string;
}

export function pageShell({ title, kind, verdict, opening, sections, style = "", madeBy }: PageShell): Markup {
  const told = sections.filter((section) => section.content !== null);
  const links = told.map((section) => html`<a href="#${section.id}">${section.title}</a> `);
  const bodies = told.map(
    (section) => html`<section aria-labelledby="${section.id}"><h2 id="${section.id}">${section.title}</h2>
${section.content}</section>\n`,
  );
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}: ${kind}</title>
<style>${trusted(css + style)}</style>
</head>
<body>
<header>
<p class="eyebrow">${kind} · ${verdict}</p>
<h1>${title}</h1>
${opening}
</header>
<nav aria-label="Sections">${links}</nav>
<main>
${bodies}</main>
<footer>Made by ${madeBy}. This file holds everything it shows and asks no server for anything.</footer>
</body>
</html>
`;
}
