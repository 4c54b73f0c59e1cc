// A history read whole and checked: every entry sound, no run in it twice. What is wrong is told with its file, all of it at once, and
// nothing is changed: a history with one entry left out in silence would give another answer.

import { InputError, type Problem } from "../../config/problem.ts";
import type { HistoryEntry } from "../../metrics/history/history.ts";
import { identityOf } from "../../metrics/history/series-of.ts";
import { parseEntry } from "../../reports/history/entry-file.ts";
import type { HistoryFiles, HistoryStore } from "./history-store.ts";

export interface PlacedEntry {
  readonly entry: HistoryEntry;
  /** Where the user finds it. */
  readonly place: string;
}

/** More problems than these have one cause. */
const PROBLEMS_MAX = 20;

/** @throws InputError naming all files that are no entries, and all runs that are there twice. */
export function readEntries(store: HistoryStore, { files }: HistoryFiles): readonly PlacedEntry[] {
  const problems: Problem[] = [];
  const entries: PlacedEntry[] = [];
  const seen = new Map<string, string>();
  for (const { name, content } of files) {
    const place = store.placeOf(name);
    const read = parseEntry(content, place);
    problems.push(...read.problems);
    if (read.entry === null) continue;
    const identity = identityOf(read.entry);
    const first = seen.get(identity);
    if (first !== undefined) problems.push(twice(place, first));
    seen.set(identity, first ?? place);
    entries.push({ entry: read.entry, place });
  }
  if (problems.length > 0) throw new InputError(`Cannot read the history in ${store.name}`, shortened(problems));
  return entries;
}

function twice(place: string, first: string): Problem {
  return {
    at: "the run",
    given: `the same as that of ${first}`,
    expected: "each run once",
    mend: "move one of the two out of the history; nothing was changed",
    file: place,
  };
}

export function shortened(problems: readonly Problem[]): readonly Problem[] {
  if (problems.length <= PROBLEMS_MAX) return problems;
  const rest = {
    at: "the rest",
    given: `${problems.length - PROBLEMS_MAX} more of the kind`,
    expected: "none",
    mend: "mend these first",
  };
  return [...problems.slice(0, PROBLEMS_MAX), rest];
}
