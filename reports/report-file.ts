// A report before it is a file: its name and its text. Who writes it, and where, is the command line's business.

import type { RunResult } from "../metrics/run-result.ts";

export interface ReportFile {
  /** Without a folder. */
  readonly name: string;
  readonly text: string;
}

/** "inproc-simulated", one a result, fit for file names and never twice the same: a label that comes again gets a number. */
export function runNames(results: readonly RunResult[]): readonly string[] {
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
    return name;
  });
}
