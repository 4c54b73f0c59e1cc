// Separated values as others write them: any separator, fields in quotes that may hold it, quotes doubled, any kind of line end.
// Source: RFC 4180, and Python's csv module, whose quote character may be chosen.

export interface CsvRow {
  /** Of its first character in the file, from 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

const SEPARATORS = [",", ";", "\t", "|"];

/** The one that stands most often in the first line. */
export function separatorOf(text: string): string {
  const [head = ""] = text.split(/\r?\n/, 1);
  const counts = SEPARATORS.map((separator) => head.split(separator).length);
  return SEPARATORS[counts.indexOf(Math.max(...counts))]!;
}

/** @param quotes characters that may enclose a field. @returns rows with anything in them; a quote that is never closed ends with the text. */
export function csvRows(text: string, separator: string, quotes: string): readonly CsvRow[] {
  const rows: CsvRow[] = [];
  let fields: string[] = [];
  let line = 1;
  let startLine = 1;
  let at = 0;
  const endRow = () => {
    if (fields.length > 1 || fields[0]!.trim() !== "") rows.push({ line: startLine, fields });
    fields = [];
    startLine = line;
  };
  while (at < text.length) {
    let field = "";
    const quote = text[at]!;
    if (quotes.includes(quote)) {
      at += 1;
      for (; at < text.length; at++) {
        if (text[at] === quote && text[at + 1] !== quote) break;
        if (text[at] === quote) at += 1;
        if (text[at] === "\n") line += 1;
        field += text[at];
      }
      at += 1;
    }
    const from = at;
    while (at < text.length && text[at] !== separator && text[at] !== "\n" && text[at] !== "\r") at += 1;
    fields.push(field + text.slice(from, at));
    if (text[at] === separator) {
      at += 1;
      if (at < text.length && text[at] !== "\n" && text[at] !== "\r") continue;
      fields.push("");
    }
    if (text[at] === "\r" && text[at + 1] === "\n") at += 1;
    at += 1;
    line += 1;
    endRow();
  }
  return rows;
}
