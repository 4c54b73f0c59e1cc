// The top of the page: may the runs be believed, are the targets met, what are the figures, how far do the worlds lie apart.

import type { RunResult } from "../../metrics/run-result.ts";
import { betterOf, rivals, STANDING_NOTE, standingsOf } from "../best.ts";
import { figuresCsv } from "../data-csv.ts";
import {
  differenceOf,
  type FigureRow,
  figureRows,
  formatCell,
  formatClosedForm,
  pairsOf,
  rowHead,
} from "../figure-rows.ts";
import { formatDuration, formatNumber, UNKNOWN } from "../format-number.ts";
import { PAIRED_NOTE, pairedTables } from "../paired-rows.ts";
import { precisionRows, reachedWord, replicationCounts } from "../precision-rows.ts";
import { cutShort, metWord, targetRows, targetsSummary, verdictSigns } from "../verdict.ts";
import { intervalCard } from "./charts/interval-card.ts";
import type { Draughtsman } from "./charts/plot-svg.ts";
import { csvFile, downloads } from "./download.ts";
import { html, type Markup } from "./markup.ts";
import { withStanding } from "./standing.ts";
import { htmlTable } from "./table.ts";

/** Cards drawn at the top; the table below them has every figure. */
const CARDS_MAX = 9;
const verdictClasses = { valid: "good", doubtful: "doubtful-text", invalid: "bad" } as const;

export function verdictList(results: readonly RunResult[]): Markup {
  const items = results.map((result) => {
    const { verdict, findings } = result.audit;
    const cut = cutShort(result);
    const said = findings.map((finding) => html`<li>${finding}</li>`);
    return html`<li class="${verdict}"><p><span class="badge ${verdictClasses[verdict]}">${verdictSigns[verdict]} ${verdict}</span><strong>${result.label}</strong>: ${targetsSummary(result)}${cut === null ? null : html`; <strong class="doubtful-text">${cut}</strong>`}</p>${said.length === 0 ? null : html`<ul>${said}</ul>`}</li>\n`;
  });
  return html`<ul class="verdicts">\n${items}</ul>\n`;
}

export function targetTable(results: readonly RunResult[]): Markup | null {
  const rows = targetRows(results);
  if (rows.length === 0) return null;
  return htmlTable({
    caption: "Targets met or missed",
    heads: ["Target", ...results.map((result) => result.label)],
    rows: rows.map((row) => ({
      head: html`${row.figure}<small>${row.limit}</small>`,
      cells: row.cells.map((cell) => {
        if (cell === null) return UNKNOWN;
        const className = cell.met === null ? "doubtful-text" : cell.met ? "good" : "bad";
        return html`${cell.text}<br><span class="met ${className}">${metWord(cell.met)}</span>`;
      }),
    })),
  });
}

export function precisionTable(results: readonly RunResult[]): Markup | null {
  const rows = precisionRows(results);
  if (rows.length === 0) return null;
  return htmlTable({
    caption: `Half the width of 95 % intervals, relative to the figure: asked, and reached after ${replicationCounts(results)}`,
    heads: ["Precision", ...results.map((result) => result.label)],
    rows: rows.map((row) => ({
      head: html`${row.figure}<small>${row.asked}</small>`,
      cells: row.cells.map((cell) => {
        if (cell === null) return UNKNOWN;
        const className = cell.met ? "good" : "doubtful-text";
        return html`${cell.text}<br><span class="met ${className}">${reachedWord(cell.met)}</span>`;
      }),
    })),
  });
}

/** How runs under the same luck differ; null where there are none. */
export function pairedSection(results: readonly RunResult[]): Markup | null {
  const tables = pairedTables(results);
  if (tables.length === 0) return null;
  const drawn = tables.map(({ caption, heads, rows }) =>
    htmlTable({
      caption,
      heads: ["Figure", ...heads],
      rows: rows.map(({ head, cells, differs }) => ({
        head,
        cells: cells.map((cell, column) => (column === 3 && differs === true ? html`<strong>${cell}</strong>` : cell)),
      })),
    }),
  );
  return html`${drawn}<p class="soft">${PAIRED_NOTE}</p>`;
}

/**
 * The figures worth a picture, in the order of the table: first those with a target, then those with a closed form, then those that
 * somebody can be better in, then those with intervals. Last come those that are alike in all results.
 */
