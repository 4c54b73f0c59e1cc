// The measures that processes have in common, and the resident set of a process that is not ours to ask.

import { readFile } from "node:fs/promises";
import type { Measure } from "./memory-subject.ts";

/** V8 counts in words. */
export const HEAP: Measure = { name: "heap after a collection", resolutionBytes: 8 };
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
