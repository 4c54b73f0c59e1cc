// Results and their report as files in one folder. Each file is written whole under another name and then renamed, so that nobody
// ever finds half a report, whatever interrupts us.

import { access, constants, mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { InputError } from "../config/problem.ts";
import type { RunResult } from "../metrics/run-result.ts";
import { renderHtml } from "../reports/html/page.ts";
import { stringifyResult } from "../reports/result-file.ts";

export interface WrittenReport {
  readonly htmlPath: string;
  /** One a result, in order. */
  readonly jsonPaths: readonly string[];
}

/**
 * Writes report.html and every result: `result.json` for one, `<label>.json` for several.
 * @param outDir made where it does not exist.
 * @throws InputError when the folder cannot be written to.
 */
export async function writeReport(results: readonly RunResult[], outDir: string): Promise<WrittenReport> {
  const names = results.length === 1 ? ["result.json"] : fileNames(results);
  const jsonPaths = names.map((name) => path.join(outDir, name));
  await makeFolder(outDir);
  for (const [index, result] of results.entries()) await writeWhole(jsonPaths[index]!, stringifyResult(result));
  return { htmlPath: await writeHtml(results, outDir), jsonPaths };
}

/** Writes report.html alone, for results that are files already, and gives its path. */
export async function writeHtml(results: readonly RunResult[], outDir: string): Promise<string> {
  const htmlPath = path.join(outDir, "report.html");
  const page = await renderHtml(results);
  await makeFolder(outDir);
  await writeWhole(htmlPath, page);
  return htmlPath;
}

/** "inproc-simulated.json"; a label that comes twice gets a number. */
function fileNames(results: readonly RunResult[]): readonly string[] {
  const taken = new Set<string>();
  return results.map(({ label }) => {
    const slug =
      label
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^-|-$/g, "")
        .slice(0, 80) || "result";
    let name = slug;
    for (let number = 2; taken.has(name); number++) name = `${slug}-${number}`;
    taken.add(name);
    return `${name}.json`;
  });
}

/**
 * Before a long run: that its report will have a place. Makes nothing.
 * @throws InputError when the folder, or the nearest one above it that exists, cannot be written to.
 */
export async function expectWritableFolder(outDir: string): Promise<void> {
  let nearest = path.resolve(outDir);
  try {
    while (!(await exists(nearest))) nearest = path.dirname(nearest);
    if (!(await stat(nearest)).isDirectory()) throw Object.assign(new Error("a file"), { code: "ENOTDIR" });
    await access(nearest, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw cannotWrite(outDir, error as NodeJS.ErrnoException);
  }
}

async function exists(folder: string): Promise<boolean> {
  try {
    await stat(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

async function makeFolder(outDir: string): Promise<void> {
  try {
    await makeWithParents(path.resolve(outDir));
  } catch (error) {
    throw cannotWrite(outDir, error as NodeJS.ErrnoException);
  }
}

/** Not mkdir's own `recursive`: it tries for ever where a folder exists but takes no new ones, as /proc does. */
async function makeWithParents(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST" && (await stat(folder)).isDirectory()) return;
    if (code !== "ENOENT" || path.dirname(folder) === folder) throw error;
    await makeWithParents(path.dirname(folder));
    await mkdir(folder);
  }
}

async function writeWhole(file: string, text: string): Promise<void> {
  const unfinished = `${file}.${process.pid}.tmp`;
  try {
    await writeFile(unfinished, text);
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw cannotWrite(file, error as NodeJS.ErrnoException);
  }
}

function cannotWrite(file: string, error: NodeJS.ErrnoException): Error {
  if (error.code === undefined) return error;
  const taken = error.code === "EEXIST" || error.code === "ENOTDIR";
  const given = taken ? "the name of a file, or below one" : `not writable (${error.code})`;
  const problem = { at: "--out", given, expected: "a folder that can be written to", mend: "name another", file };
  return new InputError("Cannot write the report", [problem]);
}
