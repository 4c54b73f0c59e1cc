// Ended points as lines of a file that only grows, so that a sweep can be stopped at any moment and go on later. A point is known by what
// decides its outcome: the scenario and the version of this program. A line that was half written, or is none of ours, is as if it were not
// there. Two sweeps may share a folder: they share the points that are the same.

import { createHash } from "node:crypto";
import { appendFile, readFile } from "node:fs/promises";
import path from "node:path";
import { maskStore } from "../../config/mask-settings.ts";
import { InputError } from "../../config/problem.ts";
import type { Scenario } from "../../config/scenario.ts";
import type { PointOutcome } from "../../metrics/sweep/point.ts";
import { packageVersion } from "../package-root.ts";
import { makeWithParents } from "../write-report.ts";

export interface PointJournal {
  /** Where the lines are. */
  readonly file: string;
  /** By key; those of this version. */
  readonly known: ReadonlyMap<string, PointOutcome>;
  /** Before a long run: makes the place. @throws InputError where there can be none. */
  prepare(): Promise<void>;
  /** Keeps a point at once. @throws InputError where the disk is full or the file cannot be written to. */
  keep(key: string, outcome: PointOutcome): Promise<void>;
}

interface Line {
  readonly key: string;
  readonly outcome: PointOutcome;
}

export const JOURNAL = "points.jsonl";
const KEY_DIGITS = 32;

/** @param folder made once there is something to keep. @throws InputError where there is a file that cannot be read. */
export async function openPointJournal(folder: string): Promise<PointJournal> {
  const file = path.join(folder, JOURNAL);
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw unusable(file, error, "read");
  });
  const known = new Map<string, PointOutcome>();
  for (const line of text.split("\n")) {
    const read = lineOf(line);
    if (read !== null) known.set(read.key, read.outcome);
  }
  // What a stopped run left half written must not swallow the next line.
  let before = text === "" || text.endsWith("\n") ? "" : "\n";
  const append = async (lines: string) => {
    try {
      await makeWithParents(path.resolve(folder));
      await appendFile(file, lines);
    } catch (error) {
      throw unusable(file, error as NodeJS.ErrnoException, "written to");
    }
  };
  return {
    file,
    known,
    prepare: () => append(""),
    keep(key, outcome) {
      const line = `${before}${JSON.stringify({ key, outcome })}\n`;
      before = "";
      return append(line);
    },
  };
}

/** What decides the outcome of a point: not its name, nor what is asked of its figures, nor where a real store would be. */
export function pointKey(scenario: Scenario): string {
  const { name: _name, description: _description, targets: _targets, store, ...rest } = maskStore(scenario);
  const { connections: _connections, ...decisive } = store;
  const text = JSON.stringify([packageVersion, { ...rest, store: decisive, partitions: store.connections.length }]);
  return createHash("sha256").update(text).digest("hex").slice(0, KEY_DIGITS);
}

function lineOf(text: string): Line | null {
  if (!text.endsWith("}")) return null;
  try {
    const line: unknown = JSON.parse(text);
    return isLine(line) ? line : null;
  } catch {
    return null;
  }
}

function isLine(line: unknown): line is Line {
  if (typeof line !== "object" || line === null || !("key" in line) || !("outcome" in line)) return false;
  const { key, outcome } = line;
  if (typeof key !== "string" || key.length !== KEY_DIGITS || typeof outcome !== "object" || outcome === null)
    return false;
  return (
    "replications" in outcome &&
    typeof outcome.replications === "number" &&
    "figures" in outcome &&
    typeof outcome.figures === "object" &&
    "findings" in outcome &&
    Array.isArray(outcome.findings)
  );
}

function unusable(file: string, error: NodeJS.ErrnoException, what: string): Error {
  if (error.code === undefined) return error;
  return new InputError("Cannot keep the points", [
    { at: "--out", given: `"${file}" (${error.code})`, expected: `a file that can be ${what}`, mend: "name another" },
  ]);
}
