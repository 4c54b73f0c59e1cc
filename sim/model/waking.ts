// A process that has had nothing to do is slow to begin: its processor sleeps, its caches have gone cold. The longer the pause, the more
// processor time the request takes that ends it. Measured of a Node host on a virtual machine: an empty page took 0.55 ms of processor
// time at 60 requests a second, 0.41 ms at 143, 0.24 ms at 400.

import { exp } from "../../config/elementary.ts";
import type { Calibration } from "../../config/scenario.ts";
import type { Station } from "../engine/station.ts";

/**
 * @returns what a request that comes now, or has waited until now for something else, takes beyond its own time, by the cores of its
 *   worker; null where the calibration knows no such thing.
 */
export function createWaking({ waking }: Calibration): ((nowMs: number, cores: Station) => number) | null {
  if (waking === undefined || waking.cpuMsMax === 0) return null;
  const { cpuMsMax, afterMs } = waking;
  return (nowMs, { busy }) => {
    if (busy.level > 0) return 0;
    return cpuMsMax * (1 - exp(-(nowMs - busy.changedAtMs) / afterMs));
  };
}
