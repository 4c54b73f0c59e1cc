// A process that stands still with all it has forked: SIGSTOP, and SIGCONT later. Whatever becomes of us meanwhile, it goes on.

import { spawn } from "node:child_process";
import { descendantsOf, send } from "./process-end.ts";

/** A server that forks may do so between our looking and its standing still; the second look finds all, the third is to be sure. */
const LOOKS = 3;

/** @returns what lets it go on; does nothing the second time. */
export function pauseProcess(pid: number): () => void {
  const family = new Set<number>();
  const waker = spawnWaker();
  function stop(member: number): void {
    if (family.has(member)) return;
    family.add(member);
    waker.tell(member);
    send(member, "SIGSTOP");
  }
  stop(pid);
  for (let look = 0; look < LOOKS; look++) descendantsOf(pid).forEach(stop);
  let paused = true;
  function goOn(): void {
    if (!paused) return;
    paused = false;
    process.off("exit", goOn);
    for (const member of family) send(member, "SIGCONT");
    waker.dismiss();
  }
  // Before those that end the process, which may want to be asked politely.
  process.prependOnceListener("exit", goOn);
  return goOn;
}

/** A shell that reads whom to wake, and does so when our end of the pipe closes, which it does however we end. */
function spawnWaker() {
  const script =
    'while read pid; do pids="$pids $pid"; done; for pid in $pids; do kill -s CONT "$pid" 2>/dev/null; done';
  const shell = spawn("/bin/sh", ["-c", script], { detached: true, stdio: ["pipe", "ignore", "ignore"] });
  shell.once("error", () => undefined);
  shell.unref();
  const { stdin } = shell;
  stdin.on("error", () => undefined);
  if ("unref" in stdin && typeof stdin.unref === "function") stdin.unref();
  return {
    /** Written at once: it knows before the process stands still. */
    tell: (pid: number) => void stdin.write(`${pid}\n`),
    dismiss: () => void shell.kill("SIGKILL"),
  };
}
