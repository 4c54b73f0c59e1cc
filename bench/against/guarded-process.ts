// A program run to its end beside us: git, npm, a build, one turn of a comparison. It has a process group of its own, so that Ctrl-C on
// a terminal reaches us alone; it ends with us however we end, kill -9 included, and everything it has started ends with it.

import { spawn } from "node:child_process";
import { spawnGuard } from "../servers/guard.ts";
import { descendantsOf, endNow, send } from "../servers/process-end.ts";

export interface Program {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

export interface ProgramEnd {
  /** null after a signal. */
  readonly exitCode: number | null;
  readonly stdout: string;
  /** The end of what it printed on both streams, for whoever has to find out why it failed. */
  readonly said: string;
  /** Ended by us: its time was up, or `signal` was aborted. */
  readonly endedBy: "itself" | "time limit" | "abort";
}

export interface Bounds {
  readonly signal?: AbortSignal;
  readonly limitMs: number;
  /** Called with each line it prints, on either stream. */
  readonly onLine?: (line: string) => void;
}

const SAID_MAX = 4_000;
/** From being asked to end until it is made to. */
const PATIENCE_MS = 5_000;

/** @throws Error when it cannot be started at all. */
export async function runProgram({ file, args, cwd, env }: Program, bounds: Bounds): Promise<ProgramEnd> {
  const { signal, limitMs, onLine = () => undefined } = bounds;
  const child = spawn(file, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const { pid } = child;
  const guard = pid === undefined ? null : spawnGuard(-pid, "SIGKILL", null);
  const endWithUs = () => {
    if (pid !== undefined) endNow(pid, "SIGKILL", "group");
  };
  // Before whoever removes the folders it works in: an exit handler that was there earlier.
  process.prependListener("exit", endWithUs);

  const printed: Buffer[] = [];
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => printed.push(chunk));
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      const text = chunk.toString("utf8");
      said = (said + text).slice(-SAID_MAX);
      for (const line of text.split(/[\r\n]+/)) if (line.trim() !== "") onLine(line.trim());
    });
  }

  let endedBy: ProgramEnd["endedBy"] = "itself";
  let impatience: NodeJS.Timeout | undefined;
  const end = (why: ProgramEnd["endedBy"]) => {
    if (pid === undefined || endedBy !== "itself") return;
    endedBy = why;
    send(-pid, "SIGTERM");
    impatience = setTimeout(() => endFamily(pid), PATIENCE_MS);
  };
  const onAbort = () => end("abort");
  const limit = setTimeout(() => end("time limit"), limitMs);
  signal?.addEventListener("abort", onAbort);
  try {
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
      if (signal?.aborted === true) onAbort();
    });
    return { exitCode, stdout: Buffer.concat(printed).toString("utf8"), said, endedBy };
  } finally {
    clearTimeout(limit);
    clearTimeout(impatience);
    signal?.removeEventListener("abort", onAbort);
    process.off("exit", endWithUs);
    guard?.kill("SIGKILL");
    // What it left running in its group, as a build its watcher, must not run beside what is measured next.
    if (pid !== undefined) send(-pid, "SIGKILL");
  }
}

/** Its group, and what it started in groups of their own: servers of a run that would not end. */
function endFamily(pid: number): void {
  const family = descendantsOf(pid);
  send(-pid, "SIGKILL");
  for (const member of family) send(member, "SIGKILL");
}
