// Results and their report as files in one folder. Each file is written whole under another name and then renamed, so that nobody
// ever finds half a report, whatever interrupts us.

import { access, constants, mkdir, mkdtemp, rename, rm, rmdir, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { InputError } from "../config/problem.ts";
import type { RunResult } from "../metrics/run-result.ts";
import { type ReportFile, runNames } from "../reports/report-file.ts";
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
  const names = results.length === 1 ? ["result.json"] : runNames(results).map((name) => `${name}.json`);
  const jsonPaths = names.map((name) => path.join(outDir, name));
  await makeFolder(outDir);
  for (const [index, result] of results.entries()) await writeWhole(jsonPaths[index]!, stringifyResult(result));
  return { htmlPath: await writeHtml(results, outDir), jsonPaths };
}

/** Where `out` says, if it does: writes the report and prints the path of its page, on stderr where stdout is for JSON. */
export async function writeAsked(
  results: readonly RunResult[],
  { out, json }: { readonly out?: string; readonly json?: boolean },
): Promise<void> {
  if (out === undefined) return;
  const { htmlPath } = await writeReport(results, out);
  (json === true ? process.stderr : process.stdout).write(`${htmlPath}\n`);
}

/** Writes report.html alone, for results that are files already, and gives its path. */
export async function writeHtml(results: readonly RunResult[], outDir: string): Promise<string> {
  const [htmlPath] = await writeInto(outDir, [await htmlFile(results)]);
  return htmlPath!;
}

export async function htmlFile(results: readonly RunResult[]): Promise<ReportFile> {
  // Charts take half of the time that a command needs to start, and most commands draw none.
  const { renderHtml } = await import("../reports/html/page.ts");
  return { name: "report.html", text: await renderHtml(results) };
}

/**
 * Writes reports where `--out` says: into a folder, one that exists or a name without an ending, or, one report alone, to a file.
 * @returns the paths, in order.
 * @throws InputError when the place cannot be written to, or is a file and there are several reports.
 */
export async function writeFiles(files: readonly ReportFile[], out: string): Promise<readonly string[]> {
  if (await meansFolder(out)) return writeInto(out, files);
  if (files.length === 1) return writeInto(path.dirname(out), [{ ...files[0]!, name: path.basename(out) }]);
  const given = `the name of one file, "${out}"`;
  const expected = `a folder for ${files.length} files: ${files.map((file) => file.name).join(", ")}`;
  throw new InputError("Cannot write the report", [{ at: "--out", given, expected, mend: "name a folder" }]);
}

async function writeInto(folder: string, files: readonly ReportFile[]): Promise<readonly string[]> {
  await makeFolder(folder);
  const paths = files.map((file) => path.join(folder, file.name));
  for (const [index, file] of files.entries()) await writeWhole(paths[index]!, file.text);
  return paths;
}

/** "compared/", "compared" and "1.2" are folders; "compared.csv" is a file unless a folder has that name. */
async function meansFolder(out: string): Promise<boolean> {
  const found = await stat(out).catch(() => null);
  if (found !== null) return found.isDirectory();
  return /[\\/]$/.test(out) || !/^\.[a-z]\w*$/i.test(path.extname(out));
}

/**
 * Before a long run: that its report will have a place. Leaves nothing behind.
 * @throws InputError when the folder, or the nearest one above it that exists, cannot be written to.
 */
export async function expectWritableFolder(outDir: string): Promise<void> {
  let nearest = path.resolve(outDir);
  try {
    while (!(await exists(nearest))) nearest = path.dirname(nearest);
    if (!(await stat(nearest)).isDirectory()) throw Object.assign(new Error("a file"), { code: "ENOTDIR" });
    await access(nearest, constants.W_OK | constants.X_OK);
    // What permissions allow, the file system may still not do, as /proc does not.
    await rmdir(await mkdtemp(path.join(nearest, ".sessionlab-")));
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
export async function makeWithParents(folder: string): Promise<void> {
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
