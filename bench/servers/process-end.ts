// Has a process ended, what has it forked, and how to end it while we are ending ourselves. A process that ended and that nobody has
// asked about yet (a zombie) counts as ended.

import { readdirSync, readFileSync } from "node:fs";

const END_NOW_PATIENCE_MS = 1_000;

export function hasEnded(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return true;
  }
  return stateOf(pid) === "Z";
}

/** The letter that Linux gives the state of a process; undefined elsewhere. */
function stateOf(pid: number): string | undefined {
  try {
    // "pid (name) state …", and the name may hold blanks and parentheses.
    return /.*\) (\S)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1];
  } catch {
    return undefined;
  }
}

/** Processes below `pid`, on Linux. Elsewhere none are told, and servers are relied on to end with their first process. */
export function descendantsOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
      .flatMap((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").split(" "))
      .filter((text) => text !== "")
      .map(Number)
      .flatMap((child) => [child, ...descendantsOf(child)]);
  } catch {
    return [];
  }
}

/** Ends a process and all below it before it returns: with `signal` first, with SIGKILL when that takes more than a second. @param to who gets `signal`. */
export function endNow(pid: number, signal: NodeJS.Signals, to: "process" | "group" = "process"): void {
  const family = [pid, ...descendantsOf(pid)];
  send(to === "group" ? -pid : pid, signal);
  const giveUpAtMs = performance.now() + END_NOW_PATIENCE_MS;
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  while (!family.every(hasEnded) && performance.now() < giveUpAtMs) Atomics.wait(sleeper, 0, 0, 5);
  for (const member of family) if (!hasEnded(member)) send(member, "SIGKILL");
}

/** Sends a signal; a process that has ended already is no matter. */
export function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended between our looking and our sending.
  }
}
