// sessionlab report: results of earlier runs, rendered again and side by side.

import path from "node:path";
import { Command, Option } from "commander";
import { InputError, type Problem } from "../config/problem.ts";
import type { RunResult } from "../metrics/run-result.ts";
import { parseResults } from "../reports/result-file.ts";
import { renderTerminal } from "../reports/terminal.ts";
import { readInput } from "./load-scenario.ts";
import { terminal } from "./terminal.ts";
import { writeHtml } from "./write-report.ts";

interface ReportOptions {
  readonly out?: string;
  readonly format?: "terminal" | "html";
  readonly json?: boolean;
}

const TARGET_MISSED = 1;
const RUN_INVALID = 3;

export function reportCommand(): Command {
  return new Command("report")
    .description("render results again: several side by side, on the terminal and as one HTML file")
    .argument("<result.json...>", "results as simulate and bench write them")
    .option("--out <dir>", "where report.html goes (default: beside the first result)")
    .addOption(new Option("--format <format>", "only this one; without it, both").choices(["terminal", "html"]))
    .option("--json", "print the results as one JSON list; report.html is written only with --out or --format html")
    .addHelpText(
      "after",
      `
The path of report.html is printed last. Exit codes speak of the results, as when they were made:
0 targets met, 1 a target was missed, 2 a file is no result, 3 a run is invalid.

Examples:
  sessionlab report out/result.json
  sessionlab report before/result.json after/result.json --out compared
  sessionlab report out/*.json --format terminal`,
    )
    .action(async (files: string[], options: ReportOptions) => {
      const results = await readResults(files);
      const json = options.json === true;
      if (json) process.stdout.write(`${JSON.stringify(results)}\n`);
      else if (options.format !== "html") process.stdout.write(`${renderTerminal(results, terminal())}\n`);
      const wantsHtml =
        options.format === "html" || (options.format === undefined && (!json || options.out !== undefined));
      if (wantsHtml) {
        const htmlPath = await writeHtml(results, options.out ?? path.dirname(files[0]!));
        (json ? process.stderr : process.stdout).write(`${htmlPath}\n`);
      }
      process.exitCode = exitCode(results);
    });
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
  return results.some((result) => result.targets.some((target) => target.met === false)) ? TARGET_MISSED : 0;
}
