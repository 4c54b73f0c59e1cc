// A plan that lies in a file, rendered again: what `sessionlab report` does with a plan.json.

import path from "node:path";
import { InputError } from "../../config/problem.ts";
import type { Plan } from "../../metrics/plan/plan.ts";
import { planMarkdown } from "../../reports/plan/markdown.ts";
import { isPlan, parsePlan, stringifyPlan } from "../../reports/plan/plan-file.ts";
import { renderPlan } from "../../reports/plan/terminal.ts";
import type { ReportFile } from "../../reports/report-file.ts";
import { RUN_INVALID, TARGET_MISSED } from "../exit-codes.ts";
import { readInput } from "../load-scenario.ts";
import { terminal } from "../terminal.ts";
import { writeFiles } from "../write-report.ts";

interface ReportOptions {
  readonly out?: string;
  readonly format?: string;
  readonly json?: boolean;
}

/** Characters to a line of a plan that goes to a file. */
const TEXT_COLUMNS = 120;
const formats = ["html", "terminal", "text", "markdown", "json"];

/** The plan, where the only file named says of itself that it is one; null for anything else. @throws InputError for a broken plan. */
export async function planAmong(files: readonly string[]): Promise<Plan | null> {
  for (const file of files) {
    const text = await textOf(file);
    if (text === null || !saysPlan(text)) continue;
    if (files.length === 1) return parsePlan(text, file);
    const given = `a plan among ${files.length} files`;
    const expected = "results, or one plan alone";
    throw new InputError("Cannot report", [{ at: file, given, expected, mend: "name the plan by itself" }]);
  }
  return null;
}

/** null for what cannot be read: whoever reads the results says so, of all files at once. */
async function textOf(file: string): Promise<string | null> {
  try {
    return await readInput(file, `Cannot read result "${file}"`);
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

function saysPlan(text: string): boolean {
  // A result of many megabytes need not be parsed twice: what it is stands in its first lines.
  if (!/"schema"\s*:\s*"sessionlab\.plan\//.test(text.slice(0, 4096))) return false;
  try {
    return isPlan(JSON.parse(text.replace(/^\uFEFF/, "")));
  } catch {
    return false;
  }
}

/** As for results: on the terminal and as a page beside the file, or in the format asked for. */
export async function reportPlan(plan: Plan, file: string, { out, format, json }: ReportOptions): Promise<void> {
  const asked = json === true ? "json" : format;
  if (asked !== undefined && !formats.includes(asked)) {
    const expected = `of a plan ${formats.join(", ")}`;
    throw new InputError("Cannot report", [{ at: "--format", given: asked, expected, mend: "choose one of them" }]);
  }
  process.exitCode = exitCode(plan);
  if (asked === "html") return write([await page(plan)], out ?? path.dirname(file));
  if (asked === undefined || asked === "terminal") process.stdout.write(`${renderPlan(plan, terminal())}\n`);
  if (asked === undefined) return write([await page(plan)], out ?? path.dirname(file));
  if (asked === "terminal") return;
  const made = textFile(plan, asked);
  if (out === undefined) process.stdout.write(made.text);
  else await write([made], out);
}

function textFile(plan: Plan, format: string): ReportFile {
  if (format === "json") return { name: "plan.json", text: stringifyPlan(plan) };
  if (format === "markdown") return { name: "plan.md", text: planMarkdown(plan) };
  return { name: "plan.txt", text: renderPlan(plan, { color: false, columns: TEXT_COLUMNS }) };
}

async function page(plan: Plan): Promise<ReportFile> {
  // Charts take half of the time that a command needs to start.
  const { planPage } = await import("../../reports/plan/html.ts");
  return { name: "plan.html", text: await planPage(plan) };
}

async function write(files: readonly ReportFile[], out: string): Promise<void> {
  const paths = await writeFiles(files, out);
  process.stdout.write(paths.map((one) => `${one}\n`).join(""));
}

function exitCode({ complete, recommendation }: Plan): number {
  if (!complete) return RUN_INVALID;
  return recommendation === null ? TARGET_MISSED : 0;
}
