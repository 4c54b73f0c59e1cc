// Tables and small drawings made of characters: columns that line up, a line of bars, a little colour.

import { stripVTControlCharacters } from "node:util";

export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly doubtful: (text: string) => string;
  readonly bad: (text: string) => string;
}

/** ANSI colours, or none; what colour says is always said in words too. */
export function createStyle(color: boolean): Style {
  const ansi = (code: number) => (text: string) => (color ? `\u001b[${code}m${text}\u001b[0m` : text);
  return { bold: ansi(1), dim: ansi(2), good: ansi(32), doubtful: ansi(33), bad: ansi(31) };
}

/** Columns that text takes up on a terminal: colours take none, combining marks and wide letters are not catered for. */
export function textWidth(text: string): number {
  return [...stripVTControlCharacters(text)].length;
}

export function padEnd(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - textWidth(text)));
}

export function padStart(text: string, width: number): string {
  return " ".repeat(Math.max(0, width - textWidth(text))) + text;
}

export interface TextRow {
  readonly head: string;
  readonly cells: readonly string[];
}

/**
 * The first column left, the others right. Where the columns do not fit beside one another the table goes on below, with its
 * row heads again.
 * @param columns width of the terminal in characters.
 */
export function textTable(heads: readonly string[], rows: readonly TextRow[], columns: number): readonly string[] {
  const GAP = 3;
  const headWidth = rows.reduce((widest, row) => Math.max(widest, textWidth(row.head)), 0);
  const widths = heads.map((head, column) =>
    rows.reduce((widest, row) => Math.max(widest, textWidth(row.cells[column]!)), textWidth(head)),
  );
  const lines: string[] = [];
  let from = 0;
  while (from < heads.length) {
    let to = from + 1;
    let width = headWidth + GAP + widths[from]!;
    while (to < heads.length && width + GAP + widths[to]! <= columns) {
      width += GAP + widths[to]!;
      to += 1;
    }
    const line = (head: string, cells: readonly string[]) =>
      [
        padEnd(head, headWidth),
        ...cells.slice(from, to).map((cell, index) => padStart(cell, widths[from + index]!)),
      ].join(" ".repeat(GAP));
    if (from > 0) lines.push("");
    lines.push(line("", heads), ...rows.map((row) => line(row.head, row.cells)));
    from = to;
  }
  return lines.map((line) => line.trimEnd());
}

/** Breaks a text between words so that no line is longer than `columns`, later lines set in by `indent` characters. */
export function wrap(text: string, columns: number, indent: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && textWidth(last) + 1 + textWidth(word) <= columns)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(lines.length === 0 ? word : " ".repeat(indent) + word);
  }
  return lines;
}

const BARS = "▁▂▃▄▅▆▇█";

/**
 * One bar for each of `width` equal parts of the values, its height the largest value in that part; a blank where none is known.
 * @param top the value that fills the line.
 */
export function sparkline(values: readonly (number | null)[], width: number, top: number): string {
  const bars = Math.min(width, values.length);
  return Array.from({ length: bars }, (_, bar) => {
    const part = values.slice(Math.floor((bar * values.length) / bars), Math.floor(((bar + 1) * values.length) / bars));
    const known = part.filter((value) => value !== null);
    if (known.length === 0) return " ";
    const share = top === 0 ? 0 : Math.max(...known) / top;
    return BARS[Math.min(BARS.length - 1, Math.max(0, Math.ceil(share * BARS.length) - 1))];
  }).join("");
}
