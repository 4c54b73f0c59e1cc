// Every format a report is written in, by name: what it is for, and the files that it makes of some results.

import type { RunResult } from "../metrics/run-result.ts";
import { hdrLogs, percentileDistributions } from "./hdr-log.ts";
import { renderJunit } from "./junit.ts";
import { renderMarkdown } from "./markdown.ts";
import { renderOtlp } from "./otlp.ts";
import { renderPrometheus } from "./prometheus.ts";
import type { ReportFile } from "./report-file.ts";
import { studyCubes } from "./studies/study-cube.ts";
import { probesCsv, studyCsv } from "./studies/study-tables.ts";
import { renderTerminal } from "./terminal.ts";
import { renderTimeSeriesCsv } from "./time-series-csv.ts";

/** Formats of plain text; HTML, which needs a page put together first, is made by html/page.ts. */
export const textFormats = ["text", "markdown", "csv", "hlog", "hgrm", "junit", "prometheus", "otlp", "json"] as const;
export type TextFormat = (typeof textFormats)[number];

/** Characters to a line of a summary that goes to a file. */
const TEXT_COLUMNS = 120;

const one = (name: string, render: (results: readonly RunResult[]) => string) => (results: readonly RunResult[]) => [
  { name, text: render(results) },
];

const makers: Readonly<Record<TextFormat, (results: readonly RunResult[]) => readonly ReportFile[]>> = {
  text: one("report.txt", (results) => renderTerminal(results, { color: false, columns: TEXT_COLUMNS })),
  markdown: one("report.md", renderMarkdown),
  csv: tables,
  hlog: hdrLogs,
  hgrm: percentileDistributions,
  junit: one("junit.xml", renderJunit),
  prometheus: one("sessionlab.prom", renderPrometheus),
  otlp: one("otlp.json", renderOtlp),
  json: one("results.json", (results) => `${JSON.stringify(results)}\n`),
};

/** The time series of the runs, and beside it what experiments found, which have no series: "memory.csv". */
function tables(results: readonly RunResult[]): readonly ReportFile[] {
  const runs = results.filter((result) => result.study === null);
  const cubes = studyCubes(results);
  return [
    ...(runs.length === 0 ? [] : [{ name: "series.csv", text: renderTimeSeriesCsv(runs) }]),
    ...cubes.map((cube) => ({ name: `${cube.kind}.csv`, text: studyCsv(cube) })),
    ...(cubes.some((cube) => cube.kind === "slo") ? [{ name: "slo-probes.csv", text: probesCsv(results) }] : []),
  ];
}

/** Most formats make one file of all results; csv one a kind of experiment, hlog one a result, hgrm one a histogram, and none where there are no latencies. */
export function reportFiles(format: TextFormat, results: readonly RunResult[]): readonly ReportFile[] {
  return makers[format](results);
}
