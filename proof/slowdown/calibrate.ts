// How much work is a tenth of a getItem? The call is timed as `bench --driver micro` times it, the work by itself, both measured here
// and now.

import path from "node:path";
import { runProgram } from "../../bench/against/guarded-process.ts";
import { medianOf } from "../../metrics/confidence.ts";
import { parseResult } from "../../reports/result-file.ts";
import type { Clone } from "./clone.ts";
import { slowedSource } from "./slower-store.ts";

export const STORE_FILE = "bench/providers/in-proc.ts";
/** As the comparison runs it. */
export const MICRO = ["--mode", "InProc", "--driver", "micro", "--state-bytes", "4096", "--seconds", "1.5"] as const;
export const SCENARIO = "scenarios/basket.yaml";
const STORE_CHANGED = "bench/providers/in-proc-slowed.ts";
const PROCESS_LIMIT_MS = 60_000;
/** Of what was wanted. */
const NEAR = 0.03;
const TRIES_MAX = 8;
const BYTES_MAX = 65_536;

/** @returns nanoseconds, of one process; null when interrupted. */
export async function timeGetItem({ folder }: Clone, signal: AbortSignal): Promise<number | null> {
  const args = ["cli/main.ts", "bench", SCENARIO, ...MICRO, "--json", "--quiet"];
  const text = await printed(args, folder, signal);
  if (text === null) return null;
  const { study } = parseResult(text, "a run of micro");
  const call = study?.kind === "micro" ? study.calls.find(({ operation }) => operation === "getItem") : undefined;
  if (call === undefined) throw new Error("micro has measured getItem");
  return medianOf(call.roundsMedianMs) * 1e6;
}

export interface AddedWork {
  /** Filled at every second call. */
  readonly bytes: number;
  /** Nanoseconds a call that it takes on average. */
  readonly addedNs: number;
}

/** How many bytes to fill so that a call takes about so much longer, found by trying. @returns null when interrupted. */
export async function workThatTakes(wantedNs: number, clone: Clone, signal: AbortSignal): Promise<AddedWork | null> {
  const tried: AddedWork[] = [];
  let bytes = 1;
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const addedNs = await timeAddedWork(bytes, clone, signal);
    if (addedNs === null) return null;
    tried.push({ bytes, addedNs });
    tried.sort((a, b) => a.bytes - b.bytes);
    const below = tried.findLast((one) => one.addedNs < wantedNs);
    const above = tried.find((one) => one.addedNs >= wantedNs);
    if (Math.abs(addedNs - wantedNs) <= NEAR * wantedNs || below === undefined) break;
    // Time grows with the bytes almost in a straight line.
    const share = above === undefined ? 1 : (wantedNs - below.addedNs) / (above.addedNs - below.addedNs);
    const most = above?.bytes ?? BYTES_MAX;
    const next = Math.round(below.bytes + share * (most - below.bytes));
    if (tried.some((one) => one.bytes === next)) break;
    bytes = next;
  }
  return tried.reduce((best, one) =>
    Math.abs(one.addedNs - wantedNs) < Math.abs(best.addedNs - wantedNs) ? one : best,
  );
}

/** @returns nanoseconds a call; null when interrupted. */
export async function timeAddedWork(bytes: number, clone: Clone, signal: AbortSignal): Promise<number | null> {
  clone.write(STORE_CHANGED, slowedSource(clone.read(STORE_FILE), bytes));
  const files = [STORE_FILE, STORE_CHANGED].map((file) => path.join(clone.folder, file));
  const text = await printed([path.join(import.meta.dirname, "time-calls.ts"), ...files], clone.folder, signal);
  if (text === null) return null;
  const [plainNs, slowedNs] = JSON.parse(text) as readonly [number, number];
  return slowedNs - plainNs;
}

/** What a program in Node prints; null when interrupted. */
async function printed(args: readonly string[], cwd: string, signal: AbortSignal): Promise<string | null> {
  const program = { file: process.execPath, args, cwd, env: process.env };
  const { exitCode, stdout, said, endedBy } = await runProgram(program, { signal, limitMs: PROCESS_LIMIT_MS });
  if (endedBy === "abort" || signal.aborted) return null;
  if (exitCode !== 0) throw new Error(`${args[0]} ended with ${exitCode ?? endedBy}: ${said}`);
  return stdout;
}
