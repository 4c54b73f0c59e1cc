// A chart of the page as a file of its own: the colours that the page's style sheet would give it are written in, on a white ground.

import { writable } from "../../xml.ts";
import { lightColors } from "../style.ts";

/** @param svg as the draughtsman drew it. */
export function standaloneSvg(svg: string): string {
  const [, width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg)!;
  const head = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" color="${lightColors.text}" font-family="system-ui,sans-serif" font-size="12" style="white-space:pre"`;
  return writable(svg)
    .replace(/<svg class="chart"( xmlns="[^"]*")?/, head)
    .replace(/ xmlns="http:\/\/www\.w3\.org\/2000\/svg"(?=[^>]* xmlns=)/, "")
    .replace(/(<svg[^>]*>)/, `$1<rect width="100%" height="100%" fill="${lightColors.page}"/>`)
    .replace(/var\(--([\w-]+)\)/g, (whole, name: string) => lightColors[name] ?? whole);
}
