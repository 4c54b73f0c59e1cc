// Asks `sessionlab bench` for a comparison as anybody would, in a process of its own, and reads its answer.

import { runProgram } from "../bench/against/guarded-process.ts";
import { INPUT_WRONG } from "../cli/exit-codes.ts";
import { InputError } from "../config/problem.ts";
import type { Comparison } from "../metrics/compare/comparison.ts";
import { parseComparison } from "../reports/comparison/comparison-file.ts";

export interface Asked {
  /** Of bench: the scenario, --against and all that says what is run. */
  readonly args: readonly string[];
  /** A folder with this program. */
  readonly folder: string;
  readonly limitMs: number;
  readonly signal: AbortSignal;
  /** Called twice a second. */
  readonly tell: (seconds: number) => void;
}

export interface Answered {
  readonly comparison: Comparison;
  /** That it took, all in all. */
  readonly seconds: number;
}

const TELL_EVERY_MS = 500;

/** @returns null when it was interrupted. @throws InputError with what bench says of its input, Error when it gives no answer. */
export async function askBench({ args, folder, limitMs, signal, tell }: Asked): Promise<Answered | null> {
  const words = ["cli/main.ts", "bench", ...args, "--json", "--quiet"];
  const beganMs = performance.now();
  const seconds = () => (performance.now() - beganMs) / 1000;
  const ticking = setInterval(() => tell(seconds()), TELL_EVERY_MS);
  try {
    const program = { file: process.execPath, args: words, cwd: folder, env: process.env };
    const { exitCode, stdout, said, endedBy } = await runProgram(program, { signal, limitMs });
    if (signal.aborted || endedBy === "abort") return null;
    const shown = `sessionlab ${words.slice(1).join(" ")}`;
    if (exitCode === INPUT_WRONG) {
      const given = `refused: ${said.trim().replaceAll(/\s+/g, " ")}`;
      throw new InputError("Cannot compare", [{ at: shown, given, expected: "a comparison", mend: "see to it" }]);
    }
    if (stdout.trim() === "") throw new Error(`${shown} gave no answer (${exitCode ?? endedBy}): ${said}`);
    return { comparison: parseComparison(stdout, "the comparison"), seconds: seconds() };
  } finally {
    clearInterval(ticking);
  }
}
