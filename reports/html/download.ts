// What a page shows, to be taken away: files that lie in the page itself as data: links, so that they can be saved without a script
// and without a network.

import { gzipSync, strToU8 } from "fflate";
import { html, type Markup, trusted } from "./markup.ts";

export interface Download {
  /** With its ending: "memory-over-time.csv". */
  readonly name: string;
  readonly text: string;
  /** Of the link: "data (CSV)". */
  readonly label: string;
}

/** Longer texts are packed, so that a long run cannot blow the page up. */
const PLAIN_CHARACTERS_MAX = 60_000;

const types: Readonly<Record<string, string>> = { csv: "text/csv", json: "application/json", svg: "image/svg+xml" };

const OPENING = '<p class="take">Save: ';
const BETWEEN = "</a> · ";

/** "Save: data (CSV) · picture (SVG)". */
export function downloads(...files: readonly Download[]): Markup {
  return trusted(`${OPENING}${files.map((file) => downloadLink(file).markup).join(" · ")}</p>`);
}

/** The page without the files of one ending, ".svg". No data in a link can end it early, as it holds neither < nor ". */
export function withoutFiles(page: string, ending: string): string {
  return page.replace(/<p class="take">Save: (.*?)<\/a><\/p>/gs, (_, links: string) => {
    const kept = links.split(BETWEEN).filter((link) => {
      const name = /^<a download="([^"]*)"/.exec(link)![1]!;
      return !name.replace(/\.gz$/, "").endsWith(ending);
    });
    return kept.length === 0 ? "" : `${OPENING}${kept.join(BETWEEN)}</a></p>`;
  });
}

export function downloadLink({ name, text, label }: Download): Markup {
  if (text.length > PLAIN_CHARACTERS_MAX) {
    const packed = Buffer.from(gzipSync(strToU8(text), { level: 9, mtime: 0 })).toString("base64");
    return html`<a download="${name}.gz" href="data:application/gzip;base64,${packed}">${label}, gzip</a>`;
  }
  const type = types[name.slice(name.lastIndexOf(".") + 1)] ?? "text/plain";
  return html`<a download="${name}" href="data:${type};charset=utf-8,${escaped(text)}">${label}</a>`;
}

/** Only what would end the address, be stripped from it or read as markup; everything else is kept, for the sake of size. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/[%#<>"'&\r\n\t]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`);
}

/** "Memory over time" → "memory-over-time" */
export function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}

export function csvFile(name: string, text: string): Download {
  return { name: `${slugOf(name)}.csv`, label: "data (CSV)", text };
}
