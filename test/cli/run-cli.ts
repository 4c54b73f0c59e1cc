// The program as a user runs it: a process of its own, its streams and its exit code.

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));

export interface CliRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function runCli(args: readonly string[], cwd?: string): CliRun {
  const run = spawnSync(process.execPath, [main, ...args], { encoding: "utf8", cwd, maxBuffer: 64 * 1024 * 1024 });
  return { exitCode: run.status, stdout: run.stdout, stderr: run.stderr };
}
