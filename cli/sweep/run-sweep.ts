// The points of a grid over worker threads: those that are known already are taken as they are, the others are kept as soon as they end.

import type { Scenario } from "../../config/scenario.ts";
import type { PointOutcome } from "../../metrics/sweep/point.ts";
import { type PointsOptions, runPoints } from "../workers/run-points.ts";
import { type PointJournal, pointKey } from "./point-journal.ts";
import type { GridPoint } from "./sweep-grid.ts";

export interface SweepWork {
  /** To be run: each scenario once, whichever points it is the scenario of. */
  readonly scenarios: readonly Scenario[];
  readonly keys: readonly string[];
  /** Points of the grid that are known already. */
  readonly known: number;
  /** The key of each point of the grid. */
  readonly keyOfPoint: readonly string[];
}

export interface SweepOutcomes {
  /** One a point of the grid, in their order; null for one that had not ended. */
  readonly outcomes: readonly (PointOutcome | null)[];
  readonly complete: boolean;
}

export type Known = Pick<PointJournal, "known" | "prepare" | "keep">;

/** What is kept nowhere. */
export const noJournal: Known = { known: new Map(), prepare: async () => {}, keep: async () => {} };

export function workOf(points: readonly GridPoint[], { known }: Known): SweepWork {
  const keyOfPoint = points.map(({ scenario }) => pointKey(scenario));
  const missing = new Map<string, Scenario>();
  for (const [place, key] of keyOfPoint.entries()) {
    if (!known.has(key) && !missing.has(key)) missing.set(key, points[place].scenario);
  }
  return {
    scenarios: [...missing.values()],
    keys: [...missing.keys()],
    known: keyOfPoint.filter((key) => known.has(key)).length,
    keyOfPoint,
  };
}

/** @param run as runPoints; it is given the scenarios that are missing, and no others. */
export async function runSweep(
  work: SweepWork,
  journal: Known,
  options: Omit<PointsOptions, "onEnded"> & { readonly onKept?: () => void },
  run: typeof runPoints = runPoints,
): Promise<SweepOutcomes> {
  const { scenarios, keys } = work;
  const ended = new Map<string, PointOutcome>();
  // One line after another, whatever order points end in.
  let kept = Promise.resolve();
  await run(scenarios, {
    ...options,
    onEnded(index, outcome) {
      ended.set(keys[index], outcome);
      kept = kept.then(() => journal.keep(keys[index], outcome)).then(options.onKept);
      return kept;
    },
  });
  await kept;
  return outcomesOf(work, journal, ended);
}

/** What is known, of points that were kept or have just ended. */
export function outcomesOf(
  { keyOfPoint }: SweepWork,
  { known }: Known,
  ended: ReadonlyMap<string, PointOutcome> = new Map(),
): SweepOutcomes {
  const outcomes = keyOfPoint.map((key) => known.get(key) ?? ended.get(key) ?? null);
  return { outcomes, complete: outcomes.every((outcome) => outcome !== null) };
}
