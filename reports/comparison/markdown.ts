// A comparison as a comment for a pull request: the verdict and what is not simply well, on one page; everything else is folded away.
// GitHub's Markdown, in which nothing of a name can become markup.

import type { Comparison } from "../../metrics/compare/comparison.ts";
import { machineOf } from "../../metrics/compare/machine.ts";
import { formatNumber } from "../format-number.ts";
import { escapeMarkdown, fenced, tableOf } from "../markdown.ts";
import {
  countsInWords,
  howMuch,
  howToRead,
  namesOf,
  OBJECTIONS_HEAD,
  reasonGroups,
  verdictWord,
  waiverInWords,
  whatWasRun,
  whoAgainstWhom,
} from "./comparison-words.ts";
import { type MetricRow, metricRows, standingSigns } from "./metric-rows.ts";

/** The first line, by which a bot finds its comment again to bring it up to date. */
export const COMMENT_MARKER = "<!-- sessionlab-comparison -->";

/** What a page has room for above the fold, and a comment (65,536 characters) below it. */
const SHOWN_MAX = 20;
/** Of what cannot be told. */
const OPEN_SHOWN_MAX = 8;
const FOLDED_MAX = 150;

export function renderComparisonMarkdown(comparison: Comparison): string {
  const rows = metricRows(comparison);
  const shown = shownOf(rows);
  const folded = rows.filter((row) => !shown.includes(row));
  const blocks = [
    `${COMMENT_MARKER}\n### ${verdictWord(comparison)}: ${escapeMarkdown(whoAgainstWhom(comparison))}`,
    objections(comparison),
    `${escapeMarkdown(`${countsInWords(rows)}; ${whatWasRun(comparison)}, ${howMuch(comparison)}`)}.`,
    table(shown),
    reasons(rows),
    list(comparison.findings),
    details(comparison, folded),
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

/** What is not simply well; of a comparison in which all is, that. */
function shownOf(rows: readonly MetricRow[]): readonly MetricRow[] {
  const open = rows.filter(({ standing }) => standing === "cannot tell").slice(OPEN_SHOWN_MAX);
  const notWell = rows.filter((row) => row.standing !== "no worse" && !open.includes(row));
  return (notWell.length === 0 ? rows : notWell).slice(0, SHOWN_MAX);
}

/** In a box that nobody overlooks. */
function objections({ objections: said }: Comparison): string {
  if (said.length === 0) return "";
  return ["> [!CAUTION]", `> ${OBJECTIONS_HEAD}`, ...said.map((one) => `> - ${escapeMarkdown(one)}`)].join("\n");
}

function table(rows: readonly MetricRow[]): string {
  if (rows.length === 0) return "";
  const extra = rows.some((row) => row.moreRuns !== "") ? ["More runs"] : [];
  const lines = rows.map((row) => ({
    head: row.head,
    cells: [
      `${standingSigns[row.standing]} ${row.standing}`,
      row.effect,
      row.base,
      row.candidate,
      row.minimumEffect,
      ...extra.map(() => row.moreRuns),
    ],
  }));
  return tableOf(["Metric", "Verdict", "Effect", "Base", "Candidate", "Minimum effect", ...extra], lines);
}

function reasons(rows: readonly MetricRow[]): string {
  return reasonGroups(rows)
    .map((group) => {
      const names = namesOf(group, ({ label }) => `**${escapeMarkdown(label)}**`).join(", ");
      return `- ${standingSigns[group.standing]} ${names}: ${escapeMarkdown(group.why)}`;
    })
    .join("\n");
}

function list(sentences: readonly string[]): string {
  return sentences.map((sentence) => `- ${escapeMarkdown(sentence)}`).join("\n");
}

function details(comparison: Comparison, folded: readonly MetricRow[]): string {
  const { base, candidate, waivers, seed, command } = comparison;
  const left = folded.length - FOLDED_MAX;
  const machines = [base, candidate].map(({ environment }) => {
    const { sessionlab, node } = environment;
    return `sessionlab ${sessionlab}, Node ${node}, ${machineOf(environment)}`;
  });
  const [ofBase, ofCandidate] = machines as [string, string];
  const programs = ofBase === ofCandidate ? ofBase : `base: ${ofBase}; candidate: ${ofCandidate}`;
  return [
    `<details>\n<summary>${summary(comparison, folded)}</summary>`,
    table(folded.slice(0, FOLDED_MAX)),
    left > 0 ? `${formatNumber(left)} more stand in comparison.json.` : "",
    floors(comparison),
    waivers.length === 0 ? "" : `**Waivers**\n\n${list(waivers.map(waiverInWords))}`,
    escapeMarkdown(howToRead(comparison)),
    fenced(command),
    escapeMarkdown(`${programs}; seed ${seed}`),
    "</details>",
  ]
    .filter((block) => block !== "")
    .join("\n\n");
}

function summary({ waivers }: Comparison, folded: readonly MetricRow[]): string {
  const others = folded.length === 0 ? [] : [`${formatNumber(folded.length)} more metrics`];
  const waived = waivers.length === 0 ? [] : ["waivers"];
  return [...others, ...waived, "how to read and repeat this"]
    .join(", ")
    .replace(/^./, (letter) => letter.toUpperCase());
}

/** What this machine can find at all, where that was measured. */
function floors(comparison: Comparison): string {
  const known = metricRows(comparison).filter(({ metric }) => metric.floor !== null);
  if (known.length === 0) return "";
  const lines = known.slice(0, FOLDED_MAX).map((row) => ({
    head: row.label,
    cells: [row.minimumEffect, row.floor],
  }));
  return tableOf(["Metric", "Minimum effect", "Noise floor here"], lines);
}
