// Git, asked by its plumbing: arguments in, text out, nothing of the user's working tree or index touched.

import { spawn } from "node:child_process";
import { buffer, text } from "node:stream/consumers";

export interface GitAnswer {
  /** null where git is not installed, or was ended by a signal. */
  readonly exitCode: number | null;
  readonly stdout: string;
  /** The same as it came, for what need not be text. */
  readonly bytes: Buffer;
  readonly stderr: string;
}

export interface GitInput {
  /** Where the repository is; without it, where the command runs. */
  readonly folder?: string;
  /** For its standard input. */
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs git, its messages in English and asking nobody for a password. */
export async function git(
  args: readonly string[],
  { folder, input = "", env = {} }: GitInput = {},
): Promise<GitAnswer> {
  const child = spawn("git", args, {
    cwd: folder,
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, LC_ALL: "C", GIT_TERMINAL_PROMPT: "0", ...env },
  });
  const ended = new Promise<number | null>((resolve) => {
    child.once("close", resolve);
    child.once("error", () => resolve(null));
  });
  // Git that has all it wants closes its input.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const [bytes, stderr] = await Promise.all([buffer(child.stdout), text(child.stderr)]);
  return { exitCode: await ended, stdout: bytes.toString(), bytes, stderr };
}
