// A command that makes one side ready to run: its progress is told, and its failure is told with what it printed last.

import { InputError } from "../../config/problem.ts";
import { type Program, runProgram } from "./guarded-process.ts";

export interface Preparation {
  /** Of the side: "HEAD~1". */
  readonly name: string;
  readonly signal: AbortSignal;
  readonly env: NodeJS.ProcessEnv;
  /** What the user says builds it; null: its own build, if it has one. */
  readonly build: string | null;
  readonly tell: (note: string) => void;
}

interface Step extends Pick<Program, "file" | "args" | "cwd"> {
  /** "the build" */
  readonly what: string;
  /** As one would type it. */
  readonly shown: string;
  readonly limitMs: number;
  readonly mend: string;
}

const SAID_LINES = 12;
const LINE_MAX = 60;

/** Returns early when it is interrupted. @throws InputError with the last lines that a failed command printed. */
export async function runStep(step: Step, { name, signal, env, tell }: Preparation): Promise<void> {
  const { what, file, args, cwd, shown, limitMs, mend } = step;
  const refuse = (given: string) =>
    new InputError(`Cannot prepare ${name}`, [{ at: what, given, expected: `"${shown}" to succeed`, mend }]);
  tell(`${name}: ${shown}`);
  const onLine = (line: string) => tell(`${name}: ${shown}: ${line.slice(0, LINE_MAX)}`);
  const ended = await runProgram({ file, args, cwd, env }, { signal, limitMs, onLine }).catch(
    (error: NodeJS.ErrnoException) => {
      throw error.code === "ENOENT" ? refuse(`impossible: there is no ${file} on this machine`) : error;
    },
  );
  const { exitCode, said, endedBy } = ended;
  if (exitCode === 0 || endedBy === "abort") return;
  const last = said.trim().split("\n").slice(-SAID_LINES).join("\n");
  const how = endedBy === "time limit" ? `ended after ${limitMs / 60_000} minutes` : `exit code ${exitCode ?? "none"}`;
  throw refuse(`a failure (${how}):\n${last}\n`);
}
