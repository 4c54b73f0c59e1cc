// What ends a server and removes its folder when we are killed and can do neither.

import { type ChildProcess, spawn } from "node:child_process";

/**
 * A shell that waits for our end of a pipe to close. It closes however we end, kill -9 included, and the shell then ends the process
 * and removes the folder. Whoever has ended the process himself kills the guard first.
 * @param pid of the process; negative: of all in its process group.
 * @param folder null where it has none.
 */
export function spawnGuard(pid: number, signal: NodeJS.Signals, folder: string | null): ChildProcess {
  const script = 'read _; kill -s "$2" -- "$1" 2>/dev/null; sleep 1; kill -s KILL -- "$1" 2>/dev/null; rm -rf "$3"';
  const guard = spawn("/bin/sh", ["-c", script, "sh", String(pid), signal.replace(/^SIG/, ""), folder ?? ""], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  guard.once("error", () => undefined);
  guard.unref();
  const { stdin } = guard;
  if (stdin !== null && "unref" in stdin && typeof stdin.unref === "function") stdin.unref();
  return guard;
}
