// Runs a program that prepares a server's data and must succeed.

import { spawn } from "node:child_process";
import type { SystemUser } from "./system-user.ts";

export interface RunOptions {
  readonly cwd: string;
  /** null: as ourselves. */
  readonly user: SystemUser | null;
}

/** @throws Error with the end of what the program printed when it fails or cannot be started. */
export async function runToEnd(file: string, args: readonly string[], { cwd, user }: RunOptions): Promise<void> {
  const child = spawn(file, args, {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
    ...(user !== null && { uid: user.uid, gid: user.gid }),
  });
  let printed = "";
  const keep = (chunk: Buffer) => {
    printed = (printed + chunk.toString("utf8")).slice(-2_000);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0) throw new Error(`${file} ended with exit code ${code ?? "none"}:\n${printed}`);
}
