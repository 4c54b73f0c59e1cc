// String literals for the languages that settings are written in. Everything beyond printable ASCII is given by number, so that
// neither the encoding of the file, nor curly quotes, nor line separators can change the text on its way.

/** C# and JavaScript: "\\uXXXX" for each UTF-16 unit beyond ASCII. */
export function escapedText(value: string): string {
  const byNumber = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return `"${value.replace(/[\\"]/g, "\\$&").replace(/[^ -~]/g, byNumber)}"`;
}

/** Visual Basic and VBScript: quotes doubled, the rest put together from ChrW. Curly quotes would end a string there too. */
export function basicText(value: string): string {
  return concatenate(
    value,
    (run) => `"${run.replaceAll('"', '""')}"`,
    (code) => `ChrW(${code})`,
    " & ",
  );
}

/** PowerShell: apostrophes doubled, the rest as characters by number, in parentheses where it is an expression. */
export function powershellText(value: string): string {
  const text = concatenate(
    value,
    (run) => `'${run.replaceAll("'", "''")}'`,
    (code) => `[string][char]${code}`,
    " + ",
  );
  return /^[ -~]*$/.test(value) ? text : `(${text})`;
}

/** Plain runs quoted, every other UTF-16 unit by number. */
function concatenate(
  value: string,
  quote: (run: string) => string,
  byNumber: (code: number) => string,
  join: string,
): string {
  const parts = value.match(/[ -~]+|[^ -~]/g) ?? [];
  if (parts.length === 0) return quote("");
  return parts.map((part) => (/^[ -~]/.test(part) ? quote(part) : byNumber(part.charCodeAt(0)))).join(join);
}
