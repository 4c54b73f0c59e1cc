// Runs a program that prepares a server's data and must succeed. Should we end meanwhile, in whatever way, it ends with us, and its
// half-made data goes.

import { spawn } from "node:child_process";
import { spawnGuard } from "./guard.ts";
import { endNow } from "./process-end.ts";
import type { SystemUser } from "./system-user.ts";

export interface RunOptions {
  /** The server's folder: gone when we are killed before the program ends. */
  readonly cwd: string;
  /** null: as ourselves. */
  readonly user: SystemUser | null;
}

/** @throws Error with the end of what the program printed when it fails or cannot be started. */
export async function runToEnd(file: string, args: readonly string[], { cwd, user }: RunOptions): Promise<void> {
  const child = spawn(file, args, {
    cwd,
    // In a process group of its own: Ctrl-C on a terminal reaches us alone, and a kill of the group all that it has forked.
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    ...(user !== null && { uid: user.uid, gid: user.gid }),
  });
  let printed = "";
  const keep = (chunk: Buffer) => {
    printed = (printed + chunk.toString("utf8")).slice(-2_000);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const { pid } = child;
  const guard = pid === undefined ? undefined : spawnGuard(-pid, "SIGKILL", cwd);
  const endWithUs = () => {
    if (pid !== undefined) endNow(pid, "SIGKILL", "group");
  };
  // Before whoever removes the folder: an exit handler that was there earlier.
  process.prependListener("exit", endWithUs);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    if (code !== 0) throw new Error(`${file} ended with exit code ${code ?? "none"}:\n${printed}`);
  } finally {
    process.off("exit", endWithUs);
    guard?.kill("SIGKILL");
  }
}
