// A copy of this program in a temporary folder, with a git history of its own, to be changed and committed to at will.

import { appendFileSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { runProgram } from "../../bench/against/guarded-process.ts";
import { packageRoot } from "../../cli/package-root.ts";
import { InputError } from "../../config/problem.ts";

export interface Clone {
  readonly folder: string;
  read(file: string): string;
  write(file: string, text: string): void;
  /** All that was written, on top of what this program's last commit has. */
  commit(message: string): Promise<void>;
  /** A second call does nothing. */
  close(): void;
}

const GIT_LIMIT_MS = 60_000;

/** Of the last commit of the repository that this program lies in. @throws InputError where it lies in none. */
export async function openClone(signal: AbortSignal): Promise<Clone> {
  const place = realpathSync(mkdtempSync(path.join(tmpdir(), "sessionlab-slowdown-")));
  const folder = path.join(place, "sessionlab");
  const close = () => {
    process.off("exit", close);
    rmSync(place, { recursive: true, force: true });
  };
  process.once("exit", close);
  try {
    await git(["clone", "--quiet", "--shared", packageRoot, folder], place, signal);
    symlinkSync(path.join(packageRoot, "node_modules"), path.join(folder, "node_modules"), "dir");
    appendFileSync(path.join(folder, ".git", "info", "exclude"), "node_modules\n");
  } catch (error) {
    close();
    throw error;
  }
  return {
    folder,
    close,
    read: (file) => readFileSync(path.join(folder, file), "utf8"),
    write: (file, text) => writeFileSync(path.join(folder, file), text),
    async commit(message) {
      const author = [
        "-c",
        "user.name=sessionlab",
        "-c",
        "user.email=sessionlab@localhost",
        "-c",
        "commit.gpgsign=false",
      ];
      await git([...author, "commit", "--quiet", "--all", "--no-verify", "--message", message], folder, signal);
    },
  };
}

async function git(args: readonly string[], cwd: string, signal: AbortSignal): Promise<void> {
  const program = { file: "git", args, cwd, env: process.env };
  const { exitCode, said } = await runProgram(program, { signal, limitMs: GIT_LIMIT_MS });
  if (exitCode === 0 || signal.aborted) return;
  const given = `a failure of git ${args.find((word) => !word.startsWith("-"))}: ${said.trim().replaceAll(/\s+/g, " ")}`;
  const expected = "a git repository with this program in it";
  throw new InputError("Cannot prove", [{ at: packageRoot, given, expected, mend: "run it in a clone" }]);
}
