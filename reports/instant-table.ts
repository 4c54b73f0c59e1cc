// The answer of formulas alone on the terminal: each figure with the sum it comes from, what has no formula and why, where the load lies.

import type { InstantAnswer } from "../metrics/instant-answer.ts";
import type { RunResult } from "../metrics/run-result.ts";
import { formatClosedForm, rowHead } from "./figure-rows.ts";
import { formatFigure, formatNumber, scaleFor } from "./format-number.ts";
import { limitInWords } from "./limit-words.ts";
import type { TerminalOptions } from "./terminal.ts";
import { createStyle, padEnd, padStart, textWidth, wrap } from "./text-table.ts";
import { metWord } from "./verdict.ts";

/** @param label "InProc". @param computingMs how long the formulas took. */
export function renderInstant(
  answer: InstantAnswer,
  label: string,
  computingMs: number,
  options: TerminalOptions,
): string {
  const style = createStyle(options.color);
  const known = answer.figures.filter(({ value }) => value !== null);
  const rows = known.map((figure) => {
    const scale = scaleFor(figure.unit, [figure.value ?? 0]);
    const { closedForm } = figure;
    return {
      head: rowHead({ ...figure, scale, cells: [] }),
      value: formatClosedForm({ value: null, ...(closedForm === undefined ? {} : { closedForm }) }, scale),
      sum: closedForm === undefined ? "" : `${closedForm.name}: ${closedForm.sum}`,
    };
  });
  const headWidth = Math.max(0, ...rows.map(({ head }) => textWidth(head)));
  const valueWidth = Math.max(0, ...rows.map(({ value }) => textWidth(value)));
  const indent = headWidth + valueWidth + 6;
  const figures = rows.flatMap(({ head, value, sum }) => {
    const [first = "", ...rest] = wrap(sum, Math.max(30, options.columns - indent), 0);
    return [
      `${padEnd(head, headWidth)}   ${padStart(value, valueWidth)}   ${style.dim(first)}`.trimEnd(),
      ...rest.map((line) => `${" ".repeat(indent)}${style.dim(line)}`),
    ];
  });
  const sections = [
    [
      `${style.bold(`By formulas alone, ${label}`)} ${style.dim(`(${computingMs.toFixed(1)} ms of computing)`)}`,
      ...figures,
    ],
    targetLines(answer, style),
    stationLines(answer, style),
    withheldLines(answer, options.columns, style),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

type Style = ReturnType<typeof createStyle>;

function targetLines({ targets, figures }: InstantAnswer, style: Style): readonly string[] {
  if (targets.length === 0) return [];
  const lines = targets.map(({ figure, limit, value, met }) => {
    const one = figures.find(({ key }) => key === figure);
    const said = value === null ? "no formula" : `${formatFigure(value, one?.unit ?? "")}  ${metWord(met)}`;
    const paint = met === null ? style.doubtful : met ? style.good : style.bad;
    return `${one?.label ?? figure} ${limitInWords(limit, one?.unit ?? "")}   ${paint(met === null && value !== null ? `${said} (too near to tell)` : said)}`;
  });
  return [style.bold("Targets, by formulas"), ...lines];
}

function stationLines({ stations, saturation }: InstantAnswer, style: Style): readonly string[] {
  const lines = stations.map(({ station, servers, demandMs, utilisation }) => {
    const busy = utilisation === null ? "" : `, ${formatFigure(utilisation, "share")} busy`;
    const first = station === saturation.station && Number.isFinite(saturation.requestsPerSecond);
    const full = first
      ? `; full first, at ${formatNumber(Math.round(saturation.requestsPerSecond))} real requests/s`
      : "";
    return `${station}: ${formatFigure(demandMs, "ms")} of work a request on ${formatNumber(servers)}${busy}${full}`;
  });
  return [style.bold("Where the work lies"), ...lines];
}

function withheldLines({ figures, withheld }: InstantAnswer, columns: number, style: Style): readonly string[] {
  const reasons = [...new Set(Object.values(withheld))];
  if (reasons.length === 0) return [];
  const lines = reasons.flatMap((why) => {
    const labels = figures.filter(({ key }) => withheld[key] === why).map(({ label }) => label);
    return wrap(`${why}: ${labels.join("; ")}`, columns, 2);
  });
  return [style.bold("Without a formula"), ...lines.map(style.dim)];
}

/** What a simulation makes of the formulas: "17 figures agree with their formulas"; those that do not by name. */
export function confirmation(result: RunResult): string {
  const formed = result.figures.filter(({ value, closedForm }) => value !== null && closedForm !== undefined);
  const apart = formed.filter(({ closedForm }) => closedForm?.disagrees === true);
  const agree = formed.length - apart.length;
  const head = `${result.label}: ${agree} of ${formed.length} figures agree with their formulas`;
  return apart.length === 0
    ? `${head}.`
    : `${head}; ${apart.map(({ label }) => label).join(", ")} ${apart.length === 1 ? "does" : "do"} not.`;
}
