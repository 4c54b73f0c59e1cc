// What is a page and what belongs to one: images, scripts and styles are told by the ending of the path.

import type { LogRow } from "./row.ts";

/** Endings of files that a page brings with it or that no session code runs for; lower case. */
const staticEndings =
  "gif jpg jpeg png ico css js swf svg woff woff2 ttf eot map bmp txt xml zip pdf mp3 mp4 exe axd".split(" ");

const endings = new Set(staticEndings);
const LETTERS_MAX = Math.max(...staticEndings.map((ending) => ending.length));

/** The path ends in a dot and one of `staticEndings`, in either case of letters. */
export function isStatic(row: LogRow): boolean {
  const { bytes, stemStart, stemEnd } = row;
  let ending = "";
  for (let i = stemEnd - 1; i >= stemStart && ending.length <= LETTERS_MAX; i--) {
    const byte = bytes[i];
    if (byte === 46) return endings.has(ending);
    ending = String.fromCharCode(byte >= 65 && byte <= 90 ? byte | 32 : byte) + ending;
  }
  return false;
}
