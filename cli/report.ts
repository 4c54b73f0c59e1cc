// sessionlab report: results of earlier runs, rendered again and side by side, in the format that is asked for.

import path from "node:path";
import { Command, Option } from "commander";
import { InputError, type Problem } from "../config/problem.ts";
import type { RunResult } from "../metrics/run-result.ts";
import { reportFiles, type TextFormat, textFormats } from "../reports/formats.ts";
import type { ReportFile } from "../reports/report-file.ts";
import { parseResults } from "../reports/result-file.ts";
import { renderTerminal } from "../reports/terminal.ts";
import { isValidationText } from "../reports/validation/validation-file.ts";
import { missesTarget, RUN_INVALID, TARGET_MISSED } from "./exit-codes.ts";
import { readInput } from "./load-scenario.ts";
import { planAmong, reportPlan } from "./plan/report-plan.ts";
import { terminal } from "./terminal.ts";
import { reportValidation } from "./validate/report-validation.ts";
import { htmlFile, writeFiles, writeHtml } from "./write-report.ts";

const formats = ["html", "terminal", ...textFormats] as const;
type Format = (typeof formats)[number];

interface ReportOptions {
  readonly out?: string;
  readonly format?: Format;
  readonly json?: boolean;
}

export function reportCommand(): Command {
  return new Command("report")
    .description("render results again: several side by side, for people, spreadsheets, build servers and monitoring")
    .argument("<result.json...>", "results as simulate and bench write them, or a validation.json")
    .option(
      "--out <file-or-dir>",
      "a folder, or with --format and a name with an ending a file (default: html beside the first result, others printed)",
    )
    .addOption(new Option("--format <format>", "only this one; without it, terminal and html").choices(formats))
    .option("--json", "print the results as one JSON list; report.html is written only with --out or --format html")
    .addHelpText(
      "after",
      `
Formats:
  html        one page that needs no network         terminal, text  the summary, with colours or without
  markdown    a comment for a pull request           json            the results as one list
  csv         the time series of all results, RFC 4180; a column names the run, and Windows performance
              counters have their own names where they mean the same; of experiments, what they found, a file a kind
  hlog        HdrHistogram interval log, one file a result; tags response (a stretch of time a line),
              service, lockWait, startLag, of a lock experiment lockWait_at_8
  hgrm        HdrHistogram percentile distribution in ms, one file a histogram
  junit       JUnit XML, one case a target; an invalid run is an error
  prometheus  text exposition for the Pushgateway or the textfile collector
  otlp        OpenTelemetry metrics as JSON, to be posted to /v1/metrics

Of a plan: html, terminal, text, markdown and json.
The paths of files are printed last. Exit codes speak of the results, as when they were made:
0 targets met, 1 a target was missed, 2 a file is no result, 3 a run is invalid.

Examples:
  sessionlab report out/result.json
  sessionlab report before/result.json after/result.json --out compared
  sessionlab report out/*.json --format terminal
  sessionlab report out/*.json --format csv --out series.csv
  sessionlab report out/*.json --format hlog --out latencies/
  sessionlab report out/*.json --format markdown | gh pr comment --body-file -
  sessionlab report out/*.json --format junit --out build/junit.xml`,
    )
    .action(async (files: string[], options: ReportOptions) => {
      const only = files.length === 1 ? await readInput(files[0]!, `Cannot read result "${files[0]}"`) : "";
      if (isValidationText(only)) {
        process.exitCode = await reportValidation(only, files[0]!, options);
        return;
      }
      const plan = await planAmong(files);
      if (plan !== null) return reportPlan(plan, files[0]!, options);
      const results = await readResults(files);
      const { format, out } = options;
      if (format === undefined || format === "terminal" || (options.json === true && format !== "json")) {
        await reportAsAlways(results, files[0]!, options);
      } else if (format === "html") {
        await write([await htmlFile(results)], out ?? path.dirname(files[0]!));
      } else {
        await reportText(reportFiles(format, results), format, out);
      }
      process.exitCode = exitCode(results);
    });
}

/** For people: on the terminal, or as JSON, and as a page. */
async function reportAsAlways(results: readonly RunResult[], firstFile: string, options: ReportOptions): Promise<void> {
  const { format, out } = options;
  const json = options.json === true;
  if (json && format !== undefined && format !== "html" && format !== "terminal") {
    const expected = `--json or --format ${format}, not both`;
    throw new InputError("Cannot report", [{ at: "--json", given: "true", expected, mend: "leave one out" }]);
  }
  process.stdout.write(json ? `${JSON.stringify(results)}\n` : `${renderTerminal(results, terminal())}\n`);
  if (format === "html" || (format === undefined && (!json || out !== undefined))) {
    const htmlPath = await writeHtml(results, out ?? path.dirname(firstFile));
    (json ? process.stderr : process.stdout).write(`${htmlPath}\n`);
  }
}

async function reportText(files: readonly ReportFile[], format: TextFormat, out: string | undefined): Promise<void> {
  if (files.length === 0) {
    const expected = "results of requests (fidelity: requests) that have latencies";
    throw new InputError("Cannot report", [
      { at: `--format ${format}`, given: "asked for results without latencies", expected, mend: "name other results" },
    ]);
  }
  if (out !== undefined) return write(files, out);
  if (files.length === 1) {
    process.stdout.write(files[0]!.text);
    return;
  }
  const expected = `a folder for ${files.length} files: ${files.map((file) => file.name).join(", ")}`;
  throw new InputError("Cannot report", [{ at: "--out", given: "", expected, mend: "name a folder" }]);
}

async function write(files: readonly ReportFile[], out: string): Promise<void> {
  const paths = await writeFiles(files, out);
  process.stdout.write(paths.map((file) => `${file}\n`).join(""));
}

/** All files are read before any is complained about. */
async function readResults(files: readonly string[]): Promise<readonly RunResult[]> {
  const results: RunResult[] = [];
  const problems: Problem[] = [];
  for (const file of files) {
    try {
      results.push(...parseResults(await readInput(file, `Cannot read result "${file}"`), file));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new InputError("Cannot report", problems);
  return results;
}

function exitCode(results: readonly RunResult[]): number {
  if (results.some((result) => result.audit.verdict === "invalid")) return RUN_INVALID;
  return missesTarget(results) ? TARGET_MISSED : 0;
}
