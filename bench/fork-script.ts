// Processes of our own beside the one that measures: how each of them is begun, and how none outlives us or keeps us waiting.

import { type ChildProcess, fork, type Serializable } from "node:child_process";
import { onProcessors } from "./site-processors.ts";

export interface ForkOptions {
  readonly args?: readonly string[];
  /** It can collect garbage when it is asked to. */
  readonly collects?: boolean;
  /** "advanced": typed arrays and Maps arrive as what they were. */
  readonly serialization?: "json" | "advanced";
  /** What it writes to stderr is dropped; otherwise it comes out at ours. */
  readonly silent?: boolean;
  /** Those it runs on; left out, wherever we may. */
  readonly processors?: readonly number[] | null;
}

/** @returns the address of a script of ours beside the module at `beside`, its import.meta.url: source or compiled, as that is. */
export function scriptBeside(beside: string, name: string): URL {
  return new URL(`./${name}${beside.endsWith(".ts") ? ".ts" : ".js"}`, beside);
}

/**
 * A process that runs `name` beside the module at `beside` and talks over IPC. It is killed when we exit. It has a process group of
 * its own, so that Ctrl-C on a terminal reaches us alone: the load ends first, then what it ran on.
 */
export function forkScript(
  beside: string,
  name: string,
  { args = [], collects = false, serialization = "json", silent = false, processors = null }: ForkOptions = {},
): ChildProcess {
  const node = [process.execPath, ...(collects ? ["--expose-gc"] : [])];
  const [execPath, ...execArgv] = processors === null ? node : onProcessors(processors, node);
  const child = fork(scriptBeside(beside, name), args, {
    execPath,
    execArgv,
    serialization,
    stdio: ["ignore", "ignore", silent ? "ignore" : "inherit", "ipc"],
    detached: true,
  });
  const killWithUs = () => child.kill("SIGKILL");
  const forget = () => process.removeListener("exit", killWithUs);
  process.once("exit", killWithUs);
  child.once("exit", forget);
  return child;
}

/** Sends it, unless the process hears nothing any more. */
export function tell(child: ChildProcess, message: Serializable): void {
  if (child.connected) child.send(message, () => undefined);
}

/** The answer; a process that has given none after `patienceMs` is killed, which has to settle the answer too. */
export async function orKill<T>(
  child: ChildProcess,
  answer: Promise<T>,
  patienceMs: number,
  beforeKill: () => void = () => undefined,
): Promise<T> {
  const giveUp = setTimeout(() => {
    beforeKill();
    child.kill("SIGKILL");
  }, patienceMs);
  try {
    return await answer;
  } finally {
    clearTimeout(giveUp);
  }
}
