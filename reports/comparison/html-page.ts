// A comparison as one page: the verdict and what speaks against it first, then the effects, what they rest on, and how they were judged.
// The same comparison gives the same bytes.

import type { ComparedSide, Comparison } from "../../metrics/compare/comparison.ts";
import { formatNumber, UNKNOWN } from "../format-number.ts";
import { effectCharts } from "../html/charts/effect-intervals.ts";
import { type Draughtsman, openDraughtsman } from "../html/charts/plot-svg.ts";
import { hasStrip, runStrip, stripLegend } from "../html/charts/run-strip.ts";
import { formatTick } from "../html/charts/time-axis.ts";
import { csvFile, downloads } from "../html/download.ts";
import { html, type Markup } from "../html/markup.ts";
import { pageShell, type Section } from "../html/page-shell.ts";
import { environmentFacts } from "../html/repeat-section.ts";
import { withoutSecrets } from "../html/settings-section.ts";
import { htmlTable } from "../html/table.ts";
import { effectsCsv, runsCsv } from "./comparison-csv.ts";
import { stringifyComparison } from "./comparison-file.ts";
import {
  countsInWords,
  howMuch,
  OBJECTIONS_HEAD,
  verdictWord,
  whatWasRun,
  whoAgainstWhom,
  whyOf,
} from "./comparison-words.ts";
import { falseShare, howJudged, waiverUses } from "./how-judged.ts";
import { type MetricRow, type MetricStanding, metricRows, oneLine, standingSigns } from "./metric-rows.ts";

/** Pictures of runs for so many metrics; the file of runs has all. */
const STRIPS_MAX = 24;

const standingClasses: Readonly<Record<MetricStanding, string>> = {
  regressed: "bad",
  waived: "doubtful-text",
  "cannot tell": "doubtful-text",
  improved: "good",
  "no worse": "good",
};
const verdictClasses = { regressed: "invalid", "cannot tell": "doubtful", "no worse": "valid" } as const;

export async function renderComparisonHtml(comparison: Comparison): Promise<string> {
  const draughtsman = openDraughtsman();
  try {
    const rows = metricRows(comparison);
    const sections: readonly Section[] = [
      { id: "effects", title: "Effects", content: effectCharts(draughtsman, rows) },
      { id: "metrics", title: "Metric by metric", content: metricTable(rows) },
      { id: "runs", title: "The runs behind what is not well", content: strips(draughtsman, rows, comparison) },
      { id: "waivers", title: "Waivers", content: waiverTable(comparison) },
      { id: "findings", title: "What else to know", content: findingList(comparison) },
      { id: "judged", title: "How it was judged", content: html`<p>${howJudged(comparison)}</p>` },
      { id: "environment", title: "Where both sides ran", content: environments(comparison) },
      { id: "repeat", title: "To repeat", content: repeat(comparison) },
    ];
    const versions = new Set([comparison.base, comparison.candidate].map(({ environment }) => environment.sessionlab));
    return pageShell({
      title: whoAgainstWhom(comparison),
      kind: "sessionlab comparison",
      verdict: verdictWord(comparison),
      opening: opening(comparison, rows),
      sections,
      madeBy: `sessionlab ${[...versions].join(", ")}`,
    }).markup;
  } finally {
    await draughtsman.close();
  }
}

/** The verdict before everything else; where the two should not have been compared, that comes even before it. */
function opening(comparison: Comparison, rows: readonly MetricRow[]): Markup {
  const { verdict, objections, complete, base, candidate } = comparison;
  const forced =
    objections.length === 0
      ? null
      : html`<div class="loud alarm" role="alert"><p><strong>! ${OBJECTIONS_HEAD}</strong></p><ul>${objections.map((one) => html`<li>${oneLine(one)}</li>`)}</ul></div>\n`;
  const named = rows.filter(({ standing }) => standing === "regressed" || standing === "waived");
  const cut = complete ? null : html` <strong class="doubtful-text">It was cut short.</strong>`;
  const commits = [base, candidate].map(({ commit }) =>
    commit === null ? "of no known commit" : html`<code>${oneLine(commit)}</code>`,
  );
  return html`${forced}<ul class="verdicts"><li class="${verdictClasses[verdict]}"><p>${badge(verdict)}<strong>${countsInWords(rows)}</strong>.${cut}</p>${named.length === 0 ? null : html`<ul>${named.map(namedMetric)}</ul>`}</li></ul>
<p class="soft" style="margin-top:14px">${whatWasRun(comparison)}; ${howMuch(comparison)}. Of what is told to be regressed, at most ${falseShare(comparison)} is so by chance.</p>
<p class="soft">Base ${commits[0]!}, candidate ${commits[1]!}.</p>`;
}

function namedMetric(row: MetricRow): Markup {
  const waived =
    row.metric.waiver === null
      ? null
      : html` <span class="doubtful-text">(waived: ${oneLine(row.metric.waiver.reason)})</span>`;
  return html`<li>${standingSigns[row.standing]} ${row.label}: <strong>${row.effect}</strong>${waived}</li>`;
}

function badge(standing: MetricStanding): Markup {
  return html`<span class="badge ${standingClasses[standing]}">${standingSigns[standing]} ${standing}</span>`;
}