export function headlineCards(draughtsman: Draughtsman, results: readonly RunResult[]): Markup | null {
  const targeted = new Set(results.flatMap((result) => result.targets.map((target) => target.figure)));
  const worthOf = (row: FigureRow) => {
    if (targeted.has(row.key)) return 4;
    if (row.cells.some((cell) => cell.closedForm !== undefined)) return 3;
    if (results.length > 1 && row.cells.every((cell) => cell.value === row.cells[0]!.value)) return -1;
    if (betterOf(row.key, row.unit) !== null) return 2;
    return row.cells.some((cell) => cell.interval !== undefined) ? 1 : 0;
  };
  const rows = figureRows(results);
  const chosen = new Set([...rows].sort((a, b) => worthOf(b) - worthOf(a)).slice(0, CARDS_MAX));
  const labels = results.map((result) => result.label);
  const cards = rows
    .filter((row) => chosen.has(row))
    .map(
      (row) =>
        html`<figure><figcaption>${rowHead(row)}</figcaption>${intervalCard(draughtsman, row, labels)}</figure>\n`,
    );
  if (cards.length === 0) return null;
  return html`<div class="cards">${cards}</div>
<p class="soft">● the run, with its 95 % confidence interval as a bar; ◇ what the closed form says. Each scale is its own and need not begin at 0.</p>\n`;
}

export function figureTable(results: readonly RunResult[]): Markup | null {
  const rows = figureRows(results);
  if (rows.length === 0) return null;
  const table = htmlTable({
    caption: "All figures, after the warm-up; ±: 95 % confidence interval",
    heads: ["Figure", ...results.map((result) => result.label)],
    rows: rows.map((row) => {
      const standings = standingsOf(results, row.cells, betterOf(row.key, row.unit));
      const cells = row.cells.map((cell, index) => {
        const closed = formatClosedForm(cell, row.scale);
        const said = html`${formatCell(cell, row.scale)}${closed === "" ? null : html`<small>closed form ${closed}</small>`}`;
        return withStanding(said, standings[index]!);
      });
      return { head: rowHead(row), cells };
    }),
  });
  const note = rivals(results).some((group) => group.length > 1) ? html`<p class="soft">${STANDING_NOTE}</p>` : null;
  return html`${table}${note}${downloads(csvFile("figures", figuresCsv(results)))}`;
}

/** One table for each mode that was both simulated and measured. */
export function differenceTables(results: readonly RunResult[]): readonly Markup[] {
  const rows = figureRows(results);
  return pairsOf(results).map((pair) =>
    htmlTable({
      caption: `${pair.mode}: the measured run against the simulated one`,
      heads: ["Figure", "simulated", "measured", "difference", "intervals"],
      rows: rows.map((row) => differenceRow(row, pair)),
    }),
  );
}

function differenceRow(
  row: FigureRow,
  pair: { readonly mode: string; readonly simulated: number; readonly measured: number },
) {
  const { text, withinIntervals } = differenceOf(row, pair);
  const apart = withinIntervals === null ? UNKNOWN : withinIntervals ? "meet" : html`<strong>do not meet</strong>`;
  return {
    head: rowHead(row),
    cells: [
      formatCell(row.cells[pair.simulated]!, row.scale),
      formatCell(row.cells[pair.measured]!, row.scale),
      text,
      apart,
    ],
  };
}

/** The closed forms with their sums, to be checked by hand. */
export function closedFormTable(results: readonly RunResult[]): Markup | null {
  const rows = figureRows(results).flatMap((row) =>
    row.cells.flatMap((cell, index) => {
      if (cell.closedForm === undefined) return [];
      const { name, sum } = cell.closedForm;
      const beside = formatClosedForm(cell, row.scale);
      return [
        {
          head: html`${rowHead(row)}<small>${results[index]!.label}</small>`,
          cells: [formatCell(cell, row.scale), beside, html`${name}<br><code>${sum}</code>`],
        },
      ];
    }),
  );
  if (rows.length === 0) return null;
  return htmlTable({
    caption: "Closed forms beside the simulated figures; in brackets how far the run lies from the formula",
    heads: ["Figure", "run", "closed form", "the sum"],
    rows,
    textColumns: [2],
  });
}

/** "3 simulated and 1 measured runs over 2 h of scenario time; 2 experiments (locks, memory)". */
export function countRuns(results: readonly RunResult[]): string {
  const runs = results.filter((result) => result.study === null);
  const simulated = runs.filter((result) => result.kind === "simulated").length;
  const measured = runs.length - simulated;
  const kinds = [
    ...(simulated > 0 ? [`${formatNumber(simulated)} simulated`] : []),
    ...(measured > 0 ? [`${formatNumber(measured)} measured`] : []),
  ];
  const lengths = [...new Set(runs.map((result) => result.scenario.run.durationMs))].map(formatDuration);
  const experiments = results.filter((result) => result.study !== null);
  const drivers = [...new Set(experiments.map((result) => result.driver))].sort();
  const plural = (count: number) => (count === 1 ? "" : "s");
  return [
    ...(runs.length === 0
      ? []
      : [`${kinds.join(" and ")} run${plural(runs.length)} over ${lengths.join(", ")} of scenario time`]),
    ...(experiments.length === 0
      ? []
      : [`${formatNumber(experiments.length)} experiment${plural(experiments.length)} (${drivers.join(", ")})`]),
  ].join("; ");
}
