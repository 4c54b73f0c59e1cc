// How a batch file hands arguments to a program, both ways. Two parsers stand in between: cmd.exe (quotes switch off its special
// characters, ^ escapes one, %% is a percent sign) and the C runtime (backslash-quote is a quote). They disagree about which quotes
// count, so a value with quotes and ampersands needs care for both.

/** One argument as the program sees it. */
export interface BatchArgument {
  readonly text: string;
  /** It contained %NAME%, whose value only the machine knows. */
  readonly hasVariable: boolean;
  readonly column: number;
}

/** One command of a batch file, with the line it starts on. */
export interface BatchCommand {
  readonly arguments: readonly BatchArgument[];
  readonly line: number;
}

interface Cell {
  readonly character: string;
  readonly variable: boolean;
  readonly column: number;
}

/** cmd.exe refuses longer lines. Source: Microsoft KB830473. */
export const BATCH_LINE_MAX = 8191;

const special = "&|<>^()";

/** All commands of a batch file: lines joined at a trailing ^, split at & and |, redirections dropped. */
export function readBatch(text: string): BatchCommand[] {
  const lines = text.split(/\r\n|\r|\n/);
  const commands: BatchCommand[] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = index + 1;
    let whole = lines[index]!;
    while (endsInCaret(whole) && index + 1 < lines.length) whole = whole.slice(0, -1) + lines[++index]!;
    for (const cells of splitCommands(whole)) commands.push({ arguments: splitArguments(cells), line });
  }
  return commands.filter((command) => command.arguments.length > 0);
}

/** `name` and a quoted value as one argument, such that the C runtime gives back exactly `name + value`. */
export function quoteArgument(name: string, value: string): string {
  const escaped = value.replace(/(\\*)"/g, '$1$1\\"').replace(/\\+$/, "$&$&");
  return `${name}"${escaped}"`;
}

/** A line of arguments made by quoteArgument, such that cmd.exe passes it on unchanged. */
export function batchLine(argumentTexts: readonly string[]): string {
  let inQuotes = false;
  return Array.from(argumentTexts.join(" "), (character) => {
    if (character === '"') inQuotes = !inQuotes;
    if (character === "%") return "%%";
    return !inQuotes && special.includes(character) ? `^${character}` : character;
  }).join("");
}

function endsInCaret(line: string): boolean {
  const quotes = line.split('"').length - 1;
  const carets = /\^*$/.exec(line)![0].length;
  return quotes % 2 === 0 && carets % 2 === 1;
}

/** What cmd.exe makes of a line, before any program sees it. */
function splitCommands(line: string): Cell[][] {
  const commands: Cell[][] = [[]];
  let inQuotes = false;
  let redirected = false;
  for (let index = 0; index < line.length; index++) {
    const character = line[index]!;
    const column = index + 1;
    const keep = (kept: string, variable = false) => {
      if (!redirected) commands.at(-1)!.push({ character: kept, variable, column });
    };
    if (character === "%") {
      const variable = /^%(?:%|\*|~?\w*\d|[^%\s"=:]+(?::[^%]*)?%)/.exec(line.slice(index))?.[0];
      if (variable === undefined || variable === "%%") keep("%");
      else for (const part of variable) keep(part, true);
      index += (variable?.length ?? 1) - 1;
    } else if (character === '"') {
      inQuotes = !inQuotes;
      keep(character);
    } else if (inQuotes) {
      keep(character);
    } else if (character === "^") {
      if (++index < line.length) keep(line[index]!);
    } else if (character === "&" || character === "|") {
      redirected = false;
      commands.push([]);
    } else if (character === "<" || character === ">") {
      redirected = true;
    } else {
      keep(character);
    }
  }
  return commands;
}

/** What the C runtime makes of it: arguments, quotes and backslashes resolved. */
function splitArguments(cells: readonly Cell[]): BatchArgument[] {
  const found: BatchArgument[] = [];
  let index = 0;
  while (index < cells.length) {
    while (index < cells.length && /[ \t]/.test(cells[index]!.character)) index++;
    if (index >= cells.length) break;
    const column = cells[index]!.column;
    let text = "";
    let inQuotes = false;
    let hasVariable = false;
    for (; index < cells.length; index++) {
      const { character, variable } = cells[index]!;
      if (!inQuotes && /[ \t]/.test(character)) break;
      hasVariable ||= variable;
      if (character === '"') {
        if (inQuotes && cells[index + 1]?.character === '"') text += cells[index++]!.character;
        else inQuotes = !inQuotes;
      } else if (character === "\\") {
        let run = 1;
        while (cells[index + run]?.character === "\\") run++;
        const beforeQuote = cells[index + run]?.character === '"';
        text += "\\".repeat(beforeQuote ? Math.floor(run / 2) : run);
        index += run - 1;
        if (beforeQuote && run % 2 === 1) text += cells[++index]!.character;
      } else {
        text += character;
      }
    }
    found.push({ text, hasVariable, column });
  }
  return found;
}