function metricTable(rows: readonly MetricRow[]): Markup | null {
  if (rows.length === 0) return null;
  const withFloor = rows.some(({ metric }) => metric.floor !== null);
  const withEvidence = rows.some(({ metric }) => metric.evidence !== null);
  return htmlTable({
    caption:
      "Worst first; effect: candidate against base, with its 95 % bootstrap interval; pp: percentage points; more runs: of each side, to settle it",
    heads: [
      "Metric",
      "Verdict",
      "Base",
      "Candidate",
      "Effect",
      "Minimum effect",
      ...(withFloor ? ["Noise floor"] : []),
      "More runs",
      ...(withEvidence ? ["Evidence: worse / no worse"] : []),
    ],
    rows: rows.map((row) => ({
      head: html`${row.head}<small>${row.key}</small>`,
      cells: [
        html`<span class="met ${standingClasses[row.standing]}">${standingSigns[row.standing]} ${row.standing}</span><small>${whyOf(row)}</small>`,
        row.base,
        row.candidate,
        unbroken(row.effect),
        row.minimumEffect,
        ...(withFloor ? [row.floor] : []),
        row.moreRuns === "" ? UNKNOWN : row.moreRuns.replaceAll(" ", "\u00a0"),
        ...(withEvidence ? [evidenceOf(row)] : []),
      ],
    })),
    textColumns: [0],
  });
}

/** "+10.4 % (+7.4 to +13.5)" broken nowhere but before the interval. */
function unbroken(effect: string): string {
  return effect.replace(/\(.*\)/, (interval) => interval.replaceAll(" ", "\u00a0"));
}

/** "48,210 / < 0.01", as odds against "not worse" and against "worse by the minimum effect". */
function evidenceOf({ metric: { evidence } }: MetricRow): string {
  if (evidence === null) return UNKNOWN;
  const odds = (value: number) => (value < 0.01 ? "<\u00a00.01" : formatTick(Number(value.toPrecision(3))));
  return `${odds(evidence.worse)} / ${odds(evidence.noWorse)}`;
}

/** Of metrics that are worse, or of which nothing can be told. */
function strips(draughtsman: Draughtsman, rows: readonly MetricRow[], comparison: Comparison): Markup | null {
  const told = rows.filter(({ metric }) => metric.verdict !== "no worse" && hasStrip(metric));
  if (told.length === 0) return null;
  const figures = told
    .slice(0, STRIPS_MAX)
    .map(
      (row) =>
        html`<figure><figcaption>${row.label} <span class="${standingClasses[row.standing]}">${standingSigns[row.standing]} ${row.standing}</span></figcaption>${runStrip(draughtsman, row.metric, comparison)}</figure>\n`,
    );
  const left = told.length - figures.length;
  return html`${stripLegend()}<div class="pair-grid">${figures}</div>${left > 0 ? html`<p class="soft">${formatNumber(left)} more not drawn: the file has their runs.</p>` : null}${downloads(csvFile("runs", runsCsv(comparison)))}`;
}

function waiverTable({ waivers }: Comparison): Markup | null {
  if (waivers.length === 0) return null;
  return htmlTable({
    caption: "Regressions that somebody has taken on, and what became of each in this comparison",
    heads: ["Metric", "commits", "until", "reason", "what became of it"],
    rows: waivers.map(({ waiver: { metric, commits, reason, until }, use }) => ({
      head: html`<code>${oneLine(metric)}</code>`,
      cells: [
        commits === "*" ? "any" : html`<code>${oneLine(commits)}</code>`,
        until === undefined ? "no end" : oneLine(until),
        oneLine(reason),
        html`<span class="met ${use === "used" ? "doubtful-text" : ""}">${use}</span><small>${waiverUses[use]}</small>`,
      ],
    })),
    textColumns: [0, 2, 3],
  });
}

function findingList({ findings }: Comparison): Markup | null {
  return findings.length === 0 ? null : html`<ul>${findings.map((finding) => html`<li>${oneLine(finding)}</li>`)}</ul>`;
}

/** Moments and commits differ by their nature; everything else that differs is named. */
const EXPECTED_TO_DIFFER: readonly string[] = ["started", "took", "commit"];

function environments({ base, candidate }: Comparison): Markup {
  const facts = environmentFacts.map(([name, of]) => {
    const [one, other] = [of(base.environment), of(candidate.environment)];
    return { name, one, other, differs: one !== other && !EXPECTED_TO_DIFFER.includes(name) };
  });
  const differing = facts.filter(({ differs }) => differs);
  const said =
    differing.length === 0
      ? html`<p>Machine and programs were the same.</p>`
      : html`<p><strong class="doubtful-text">≠ Not the same:</strong> ${differing.map(({ name, one, other }) => `${name} (${one} and ${other})`).join("; ")}.</p>`;
  const runsOf = ({ runs, runsLeftOut }: ComparedSide) =>
    `${formatNumber(runs)}${runsLeftOut === 0 ? "" : `, ${formatNumber(runsLeftOut)} left out`}`;
  const table = htmlTable({
    caption: "Of the first run of each side",
    heads: ["", `base: ${base.name}`, `candidate: ${candidate.name}`],
    rows: [
      { head: "label", cells: [base.label, candidate.label] },
      { head: "store", cells: [base.store ?? "none", candidate.store ?? "none"] },
      { head: "runs", cells: [runsOf(base), runsOf(candidate)] },
      ...facts.map(({ name, one, other, differs }) => ({
        head: name,
        cells: [one, differs ? html`<strong class="doubtful-text">≠ ${other}</strong>` : other],
      })),
    ],
  });
  return html`${said}${table}`;
}

function repeat(comparison: Comparison): Markup {
  const command = withoutSecrets(comparison.command);
  const text = stringifyComparison({ ...comparison, command });
  const files = [
    csvFile("effects", effectsCsv(comparison)),
    { name: "comparison.json", label: "the comparison, whole (JSON)", text },
  ];
  return html`<p>Seed ${comparison.seed}:</p><pre>${command}</pre>${downloads(...files)}`;
}
