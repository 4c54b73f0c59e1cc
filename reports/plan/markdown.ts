// A plan as Markdown, for a ticket or a pull request: the answer, its margins and what lost, with the files to apply folded below.

import { maskSecrets } from "../../config/connection-strings.ts";
import type { Plan } from "../../metrics/plan/plan.ts";
import { escapeMarkdown, fenced, tableOf } from "../markdown.ts";
import {
  answerOf,
  breakingInWords,
  changeAt,
  choiceInWords,
  confidenceOf,
  label,
  limitOf,
  marginOf,
  measureCommand,
  metInWords,
  money,
  notesOf,
  searchedInWords,
  shownOf,
  smallestMargin,
  times,
  valueInWords,
  verdictSigns,
} from "./plan-words.ts";

export function planMarkdown(plan: Plan): string {
  const { standing, head, sentences } = answerOf(plan);
  const blocks = [
    `### ${standing === "meets" ? "✓" : standing === "misses" ? "✗" : "? UNDECIDED:"} ${escapeMarkdown(plan.scenario.name)}: ${escapeMarkdown(head)}`,
    sentences
      .map((sentence) => (standing === "meets" ? escapeMarkdown(sentence) : `**${escapeMarkdown(sentence)}**`))
      .join("\n\n"),
    targets(plan),
    cost(plan),
    breaking(plan),
    alternatives(plan),
    sensitivities(plan),
    list("Assumed, not measured", plan.assumptions),
    list(
      "Situations",
      plan.situations.map(({ name, description }) => `${name}: ${description}`),
    ),
    details(plan),
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

function targets(plan: Plan): string {
  const candidate = shownOf(plan);
  if (candidate === null || candidate.targets.length === 0) return "";
  const rows = candidate.targets.map((target) => ({
    head: label(target),
    cells: [valueInWords(target), limitOf(target), marginOf(target.margin), metInWords(target.met), target.situation],
  }));
  return `${tableOf(["Target", "value", "limit", "margin", "", "least room in"], rows)}\n\n±: ${confidenceOf(plan)}, ${candidate.replications} replications of each situation.`;
}

function cost(plan: Plan): string {
  const candidate = shownOf(plan);
  if (candidate === null) return "";
  const { total, parts } = candidate.cost;
  const rows = [
    ...parts.map(({ what, amount }) => ({ head: what, cells: [money(amount, plan.currency)] })),
    ...(parts.length === 1 ? [] : [{ head: "together", cells: [money(total, plan.currency)] }]),
  ];
  return tableOf([`A month, prices: ${plan.prices}`, "cost"], rows);
}

function breaking(plan: Plan): string {
  const text = breakingInWords(plan);
  return text === null ? "" : `**What breaks first.** ${escapeMarkdown(text)}`;
}

function alternatives(plan: Plan): string {
  if (plan.alternatives.length === 0) return "";
  const rows = plan.alternatives.map(({ candidate, why }) => ({
    head: choiceInWords(candidate.choice),
    cells: [
      money(candidate.cost.total, plan.currency),
      marginOf(smallestMargin(candidate)),
      verdictSigns[candidate.verdict],
      why,
    ],
  }));
  return tableOf(["Next best", "a month", "smallest margin", "", "why it lost"], rows);
}

function sensitivities(plan: Plan): string {
  if (plan.sensitivities.length === 0) return "";
  const rows = plan.sensitivities.map(({ assumption, low, high }) => ({
    head: assumption,
    cells: [low, high].map((end) => {
      const change = changeAt(plan, end);
      return `× ${times(end.factor)}: ${marginOf(end.margin)}${change === null ? "" : ` → ${change}`}`;
    }),
  }));
  return tableOf(["What the answer leans on: smallest margin", "turned down", "turned up"], rows);
}

function list(head: string, items: readonly string[]): string {
  return items.length === 0 ? "" : `**${head}**\n\n${items.map((item) => `- ${escapeMarkdown(item)}`).join("\n")}`;
}

function details(plan: Plan): string {
  const measured = measureCommand(plan);
  const { sessionlab, node, platform, cores, cpu } = plan.environment;
  return [
    "<details>\n<summary>To apply, to repeat</summary>",
    ...plan.apply.map(({ name, text }) => {
      const notes = notesOf(text);
      return notes === null ? `**${escapeMarkdown(name)}**\n\n${fenced(text.trimEnd())}` : list(name, notes);
    }),
    escapeMarkdown(searchedInWords(plan)),
    ...(measured === null ? [] : [fenced(maskSecrets(measured))]),
    fenced(maskSecrets(plan.command)),
    escapeMarkdown(`sessionlab ${sessionlab}, Node ${node}, ${platform}, ${cores} × ${cpu}; seed ${plan.seed}`),
    "</details>",
  ].join("\n\n");
}
