// From what a user named to the runs of two sides: a result file, several, or folders of them; and never one run twice.

import { readdir, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { InputError, type Problem } from "../../config/problem.ts";
import type { RunResult } from "../../metrics/run-result.ts";
import { isComparison } from "../../reports/comparison/comparison-file.ts";
import { parseResults } from "../../reports/result-file.ts";
import { readInput } from "../load-scenario.ts";

export interface Side {
  /** As the user named it: "base.json", "before/", "a1.json and 2 more". */
  readonly name: string;
  /** In the order they ran. */
  readonly runs: readonly RunResult[];
}

interface ReadFile {
  readonly file: string;
  readonly text: string;
  readonly runs: readonly RunResult[];
}

/** @throws InputError with every mistake of all files, and where a run is there twice. */
export async function readSides(
  base: readonly string[],
  candidate: readonly string[],
): Promise<{ readonly base: Side; readonly candidate: Side }> {
  const problems: Problem[] = [];
  const read = async (named: readonly string[]) => {
    const files: ReadFile[] = [];
    for (const one of named) files.push(...(await collect(problems, () => readNamed(one))));
    return files;
  };
  const [ofBase, ofCandidate] = [await read(base), await read(candidate)];
  problems.push(...(await twice([...ofBase, ...ofCandidate])));
  if (problems.length > 0) throw new InputError("Cannot compare", problems);
  return { base: sideOf(base, ofBase), candidate: sideOf(candidate, ofCandidate) };
}

function sideOf(named: readonly string[], files: readonly ReadFile[]): Side {
  const others = named.length - 1;
  const name = others === 0 ? named[0]! : `${named[0]} and ${others} more`;
  const startMs = ({ environment }: RunResult) => Date.parse(environment.startedAt);
  return { name, runs: files.flatMap(({ runs }) => runs).sort((a, b) => startMs(a) - startMs(b)) };
}

/** Runs one reader and keeps its mistakes instead of stopping at them. */
async function collect(problems: Problem[], read: () => Promise<readonly ReadFile[]>): Promise<readonly ReadFile[]> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    problems.push(...error.problems);
    return [];
  }
}

/** A file, or all results that lie in a folder, not below it. */
async function readNamed(named: string): Promise<readonly ReadFile[]> {
  const found = await stat(named).catch(() => null);
  if (found === null || !found.isDirectory()) return [await readOne(named)];
  const names = (await readdir(named)).filter((name) => name.endsWith(".json")).sort();
  const problems: Problem[] = [];
  const files: ReadFile[] = [];
  for (const name of names) {
    const file = path.join(named, name);
    if (!isComparison(await looselyRead(file)))
      files.push(...(await collect(problems, async () => [await readOne(file)])));
  }
  if (files.length === 0 && problems.length === 0) {
    const expected = "result files, *.json";
    problems.push({ at: "the folder", given: "without any result", expected, mend: "name another", file: named });
  }
  if (problems.length > 0) throw new InputError(`Cannot read results in "${named}"`, problems);
  return files;
}

async function readOne(file: string): Promise<ReadFile> {
  const text = await readInput(file, `Cannot read result "${file}"`);
  return { file, text, runs: parseResults(text, file) };
}

/** A comparison that lies among the results it was made of is none of them. */
async function looselyRead(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readInput(file, "")) as unknown;
  } catch {
    return null;
  }
}

/** One file under two names, and copies: a run that is held against itself, or counted twice, proves nothing. */
async function twice(files: readonly ReadFile[]): Promise<readonly Problem[]> {
  const firstByPlace = new Map<string, string>();
  const firstByText = new Map<string, string>();
  const problems: Problem[] = [];
  for (const { file, text } of files) {
    const place = await realpath(file);
    const first = firstByPlace.get(place) ?? firstByText.get(text);
    firstByPlace.set(place, first ?? file);
    firstByText.set(text, first ?? file);
    if (first === undefined) continue;
    const given = firstByPlace.get(place) === first && first === file ? "named twice" : `the same run as ${first}`;
    problems.push({ at: "the file", given, expected: "each run once", mend: "leave it out, or run again", file });
  }
  return problems;
}
