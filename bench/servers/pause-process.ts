// A process that stands still with all it has forked: SIGSTOP, and SIGCONT later. Whatever becomes of us meanwhile, it goes on.

import { spawn } from "node:child_process";
import { descendantsOf, send } from "./process-end.ts";

/** A server that forks may do so between our looking and its standing still; the second look finds all, the third is to be sure. */
const LOOKS = 3;

/** @returns what lets it go on; does nothing the second time. */
export function pauseProcess(pid: number): () => void {
  const family = new Set<number>([pid]);
  send(pid, "SIGSTOP");
  for (let look = 0; look < LOOKS; look++) {
    for (const child of descendantsOf(pid)) {
      family.add(child);
      send(child, "SIGSTOP");
    }
  }
  const waker = spawnWaker([...family]);
  let paused = true;
  function goOn(): void {
    if (!paused) return;
    paused = false;
    process.off("exit", goOn);
    for (const member of family) send(member, "SIGCONT");
    waker.kill("SIGKILL");
  }
  // Before those that end the process, which may want to be asked politely.
  process.prependOnceListener("exit", goOn);
  return goOn;
}

/** A shell that waits for our end of a pipe to close, which it does however we end, and then wakes them. */
function spawnWaker(pids: readonly number[]) {
  const script = 'read _; for pid in "$@"; do kill -s CONT "$pid" 2>/dev/null; done';
  const waker = spawn("/bin/sh", ["-c", script, "sh", ...pids.map(String)], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  waker.once("error", () => undefined);
  waker.unref();
  const { stdin } = waker;
  if (stdin !== null && "unref" in stdin && typeof stdin.unref === "function") stdin.unref();
  return waker;
}
