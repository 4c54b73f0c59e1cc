// What strikes a site and when: the faults of the scenario and the recycles of its schedule, in order.

import type { Fault, Scenario } from "../config/scenario.ts";

/** @returns in order of time; `atMs` is scenario time. */
export function strokesOf({ site, run, faults }: Pick<Scenario, "site" | "run" | "faults">): Fault[] {
  const all = [...faults];
  if (site.recycleEveryMs !== null) {
    for (let n = 1; n * site.recycleEveryMs <= run.durationMs; n++) {
      all.push({ kind: "recycle", atMs: n * site.recycleEveryMs });
    }
  }
  return all.sort((a, b) => a.atMs - b.atMs);
}

/** @returns when all workers are replaced: moments in scenario time, ascending. */
export function recycleMomentsMs(scenario: Scenario): number[] {
  return strokesOf(scenario).flatMap(({ kind, atMs }) => (kind === "recycle" ? [atMs] : []));
}
