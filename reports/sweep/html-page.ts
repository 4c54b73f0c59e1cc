// A sweep as one page that needs no network: where its figures turn in words, then pictures with the tables under them.

import type { Sweep } from "../../metrics/sweep/sweep.ts";
import { openDraughtsman } from "../html/charts/plot-svg.ts";
import { csvFile, downloads } from "../html/download.ts";
import { html, type Markup } from "../html/markup.ts";
import { pageShell, type Section } from "../html/page-shell.ts";
import { environmentFacts } from "../html/repeat-section.ts";
import { withoutSecrets } from "../html/settings-section.ts";
import { folded, htmlTable } from "../html/table.ts";
import { figureCharts } from "./html-charts.ts";
import { sweepCsv } from "./sweep-csv.ts";
import { type SweepTable, sweepTables } from "./sweep-tables.ts";
import { extent, findingsTold, STANDING_LEGEND, standingSigns, targetsTold } from "./sweep-words.ts";
import { leadingSentences, type TurnSentence, turnSentences } from "./turn-words.ts";

/** More are folded away; all stand in sweep.csv. */
const ROWS_MAX = 40;

/** The same sweep gives the same bytes. */
export async function renderSweepHtml(sweep: Sweep): Promise<string> {
  const draughtsman = openDraughtsman();
  try {
    const tables = sweepTables(sweep);
    const perFigure = tables.length === sweep.figures.length && sweep.axes.length === 2;
    const figures = sweep.figures.map((figure, i): Section => {
      const table = perFigure ? tableMarkup(tables[i]!) : null;
      return {
        id: `figure-${figure.key}`,
        title: figure.label,
        content: html`${figureCharts(draughtsman, sweep, figure)}${table}`,
      };
    });
    const sections: readonly Section[] = [
      ...figures,
      {
        id: "points",
        title: "Points",
        content: html`${perFigure ? null : tables.map(tableMarkup)}<p class="soft">${NOTE} ${STANDING_LEGEND}</p>${downloads(csvFile("sweep", sweepCsv(sweep)))}`,
      },
      { id: "repeat", title: "To repeat", content: repeat(sweep) },
    ];
    const { scenario, complete } = sweep;
    return pageShell({
      title: scenario.name,
      kind: "sessionlab sweep",
      verdict: complete ? "✓ complete" : "! cut short",
      opening: opening(sweep),
      sections,
      madeBy: `sessionlab ${sweep.environment.sessionlab}`,
    }).markup;
  } finally {
    await draughtsman.close();
  }
}

const NOTE =
  "±: 95 % confidence interval. All points have the same visitors, so that the difference between two is surer than their intervals suggest: turns are looked for replication by replication.";

function opening(sweep: Sweep): Markup {
  const { scenario, axes } = sweep;
  const targets = targetsTold(sweep);
  const { measured, evidence } = scenario.calibration;
  const doubts = [...findingsTold(sweep), ...(measured ? [] : [`Costs are assumed. ${evidence}`])];
  const { leading, rest } = leadingSentences(turnSentences(sweep));
  const varied = axes.map(({ key, values }) => `${key} (${values.length} values)`).join(", ");
  return html`<p class="lead">${varied}: ${extent(sweep)}${targets === null ? "" : `; ${targets}`}.</p>
<ul class="verdicts">${leading.map(sentenceItem)}</ul>
${rest.length === 0 ? null : folded(`${rest.length} more`, html`<ul class="verdicts">${rest.map(sentenceItem)}</ul>`)}${doubts.map((doubt) => html`<p class="doubtful-text" style="margin-top:10px">! ${doubt}</p>`)}`;
}

const badges: Readonly<Record<TurnSentence["kind"], readonly [word: string, item: string]>> = {
  target: ["target", "doubtful"],
  cliff: ["cliff", "invalid"],
  knee: ["knee", "doubtful"],
  choice: ["choice", "valid"],
  steady: ["no turn", "valid"],
  flat: ["no change", "valid"],
  untold: ["not told", "doubtful"],
};

function sentenceItem({ kind, text }: TurnSentence): Markup {
  const [word, item] = badges[kind];
  return html`<li class="${item}"><p><span class="badge">${word}</span>${text}</p></li>`;
}

function tableMarkup({ caption, heads, rows }: SweepTable): Markup {
  const built = (some: SweepTable["rows"]) =>
    htmlTable({
      caption,
      heads,
      rows: some.map(({ head, cells }) => ({
        head,
        cells: cells.map(({ text, standing }) =>
          standing === null
            ? text
            : html`${text} <span class="${standing === "met" ? "good" : standing === "missed" ? "bad" : "doubtful-text"}">${standingSigns[standing]}</span>`,
        ),
      })),
    });
  if (rows.length <= ROWS_MAX) return built(rows);
  return folded(`${caption}: ${rows.length} rows`, built(rows));
}

function repeat({ command, seed, environment }: Sweep): Markup {
  return html`<p>Seed ${String(seed)}:</p><pre>${withoutSecrets(command)}</pre>${htmlTable({
    caption: "Where and when it was made",
    heads: ["Environment", "value"],
    rows: environmentFacts.map(([head, of]) => ({ head, cells: [of(environment)] })),
  })}`;
}
