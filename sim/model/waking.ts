// What a worker has not done for a while it is slow to do: the code that takes a request in and the data it needs have gone cold, the
// processor may have slept. The longer ago the last request was, the more processor time the next one takes, whether the worker has been
// idle meanwhile or busy with a page. Measured of a Node host on a virtual machine: an empty page took 0.50 ms of processor time at 46
// requests a second, 0.34 ms at 151, 0.21 ms at 399; one that works for 4 ms took as much beside its work as an empty one at the same rate.
// Who comes back from a wait wakes a worker that is idle, and no other: waits of 7 ms made empty pages take 0.10 ms more at 143 a second,
// and pages of 4 ms no more than they took without.

import { exp } from "../../config/elementary.ts";
import type { Calibration } from "../../config/scenario.ts";

/**
 * @returns what a request takes beyond its own time that comes now, or has waited until now for something else, by its worker process;
 *   null where the calibration knows no such thing.
 */
export function createWaking(
  { waking }: Calibration,
  processes: number,
): ((nowMs: number, process: number) => number) | null {
  if (waking === undefined || waking.cpuMsMax === 0) return null;
  const { cpuMsMax, afterMs } = waking;
  const lastMs = new Float64Array(processes).fill(Number.NEGATIVE_INFINITY);
  return (nowMs, process) => {
    const pauseMs = nowMs - lastMs[process];
    lastMs[process] = nowMs;
    return cpuMsMax * (1 - exp(-pauseMs / afterMs));
  };
}
