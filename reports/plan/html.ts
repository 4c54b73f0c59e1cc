// A plan as one page that can be printed and passed on: what to buy and how sure that is, room to every limit, what gives first, what
// lost, what the answer leans on, and the files to apply. It asks nobody for anything; the same plan gives the same bytes.

import { maskSecrets } from "../../config/connection-strings.ts";
import type { Plan } from "../../metrics/plan/plan.ts";
import { formatNumber } from "../format-number.ts";
import { type Draughtsman, openDraughtsman } from "../html/charts/plot-svg.ts";
import { downloads, slugOf } from "../html/download.ts";
import { html, type Markup } from "../html/markup.ts";
import { pageShell, type Section } from "../html/page-shell.ts";
import { environmentFacts } from "../html/repeat-section.ts";
import { folded, htmlTable } from "../html/table.ts";
import { bulletChart } from "./charts/bullet-chart.ts";
import { costScatter } from "./charts/cost-scatter.ts";
import { loadAxis } from "./charts/load-axis.ts";
import { tornadoChart } from "./charts/tornado-chart.ts";
import { stringifyPlan } from "./plan-file.ts";
import {
  answerOf,
  breakingInWords,
  changeAt,
  changesOf,
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

const standings = {
  meets: { item: "valid", text: "good" },
  misses: { item: "invalid", text: "bad" },
  undecided: { item: "doubtful", text: "doubtful-text" },
} as const;

/** On paper the answer and what it rests on share one sheet; the files to apply begin another. */
const onPaper = `
@media print{
@page{margin:8mm 10mm}
body{font-size:8pt;line-height:1.27}
header{padding-top:0}
h1{font-size:15pt;margin:0}
h2{font-size:10.5pt;margin:5px 0 1px;padding-top:3px}
p,.under{margin:1px 0 2px;max-width:none}
.eyebrow{margin:0}
.lead{font-size:8.6pt;margin-top:4px!important}
.verdicts{margin-top:4px}
.verdicts>li{padding:3px 10px}
caption{padding:1px 6px}
th,td{padding:1px 6px}
table{font-size:7.5pt}
.scroll{margin:2px 0 1px}
.wide svg.chart{width:84%}
.pair-grid svg.chart{width:82%}
.pair-grid{margin-top:1px;gap:2px 20px}
figcaption{margin-bottom:0;font-size:8pt}
caption,.eyebrow,.badge{font-size:7.4pt}
.under{font-size:7.2pt}
ul{margin:1px 0;padding-left:18px}
section[aria-labelledby=tornado] ul{columns:2}
section[aria-labelledby=apply]{break-before:page}
h3{font-size:9pt;margin:7px 0 1px}
pre{font-size:7.2pt;line-height:1.25;padding:4px 8px;margin:2px 0}
footer{margin-top:12px;padding:6px 0;font-size:7.2pt}
}`;

export async function planPage(plan: Plan): Promise<string> {
  const draughtsman = openDraughtsman();
  try {
    const sections: readonly Section[] = [
      { id: "targets", title: "Room to every target", content: targets(draughtsman, plan) },
      {
        id: "load",
        title: plan.breaking === null ? "What it costs" : "What breaks first, and what it costs",
        content: loadAndCost(draughtsman, plan),
      },
      { id: "alternatives", title: "Next best, and why they lost", content: alternatives(plan) },
      { id: "tornado", title: "What the answer leans on", content: sensitivities(draughtsman, plan) },
      { id: "assumptions", title: "Assumed, not measured", content: list(plan.assumptions) },
      { id: "situations", title: "Situations the targets are held against", content: situations(plan) },
      { id: "apply", title: "To apply", content: apply(plan) },
      { id: "numbers", title: "The numbers behind the charts", content: numbers(plan) },
      { id: "repeat", title: "To repeat", content: repeat(plan) },
    ];
    return pageShell({
      title: answerOf(plan).head,
      kind: `sessionlab plan · ${plan.scenario.name}`,
      verdict: verdictSigns[answerOf(plan).standing],
      opening: opening(plan),
      sections,
      style: onPaper,
      madeBy: `sessionlab ${plan.environment.sessionlab}`,
    }).markup;
  } finally {
    await draughtsman.close();
  }
}

function opening(plan: Plan): Markup {
  const { standing, sentences } = answerOf(plan);
  const { item, text } = standings[standing];
  const [first = "", ...others] = sentences;
  const described = plan.scenario.description;
  const badge = html`<span class="badge ${text}">${verdictSigns[standing]}</span>`;
  const said = html`<p>${badge}<strong>${first}</strong></p>${others.map((sentence) => html`<p>${sentence}</p>`)}`;
  const verdict =
    standing === "undecided"
      ? html`<div class="loud" role="alert">${said}</div>`
      : html`<ul class="verdicts"><li class="${item}">${said}</li></ul>`;
  return html`${verdict}
${described === "" ? null : html`<p class="lead" style="margin-top:14px">${described}</p>`}${costLine(plan)}`;
}

/** "412 EUR a month: 3 web servers × 120 (360 EUR), …" */
function costLine(plan: Plan): Markup | null {
  const candidate = shownOf(plan);
  if (candidate === null) return null;
  const { parts, total } = candidate.cost;
  const said = parts.map(({ what, amount }) => `${what} (${money(amount, plan.currency)})`).join(" + ");
  return html`<p class="soft">${plan.recommendation === null ? "The nearest choice" : "It"} costs ${money(total, plan.currency)} a month: ${said}. Prices: ${plan.prices}.</p>`;
}

function metCell(met: boolean | null): Markup {
  const { text } = standings[met === null ? "undecided" : met ? "meets" : "misses"];
  return html`<span class="met ${text}">${metInWords(met)}</span>`;
}

function targets(draughtsman: Draughtsman, plan: Plan): Markup | null {
  const candidate = shownOf(plan);
  if (candidate === null || candidate.targets.length === 0) return null;
  const table = htmlTable({
    caption: `Each in the situation where it has least room; ±: ${confidenceOf(plan)}, ${formatNumber(candidate.replications)} replications of each situation`,
    heads: ["Target", "value", "limit", "margin", "", "least room in"],
    rows: candidate.targets.map((target) => ({
      head: label(target),
      cells: [valueInWords(target), limitOf(target), marginOf(target.margin), metCell(target.met), target.situation],
    })),
    textColumns: [4],
  });
  return html`${bulletChart(draughtsman, candidate)}${table}`;
}

function loadAndCost(draughtsman: Draughtsman, plan: Plan): Markup | null {
  const text = breakingInWords(plan);
  const load =
    plan.breaking === null || text === null
      ? null
      : html`<figure><figcaption>Load until something gives</figcaption>${loadAxis(draughtsman, plan.breaking)}<p>${text}</p></figure>\n`;
  const scatter = costScatter(draughtsman, plan);
  const cost =
    scatter === null ? null : html`<figure><figcaption>Cost against margin</figcaption>${scatter}</figure>\n`;
  if (load === null && cost === null) return null;
  return html`<div class="pair-grid">${load}${cost}</div>`;
}

/** What the charts show, for those who cannot see them or want it exactly. */
function numbers(plan: Plan): Markup | null {
  const tables = [seenTable(plan), sensitivityTable(plan)].filter((table) => table !== null);
  return tables.length === 0 ? null : html`${tables}`;
}

function seenTable(plan: Plan): Markup | null {
  if (plan.seen === undefined || plan.seen.length === 0) return null;
  return htmlTable({
    caption: "Every choice that was simulated, with its smallest margin",
    heads: ["Choice", "a month", "smallest margin", ""],
    rows: plan.seen.map(({ choice, cost, margin, verdict }) => ({
      head: choiceInWords(choice),
      cells: [money(cost, plan.currency), marginOf(margin), verdictCell(verdict)],
    })),
  });
}

function verdictCell(verdict: keyof typeof standings): Markup {
  return html`<span class="met ${standings[verdict].text}">${verdictSigns[verdict]}</span>`;
}

function alternatives(plan: Plan): Markup | null {
  if (plan.alternatives.length === 0) return null;
  return htmlTable({
    caption: "What comes next, in order",
    heads: ["Choice", "a month", "smallest margin", "", "why it lost"],
    rows: plan.alternatives.map(({ candidate, why }, index) => ({
      head: `${index + 1}. ${choiceInWords(candidate.choice)}`,
      cells: [
        money(candidate.cost.total, plan.currency),
        marginOf(smallestMargin(candidate)),
        verdictCell(candidate.verdict),
        why,
      ],
    })),
    textColumns: [3],
  });
}

function sensitivities(draughtsman: Draughtsman, plan: Plan): Markup | null {
  if (plan.sensitivities.length === 0) return null;
  const changes = changesOf(plan).map((change) => html`<li>◆ ${change}</li>`);
  const listed = changes.length === 0 ? null : html`<ul style="list-style:none;padding-left:0">${changes}</ul>`;
  return html`${tornadoChart(draughtsman, plan)}${listed}`;
}

function sensitivityTable(plan: Plan): Markup | null {
  if (plan.sensitivities.length === 0) return null;
  return htmlTable({
    caption: "The smallest margin of the recommendation with one assumption turned, and the cheapest choice then",
    heads: ["Assumption", "turned down", "cheapest choice then", "turned up", "cheapest choice then"],
    rows: plan.sensitivities.map(({ assumption, low, high }) => ({
      head: assumption,
      cells: [low, high].flatMap((end) => [
        `× ${times(end.factor)}: ${marginOf(end.margin)}`,
        changeAt(plan, end) ?? "the same",
      ]),
    })),
    textColumns: [1, 3],
  });
}

function list(items: readonly string[]): Markup | null {
  return items.length === 0 ? null : html`<ul>${items.map((one) => html`<li>${one}</li>`)}</ul>`;
}

function situations({ situations: all }: Plan): Markup | null {
  if (all.length === 0) return null;
  return html`<ul>${all.map(({ name, description }) => html`<li><strong>${name}</strong>: ${description}</li>`)}</ul>`;
}

/** One click selects a block whole; each can be saved as well. */
function apply(plan: Plan): Markup | null {
  if (plan.apply.length === 0) return null;
  return html`${plan.apply.map(({ name, text }) => {
    const notes = notesOf(text);
    const content =
      notes === null
        ? html`<pre style="user-select:all">${text.trimEnd()}</pre>${downloads({ name: fileNameOf(name), label: fileNameOf(name), text })}`
        : list(notes);
    return html`<h3>${name}</h3>${content}`;
  })}`;
}

/** "web.config: session state" → "web-config-session-state.txt" */
function fileNameOf(name: string): string {
  return `${slugOf(name)}.txt`;
}

function repeat(plan: Plan): Markup {
  const command = maskSecrets(plan.command);
  const measured = measureCommand(plan);
  const table = htmlTable({
    caption: "Where and when the plan was made",
    heads: ["Environment", "value"],
    rows: environmentFacts.map(([head, of]) => ({ head, cells: [of(plan.environment)] })),
  });
  const text = stringifyPlan({ ...plan, command });
  return html`<p>${searchedInWords(plan)}</p>${measured === null ? "" : html`<p>To measure it:</p><pre>${maskSecrets(measured)}</pre>`}<p>Seed ${plan.seed}:</p><pre>${command}</pre>${folded("Environment", table)}${downloads({ name: "plan.json", label: "the plan, whole (JSON)", text })}`;
}
