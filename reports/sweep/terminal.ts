// A sweep on the terminal: how much of it there is, where figures turn, then the tables.

import type { Sweep } from "../../metrics/sweep/sweep.ts";
import { createStyle, padEnd, type Style, textTable, wrap } from "../text-table.ts";
import { type SweepCell, type SweepTable, sweepTables } from "./sweep-tables.ts";
import { extent, findingsTold, STANDING_LEGEND, standingSigns, targetsTold } from "./sweep-words.ts";
import { leadingSentences, type TurnSentence, turnSentences } from "./turn-words.ts";

const ROWS_MAX = 200;

/** The report, ending in a newline. */
export function renderSweepTerminal(
  sweep: Sweep,
  { color, columns }: { readonly color: boolean; readonly columns: number },
): string {
  const style = createStyle(color);
  const sections = [
    head(sweep, style, columns),
    turns(sweep, style, columns),
    ...sweepTables(sweep).map((table) => tableLines(table, style, columns)),
    notes(sweep, style, columns),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function head(sweep: Sweep, style: Style, columns: number): readonly string[] {
  const { scenario, complete } = sweep;
  const targets = targetsTold(sweep);
  const state = complete ? style.good("✓ complete") : style.doubtful("! cut short");
  const { measured, evidence } = scenario.calibration;
  const doubts = [...findingsTold(sweep), ...(measured ? [] : [`Costs are assumed. ${evidence}`])];
  return [
    `${state}  ${style.bold(scenario.name)}  ${extent(sweep)}${targets === null ? "" : `; ${targets}`}`,
    ...doubts.flatMap((doubt) => wrap(`  · ${doubt}`, columns, 4)),
  ];
}

function turns(sweep: Sweep, style: Style, columns: number): readonly string[] {
  const { leading, rest } = leadingSentences(turnSentences(sweep));
  const paint = ({ kind }: TurnSentence, line: string) =>
    kind === "steady" || kind === "flat" || kind === "untold" ? style.dim(line) : line;
  const word = ({ kind, text }: TurnSentence) =>
    kind === "cliff" || kind === "knee" ? `${style.bold(kind)} ${text}` : text;
  return [
    ...leading.flatMap((sentence) => wrap(`· ${word(sentence)}`, columns, 2).map((line) => paint(sentence, line))),
    ...(rest.length > 0 ? [style.dim(`· and ${rest.length} more: --out writes a page with all of them`)] : []),
  ];
}

function tableLines({ caption, heads, rows }: SweepTable, style: Style, columns: number): readonly string[] {
  const [first, ...others] = heads;
  const told = rows.slice(0, ROWS_MAX);
  const marked = told.some(({ cells }) => cells.some(({ standing }) => standing !== null));
  const paint = ({ text, standing }: SweepCell) => {
    if (standing === null) return marked ? `${text}  ` : text;
    const colour = { met: style.good, missed: style.bad, undecided: style.doubtful, unknown: style.dim }[standing];
    return colour(`${text} ${standingSigns[standing]}`);
  };
  const width = told.reduce((most, row) => Math.max(most, row.head.length), first.length);
  const lines = textTable(
    others.map((other) => style.bold(marked ? `${other}  ` : other)),
    told.map((row) => ({ head: padEnd(row.head, width), cells: row.cells.map(paint) })),
    columns,
  );
  const left = rows.length - told.length;
  return [
    ...wrap(caption, columns, 0).map(style.bold),
    ...lines.map((line, place) => (place === 0 ? `${style.dim(first)}${line.slice(first.length)}` : line)),
    ...(left > 0 ? [style.dim(`and ${left} more rows: --format csv prints all, --out writes them`)] : []),
  ];
}

function notes(sweep: Sweep, style: Style, columns: number): readonly string[] {
  const intervals = sweep.points.some(({ figures }) =>
    Object.values(figures).some(({ interval }) => interval !== null),
  );
  const targets = sweep.points.some((point) => point.targets.length > 0);
  return [
    ...(intervals
      ? [
          "±: 95 % confidence interval. All points have the same visitors, so that the difference between two is surer than their intervals suggest.",
        ]
      : []),
    ...(targets ? [STANDING_LEGEND] : []),
  ].flatMap((note) => wrap(note, columns, 0).map(style.dim));
}
