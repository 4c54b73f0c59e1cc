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
  OBJECTIONS_HEAD,
  verdictWord,
  waiverInWords,
  whatWasRun,
  whoAgainstWhom,
  whyOf,
} from "./comparison-words.ts";
import { type MetricRow, metricRows, standingSigns } from "./metric-rows.ts";

/** The first line, by which a bot finds its comment again to bring it up to date. */
export const COMMENT_MARKER = "<!-- sessionlab-comparison -->";

/** What a page has room for above the fold, and a comment (65,536 characters) below it. */
const SHOWN_MAX = 20;
const FOLDED_MAX = 150;

export function renderComparisonMarkdown(comparison: Comparison): string {
  const rows = metricRows(comparison);
  const notWell = rows.filter(({ standing }) => standing !== "no worse").slice(0, SHOWN_MAX);
  const shown = notWell.length === 0 ? rows.slice(0, SHOWN_MAX) : notWell;
  const folded = rows.filter((row) => !shown.includes(row));
  const blocks = [
    `${COMMENT_MARKER}\n### ${verdictWord(comparison)}: ${escapeMarkdown(whoAgainstWhom(comparison))}`,
    objections(comparison),
    `${escapeMarkdown(`${countsInWords(rows)}; ${whatWasRun(comparison)}, ${howMuch(comparison)}`)}.`,
    table(shown),
    reasons(shown),
    list(comparison.findings),
    details(comparison, folded),
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

/** In a box that nobody overlooks. */
function objections({ objections: said }: Comparison): string {
  if (said.length === 0) return "";
  return ["> [!CAUTION]", `> ${OBJECTIONS_HEAD}`, ...said.map((one) => `> - ${escapeMarkdown(one)}`)].join("\n");
}

function table(rows: readonly MetricRow[]): string {
  if (rows.length === 0) return "";
  const lines = rows.map((row) => ({
    head: row.head,
    cells: [`${standingSigns[row.standing]} ${row.standing}`, row.effect, row.base, row.candidate, row.minimumEffect],
  }));
  return tableOf(["Metric", "Verdict", "Effect", "Base", "Candidate", "Minimum effect"], lines);
}

/** One line for what is worse; what cannot be told shares one where the reason is the same. */
function reasons(rows: readonly MetricRow[]): string {
  const told = rows.filter(({ standing }) => standing !== "no worse" && standing !== "improved");
  const groups = new Map<string, string[]>();
  for (const row of told) {
    const why = `: ${escapeMarkdown(whyOf(row) + moreRuns(row))}`;
    const name = `${standingSigns[row.standing]} **${escapeMarkdown(row.label)}**`;
    groups.set(why, [...(groups.get(why) ?? []), name]);
  }
  return [...groups].map(([why, names]) => `- ${names.join(", ")}${why}`).join("\n");
}

function moreRuns({ moreRuns: count }: MetricRow): string {
  return count === "" ? "" : ` More runs that would settle it: ${count}.`;
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
