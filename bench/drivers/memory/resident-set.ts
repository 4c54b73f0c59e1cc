// The measures that processes have in common, and the resident set of a process that is not ours to ask.

import { readFile } from "node:fs/promises";
import type { Measure } from "./memory-subject.ts";

/**
 * V8 counts every word; but between two readings it compiles and forgets code of its own accord, some kilobytes at a time, up to
 * this much (Node 24, readings of a store that kept nothing meanwhile).
 */
const ENGINE_OWN_BYTES = 32_768;

export const HEAP: Measure = { name: "heap after a collection", resolutionBytes: ENGINE_OWN_BYTES };
export const RESIDENT_SET: Measure = { name: "resident set", resolutionBytes: 4_096 };

/**
 * VmRSS of /proc. Source: proc_pid_status(5).
 * @returns null where there is no /proc, and for a process that is gone.
 */
export async function residentSetBytes(pid: number): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, "latin1").catch(() => "");
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return kib === undefined ? null : Number(kib) * 1_024;
}
