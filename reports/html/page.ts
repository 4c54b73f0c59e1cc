// The report as one HTML file that asks nobody for anything: no script, no font, no picture from elsewhere. The answer comes first,
// what it rests on after it. The same results give the same bytes.

import { assert } from "../../config/assert.ts";
import type { RunResult } from "../../metrics/run-result.ts";
import { formatDuration } from "../format-number.ts";
import {
  closedFormTable,
  countRuns,
  differenceTables,
  figureTable,
  headlineCards,
  targetTable,
  verdictList,
} from "./answer.ts";
import { heatSection } from "./charts/heat-chart.ts";
import { percentileCharts } from "./charts/percentile-chart.ts";
import { type Draughtsman, openDraughtsman } from "./charts/plot-svg.ts";
import { sessionCharts, sessionScale } from "./charts/session-charts.ts";
import { coresChart, drawTimeChart, memoryChart, refusedChart, responseChart } from "./charts/time-charts.ts";
import { callsTable, latencySection, lockTable, requestTable, sessionTable } from "./counts-section.ts";
import { html, type Markup, trusted } from "./markup.ts";
import { environmentTable, repeatSection, warningList } from "./repeat-section.ts";
import { evidenceSection, originsSection, scenarioSection } from "./settings-section.ts";
import { css } from "./style.ts";

interface Section {
  readonly id: string;
  readonly title: string;
  readonly content: Markup | null;
}

/** @param results at least one; up to eight can be told apart by their lines. */
export async function renderHtml(results: readonly RunResult[]): Promise<string> {
  assert(results.length > 0, "a report has at least one result");
  const whole = await drawn(results, true);
  return Buffer.byteLength(whole) <= PAGE_BYTES_MAX ? whole : drawn(results, false);
}

/** A page that is forwarded by mail stays below it; one that would not leaves out the links that save charts as pictures. */
const PAGE_BYTES_MAX = 950_000;

async function drawn(results: readonly RunResult[], pictures: boolean): Promise<string> {
  const draughtsman = openDraughtsman(pictures);
  try {
    return page(results, sectionsOf(draughtsman, results)).markup;
  } finally {
    await draughtsman.close();
  }
}

function sectionsOf(draughtsman: Draughtsman, results: readonly RunResult[]): readonly Section[] {
  const scale = sessionScale(results);
  const differences = differenceTables(results);
  const warnings = warningList(results);
  const sections: readonly Section[] = [
    { id: "targets", title: "Targets", content: targetTable(results) },
    { id: "headline", title: "Headline figures", content: headlineCards(draughtsman, results) },
    {
      id: "difference",
      title: "Measured against simulated",
      content: differences.length === 0 ? null : html`${differences}`,
    },
    { id: "figures", title: "All figures", content: figureTable(results) },
    {
      id: "sessions",
      title: "Sessions over time",
      content: html`${scale === null ? null : sessionCharts(draughtsman, results, scale)}${sessionTable(results)}`,
    },
    { id: "memory", title: "Memory over time", content: drawTimeChart(draughtsman, memoryChart, results) },
    { id: "refused", title: "Refused share over time", content: drawTimeChart(draughtsman, refusedChart, results) },
    { id: "cores", title: "Busy cores over time", content: drawTimeChart(draughtsman, coresChart, results) },
    { id: "latency", title: "Latency", content: latency(draughtsman, results) },
    { id: "heat", title: "Latency over time", content: heatSection(draughtsman, results) },
    {
      id: "calls",
      title: "Requests and store calls",
      content: html`${requestTable(results)}${callsTable(results)}${lockTable(results)}`,
    },
    { id: "closed-forms", title: "Closed forms", content: closedFormTable(results) },
    { id: "settings", title: "Settings", content: html`${originsSection(results)}${scenarioSection(results)}` },
    { id: "evidence", title: "What the costs rest on", content: evidenceSection(results) },
    {
      id: "repeat",
      title: "To repeat",
      content: html`${repeatSection(results)}${environmentTable(results)}`,
    },
    { id: "warnings", title: "Warnings", content: warnings },
  ];
  return sections.filter((section) => section.content !== null);
}

function latency(draughtsman: Draughtsman, results: readonly RunResult[]): Markup | null {
  const curves = percentileCharts(draughtsman, results);
  const overTime = drawTimeChart(draughtsman, responseChart, results);
  if (curves === null && overTime === null) return null;
  const numbers = latencySection(results);
  return html`${curves}${overTime === null ? null : html`<h3>Response time over time, p99 of each sample</h3>${overTime}`}${numbers}`;
}

function page(results: readonly RunResult[], sections: readonly Section[]): Markup {
  const names = [...new Set(results.map((result) => result.scenario.name))];
  const descriptions = [...new Set(results.map((result) => result.scenario.description))].filter((text) => text !== "");
  const lengths = [...new Set(results.map((result) => result.scenario.run.durationMs))].map(formatDuration);
  const seeds = [...new Set(results.map((result) => result.seed))];
  const title = names.join(" · ");
  const links = sections.map((section) => html`<a href="#${section.id}">${section.title}</a> `);
  const bodies = sections.map(
    (section) => html`<section aria-labelledby="${section.id}"><h2 id="${section.id}">${section.title}</h2>
${section.content}</section>\n`,
  );
  const versions = [...new Set(results.map((result) => result.environment.sessionlab))].join(", ");
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}: sessionlab report</title>
<style>${trusted(css)}</style>
</head>
<body>
<header>
<p class="eyebrow">sessionlab report</p>
<h1>${title}</h1>
${verdictList(results)}${descriptions.map((text) => html`<p class="lead" style="margin-top:14px">${text}</p>`)}
<p class="soft">${countRuns(results)} over ${lengths.join(", ")} of scenario time, seed ${seeds.join(", ")}.</p>
</header>
<nav aria-label="Sections">${links}</nav>
<main>
${bodies}</main>
<footer>Made by sessionlab ${versions}. This file holds everything it shows and asks no server for anything.</footer>
</body>
</html>
`;
}
