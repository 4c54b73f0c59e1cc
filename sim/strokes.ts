// What strikes a site and when: the faults of the scenario, turn by turn, and the recycles of its schedule, in order; and which of them
// lose sessions.

import { partitionStruck, workerStruck } from "../config/fault-problems.ts";
import { turnsOf } from "../config/rolling-deploy.ts";
import type { Fault, Scenario } from "../config/scenario.ts";

type Struck = Pick<Scenario, "site" | "run" | "faults">;

/** @returns in order of time; `atMs` is scenario time. */
export function strokesOf({ site, run, faults }: Struck): Fault[] {
  const all = faults.flatMap((fault) => turnsOf(fault, { site, run }));
  if (site.recycleEveryMs !== null) {
    for (let n = 1; n * site.recycleEveryMs <= run.durationMs; n++) {
      all.push({ kind: "recycle", atMs: n * site.recycleEveryMs });
    }
  }
  return all.sort((a, b) => a.atMs - b.atMs);
}

/** A moment, in scenario time, at which all sessions of a store are gone. */
export interface LossMoment {
  readonly atMs: number;
  /** null: of all stores. */
  readonly store: number | null;
  /** Its place among the strokes. */
  readonly stroke: number;
}

/** Databases keep their sessions when they are killed; the state service, and a Redis without persistence, lose them. */
export function losesSessionsWhenKilled(mode: Scenario["site"]["mode"]): boolean {
  return mode === "StateServer" || mode === "Custom";
}

/** @returns in order of time. */
export function lossesOf(scenario: Struck): LossMoment[] {
  const { mode, workersPerServer } = scenario.site;
  return strokesOf(scenario).flatMap((fault, stroke): LossMoment[] => {
    const { atMs, kind } = fault;
    if (kind === "kill-store")
      return losesSessionsWhenKilled(mode) ? [{ atMs, store: partitionStruck(fault), stroke }] : [];
    if (mode === "InProc" && kind === "rolling-deploy") {
      const first = (fault.server ?? 0) * workersPerServer;
      return Array.from({ length: workersPerServer }, (_, worker) => ({ atMs, store: first + worker, stroke }));
    }
    if (mode !== "InProc" || (kind !== "recycle" && kind !== "kill-worker")) return [];
    return [{ atMs, store: workerStruck(fault), stroke }];
  });
}
