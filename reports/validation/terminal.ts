// A validation on the terminal: the answer, then of every provider a table of errors, load by load, and below it predicted beside
// measured, figure by figure.

import type {
  LoadValidation,
  ProviderValidation,
  RowVerdict,
  Validation,
  ValidationRow,
} from "../../metrics/validation/validation.ts";
import { oneLine } from "../comparison/metric-rows.ts";
import { formatNumber, UNKNOWN } from "../format-number.ts";
import type { TerminalOptions } from "../terminal.ts";
import { createStyle, type Style, type TextRow, textTable, wrap } from "../text-table.ts";
import {
  answerInWords,
  boundInWords,
  caveatsOf,
  errorInWords,
  judgedKeys,
  percent,
  saturationInWords,
  saysSomething,
  shortNames,
  valuesInWords,
  verdictSigns,
} from "./validation-words.ts";

/** The report, ending in a newline. */
export function renderValidation(validation: Validation, options: TerminalOptions): string {
  const style = createStyle(options.color);
  const { scenario, environment, command, seed } = validation;
  const sections = [
    [
      ...wrap(oneLine(`${scenario.name}: ${answerInWords(validation)}`), options.columns, 2).map(style.bold),
      ...wrap(
        `  ${environment.cpu}, ${environment.cores} cores, Node ${environment.node}, ${environment.startedAt.slice(0, 10)}`,
        options.columns,
        2,
      ).map(style.dim),
    ],
    ...validation.providers.map((provider) => providerSection(provider, style, options.columns)),
    [
      ...wrap(
        "✓ within its bound  ✗ misses  ? too few events to tell  · not judged. error: predicted against measured; other visitors: where 95 of 100 runs with other people of the same kind are predicted; chance: what luck alone does to the measured figure, 95 %.",
        options.columns,
        0,
      ).map(style.dim),
      `${style.bold("To repeat")} (seed ${seed})`,
      `  ${oneLine(command)}`,
    ],
  ];
  return `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function providerSection(provider: ProviderValidation, style: Style, columns: number): readonly string[] {
  const { label, calibration, loads } = provider;
  return [
    ...wrap(`${oneLine(label)}  ${saturationInWords(provider)}`, columns, 2).map((line, place) =>
      place === 0 ? line.replace(label, () => style.bold(label)) : line,
    ),
    ...wrap(`  calibration: ${oneLine(`${calibration.name} (${calibration.from})`)}`, columns, 2).map(style.dim),
    ...caveatsOf(provider).flatMap((said) => wrap(`  ! ${oneLine(said)}`, columns, 4).map(style.doubtful)),
    ...(loads.length === 0 ? [] : errorTable(loads, style, columns)),
    ...loads.flatMap((load) => ["", ...loadTable(load, style, columns)]),
  ];
}

function painted(style: Style, verdict: RowVerdict, text: string): string {
  if (verdict === "misses") return style.bad(text);
  if (verdict === "within") return style.good(text);
  return verdict === "too few to tell" ? style.doubtful(text) : style.dim(text);
}

function errorTable(loads: readonly LoadValidation[], style: Style, columns: number): readonly string[] {
  const keys = judgedKeys(loads);
  const cell = (row: ValidationRow | undefined) =>
    row === undefined ? UNKNOWN : painted(style, row.verdict, `${verdictSigns[row.verdict]} ${errorInWords(row)}`);
  const rows = loads.map((load): TextRow => {
    const mark = load.audit === "valid" ? "" : ` ! ${load.audit}`;
    return {
      head: `${percent(load.share)}, ${formatNumber(Math.round(load.requestsPerSecond))}/s${mark}`,
      cells: keys.map((key) => cell(load.rows.find((row) => row.key === key))),
    };
  });
  return textTable(
    keys.map((key) => style.bold(shortNames[key] ?? key)),
    rows,
    columns,
  );
}

function loadTable(load: LoadValidation, style: Style, columns: number): readonly string[] {
  const rows = load.rows.filter(saysSomething);
  const texts = rows.map(valuesInWords);
  const several = rows.some(({ measuredRange }) => measuredRange !== null);
  const heads = ["error", "bound", "predicted", "other visitors", "measured", ...(several ? ["runs"] : []), "chance"];
  const lines = rows.map((row, place): TextRow => {
    const { predicted, interval, measured, range, noise } = texts[place]!;
    return {
      head: `  ${row.label}`,
      cells: [
        painted(style, row.verdict, `${verdictSigns[row.verdict]} ${errorInWords(row)}`),
        boundInWords(row),
        predicted,
        interval,
        measured,
        ...(several ? [range] : []),
        noise,
      ],
    };
  });
  const runs = load.runs === 1 ? "" : `, median of ${load.runsCounted} of ${load.runs} runs`;
  const cap = load.sessionsMax === null ? "" : `, cap ${formatNumber(load.sessionsMax)}`;
  return [
    ...wrap(
      `  ${percent(load.share)} of saturation, ${formatNumber(Math.round(load.requestsPerSecond))} requests/s${cap}${runs}${load.audit === "valid" ? "" : `, ${load.audit}`}`,
      columns,
      4,
    ).map(style.bold),
    ...load.findings.flatMap((finding) => wrap(`  ! ${oneLine(finding)}`, columns, 4).map(style.doubtful)),
    ...textTable(
      heads.map((head) => style.bold(head)),
      lines,
      columns,
    ),
  ];
}
