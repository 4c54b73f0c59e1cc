// The report as one HTML file that asks nobody for anything: no script, no font, no picture from elsewhere. The answer comes first,
// what it rests on after it. The same results give the same bytes.

import { assert } from "../../config/assert.ts";
import type { RunResult } from "../../metrics/run-result.ts";
import { countersCsv } from "../data-csv.ts";
import { stringifyResult } from "../result-file.ts";
import { worstVerdict } from "../verdict.ts";
import {
  closedFormTable,
  countRuns,
  differenceTables,
  figureTable,
  headlineCards,
  pairedSection,
  precisionTable,
  targetTable,
  verdictList,
} from "./answer.ts";
import { generatorTable, repeatedSection } from "./audit-section.ts";
import { heatSection } from "./charts/heat-chart.ts";
import { percentileCharts } from "./charts/percentile-chart.ts";
import { type Draughtsman, openDraughtsman } from "./charts/plot-svg.ts";
import { sessionCharts, sessionScale } from "./charts/session-charts.ts";
import { coresChart, drawTimeChart, memoryChart, refusedChart, responseChart } from "./charts/time-charts.ts";
import { warmUpSection } from "./charts/warm-up-chart.ts";
import { callsTable, latencySection, lockTable, requestTable, sessionTable } from "./counts-section.ts";
import { csvFile, type Download, downloads, withoutFiles } from "./download.ts";
import { html, type Markup } from "./markup.ts";
import { pageShell, type Section } from "./page-shell.ts";
import { environmentTable, repeatSection, warningList } from "./repeat-section.ts";
import { evidenceSection, originsSection, scenarioSection } from "./settings-section.ts";
import { faultSection, studySections } from "./study-sections.ts";

/** @param results at least one; up to eight can be told apart by their lines. */
export async function renderHtml(results: readonly RunResult[]): Promise<string> {
  assert(results.length > 0, "a report has at least one result");
  const draughtsman = openDraughtsman();
  try {
    const whole = page(results, sectionsOf(draughtsman, results)).markup;
    const room = (text: string) => Buffer.byteLength(text) <= PAGE_BYTES_MAX;
    if (room(whole)) return whole;
    const withoutResults = withoutFiles(whole, ".json");
    return room(withoutResults) ? withoutResults : withoutFiles(withoutResults, ".svg");
  } finally {
    await draughtsman.close();
  }
}

/** A page that is forwarded by mail stays below it; one that would not leaves out the whole results, then the pictures. */
const PAGE_BYTES_MAX = 950_000;

function sectionsOf(draughtsman: Draughtsman, results: readonly RunResult[]): readonly Section[] {
  // Experiments send requests of their own: they have no visitors to count, and nothing of theirs happens in scenario time.
  const runs = results.filter((result) => result.study === null || result.counters.requests > 0);
  const scale = sessionScale(results);
  const differences = differenceTables(results);
  const warnings = warningList(results);
  const sections: readonly Section[] = [
    { id: "targets", title: "Targets", content: targetTable(results) },
    { id: "precision", title: "Precision", content: precisionTable(results) },
    { id: "headline", title: "Headline figures", content: headlineCards(draughtsman, results) },
    {
      id: "difference",
      title: "Measured against simulated",
      content: differences.length === 0 ? null : html`${differences}`,
    },
    { id: "paired", title: "Difference under the same luck", content: pairedSection(results) },
    { id: "repeated", title: "What differed between repeated runs", content: repeatedSection(results) },
    { id: "figures", title: results.length > 1 ? "Side by side" : "All figures", content: figureTable(results) },
    ...studySections(draughtsman, results),
    { id: "faults", title: "Faults", content: faultSection(draughtsman, results) },
    {
      id: "sessions",
      title: "Sessions over time",
      content:
        runs.length === 0
          ? null
          : html`${scale === null ? null : sessionCharts(draughtsman, runs, scale)}${sessionTable(runs)}`,
    },
    { id: "warm-up", title: "Warm-up", content: warmUpSection(draughtsman, runs) },
    { id: "memory", title: "Memory over time", content: drawTimeChart(draughtsman, memoryChart, results) },
    { id: "refused", title: "Refused share over time", content: drawTimeChart(draughtsman, refusedChart, results) },
    { id: "cores", title: "Busy cores over time", content: drawTimeChart(draughtsman, coresChart, results) },
    { id: "latency", title: "Latency", content: latency(draughtsman, results) },
    { id: "heat", title: "Latency over time", content: heatSection(draughtsman, results) },
    {
      id: "calls",
      title: "Requests and store calls",
      content:
        runs.length === 0
          ? null
          : html`${requestTable(runs)}${callsTable(runs)}${lockTable(runs)}${downloads(csvFile("counters", countersCsv(runs)))}`,
    },
    { id: "closed-forms", title: "Closed forms", content: closedFormTable(results) },
    { id: "settings", title: "Settings", content: html`${originsSection(results)}${scenarioSection(results)}` },
    { id: "evidence", title: "What the costs rest on", content: evidenceSection(results) },
    {
      id: "repeat",
      title: "To repeat",
      content: html`${repeatSection(results)}${environmentTable(results)}${generatorTable(results)}${downloads(wholeResults(results))}`,
    },
    { id: "warnings", title: "Warnings", content: warnings },
  ];
  return sections;
}

/** As `sessionlab report` reads them. */
function wholeResults(results: readonly RunResult[]): Download {
  const text = results.length === 1 ? stringifyResult(results[0]!) : `[${results.map(stringifyResult).join(",")}]\n`;
  return { name: results.length === 1 ? "result.json" : "results.json", label: "the results, whole (JSON)", text };
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
  const seeds = [...new Set(results.map((result) => result.seed))];
  const title = names.join(" · ");
  const versions = [...new Set(results.map((result) => result.environment.sessionlab))].join(", ");
  return pageShell({
    title,
    kind: "sessionlab report",
    verdict: worstVerdict(results),
    opening: html`${verdictList(results)}${descriptions.map((text) => html`<p class="lead" style="margin-top:14px">${text}</p>`)}
<p class="soft">${countRuns(results)}; seed ${seeds.join(", ")}.</p>`,
    sections,
    madeBy: `sessionlab ${versions}`,
  });
}
