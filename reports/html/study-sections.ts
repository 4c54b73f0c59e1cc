// What the experiments found, a section a kind: first the picture, then the tables with the best marked, then the data to take away.

import type { RunResult } from "../../metrics/run-result.ts";
import type { Study } from "../../metrics/study.ts";
import { STANDING_NOTE } from "../best.ts";
import { type CsvValue, csvText } from "../csv.ts";
import { faultsCsv, faultTable } from "../fault-table.ts";
import { runNames } from "../report-file.ts";
import { type StudyCube, studiesOf, studyCubes } from "../studies/study-cube.ts";
import { probesCsv, probeTables, type StudyTable, studyCsv, studyTables } from "../studies/study-tables.ts";
import { faultCharts, timelinesCsv } from "./charts/fault-chart.ts";
import { lockCharts } from "./charts/lock-stairs.ts";
import { memoryCharts } from "./charts/memory-lines.ts";
import type { Draughtsman } from "./charts/plot-svg.ts";
import { sloCharts } from "./charts/slo-search.ts";
import { engineChart, microCharts, saturationChart } from "./charts/study-dots.ts";
import { csvFile, type Download, downloads } from "./download.ts";
import { html, type Markup } from "./markup.ts";
import { withStanding } from "./standing.ts";
import { folded, htmlTable } from "./table.ts";

export interface StudySection {
  readonly id: string;
  readonly title: string;
  readonly content: Markup;
}

const titles: Readonly<Record<Study["kind"], string>> = {
  saturation: "Saturation",
  slo: "Highest rate within the objectives",
  micro: "Single provider calls",
  memory: "Memory of a session",
  locks: "Locks: many requests of one session",
  engine: "The engine beside others",
};

const charts: Readonly<
  Record<Study["kind"], (draughtsman: Draughtsman, results: readonly RunResult[]) => Markup | null>
> = {
  saturation: saturationChart,
  slo: sloCharts,
  micro: microCharts,
  memory: memoryCharts,
  locks: lockCharts,
  engine: engineChart,
};

/** One for each kind of experiment among the results. */
export function studySections(draughtsman: Draughtsman, results: readonly RunResult[]): readonly StudySection[] {
  return studyCubes(results).map((cube) => ({
    id: `study-${cube.kind}`,
    title: titles[cube.kind],
    content: html`${charts[cube.kind](draughtsman, results)}${tables(cube, results)}${downloads(...files(cube, results))}`,
  }));
}

function tables(cube: StudyCube, results: readonly RunResult[]): Markup {
  const all = [...studyTables(cube), ...(cube.kind === "slo" ? probeTables(results) : [])];
  const shown = all.filter((table) => table.main);
  const others = all.filter((table) => !table.main);
  const marked = all.some(({ rows }) => rows.some((row) => row.standings.some((standing) => standing !== null)));
  return html`${shown.map(studyTable)}${others.length === 0 ? null : folded(cube.kind === "slo" ? "Every rate that was tried" : "The other measures", html`${others.map(studyTable)}`)}${marked ? html`<p class="soft">${STANDING_NOTE}</p>` : null}`;
}

function studyTable({ caption, heads, rows }: StudyTable): Markup {
  return htmlTable({
    caption,
    heads,
    rows: rows.map(({ head, cells, standings }) => ({
      head: head.replace(/(\d) (?=(?:bytes|[KMG]iB)\b)/g, "$1\u00a0"),
      cells: cells.map((cell, index) => withStanding(cell, standings[index]!)),
    })),
  });
}

function files(cube: StudyCube, results: readonly RunResult[]): readonly Download[] {
  const also: Readonly<Record<Study["kind"], readonly Download[]>> = {
    saturation: [{ name: "saturation-rounds.csv", label: "rounds (CSV)", text: roundsCsv(results) }],
    slo: [{ name: "slo-probes.csv", label: "every rate tried (CSV)", text: probesCsv(results) }],
    micro: [],
    memory: [{ name: "memory-readings.csv", label: "readings (CSV)", text: readingsCsv(results) }],
    locks: [],
    engine: [{ name: "engine-rounds.csv", label: "rounds (CSV)", text: engineRoundsCsv(results) }],
  };
  return [csvFile(cube.kind, studyCsv(cube)), ...also[cube.kind]];
}

function roundsCsv(results: readonly RunResult[]): string {
  const names = runNames(results);
  const rows = studiesOf(results, "saturation").flatMap(({ index, study }) =>
    study.roundsRequestsPerSecond.map((rate, round): readonly CsvValue[] => [names[index]!, round + 1, rate]),
  );
  return csvText([["run", "round", "requestsPerSecond"], ...rows]);
}

function engineRoundsCsv(results: readonly RunResult[]): string {
  const names = runNames(results);
  const rows = studiesOf(results, "engine").flatMap(({ index, study }) =>
    study.cases.flatMap(({ name, roundsEventsPerSecond }) =>
      roundsEventsPerSecond.map((rate, round): readonly CsvValue[] => [names[index]!, name, round + 1, rate]),
    ),
  );
  return csvText([["run", "case", "round", "eventsPerSecond"], ...rows]);
}

function readingsCsv(results: readonly RunResult[]): string {
  const names = runNames(results);
  const rows = studiesOf(results, "memory").flatMap(({ index, study }) =>
    study.measures.flatMap(({ name, lines }) =>
      lines.flatMap(({ stateBytes, points }) =>
        points.map(({ sessions, bytes }): readonly CsvValue[] => [names[index]!, name, stateBytes, sessions, bytes]),
      ),
    ),
  );
  return csvText([["run", "measure", "stateBytes", "sessions", "bytes"], ...rows]);
}

/** null where nothing struck. */
export function faultSection(draughtsman: Draughtsman, results: readonly RunResult[]): Markup | null {
  const table = faultTable(results);
  if (table === null) return null;
  return html`${faultCharts(draughtsman, results)}${studyTable(table)}${downloads(csvFile("faults", faultsCsv(results)), { name: "fault-timelines.csv", label: "timelines (CSV)", text: timelinesCsv(results) })}`;
}
