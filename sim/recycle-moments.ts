// When worker processes are replaced: the schedule of the site and the faults of the scenario, in order.

import type { Scenario } from "../config/scenario.ts";

/** @returns moments in scenario time, ascending. */
export function recycleMomentsMs({ site, run, faults }: Scenario): number[] {
  const moments = faults.map((fault) => fault.atMs);
  if (site.recycleEveryMs !== null) {
    for (let n = 1; n * site.recycleEveryMs <= run.durationMs; n++) moments.push(n * site.recycleEveryMs);
  }
  return moments.sort((a, b) => a - b);
}
