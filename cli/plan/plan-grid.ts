// The settings that a plan chooses from: each the scenario file with its changes, read and checked like any other. What is the same site
// under another name (partitions of a store that no session is in) is there once.

import { setImmediate as turn } from "node:timers/promises";
import { InputError, type Problem } from "../../config/problem.ts";
import { type Axis, gridOf } from "../../config/vary.ts";
import type { PlanPoint } from "../../planning/plan/search.ts";
import { loadScenario } from "../load-scenario.ts";

const POINTS_MAX = 5000;
const PROBLEMS_TOLD = 8;
const LOOK_EVERY_POINTS = 50;

export interface GridOptions {
  readonly seed?: number | undefined;
  /** The axes are our own choice: a value that cannot be is left out and no mistake. */
  readonly lenient: boolean;
}

/** @throws InputError with what is wrong with any of the points, once. */
export async function readPlanGrid(file: string, axes: readonly Axis[], options: GridOptions) {
  const count = axes.reduce((product, { values }) => product * values.length, 1);
  if (count > POINTS_MAX) {
    const given = `${axes.map(({ values }) => values.length).join(" × ")} = ${count} settings`;
    const mend = "give fewer values, or fewer keys";
    throw new InputError("Cannot plan", [{ at: "--search", given, expected: `at most ${POINTS_MAX}`, mend }]);
  }
  const points: PlanPoint[] = [];
  const sites = new Set<string>();
  const wrong = new Map<string, { readonly problem: Problem; points: number }>();
  for (const [place, changes] of gridOf(axes).entries()) {
    if (place % LOOK_EVERY_POINTS === 0) await turn();
    try {
      const { scenario: read } = await loadScenario(file, changes);
      const scenario = options.seed === undefined ? read : { ...read, run: { ...read.run, seed: options.seed } };
      const inProcess = scenario.site.mode === "InProc" || scenario.site.mode === "Off";
      const site = JSON.stringify(inProcess ? { ...scenario, store: null } : scenario);
      if (sites.has(site)) continue;
      sites.add(site);
      points.push({
        place,
        choice: Object.fromEntries(changes.map(({ key, value }) => [key, value])),
        scenario,
      });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      for (const problem of error.problems) {
        const key = JSON.stringify([problem.at, problem.given, problem.expected]);
        const same = wrong.get(key);
        if (same === undefined) wrong.set(key, { problem, points: 1 });
        else same.points++;
      }
    }
  }
  if (wrong.size > 0 && (!options.lenient || points.length === 0)) {
    throw new InputError(`Cannot plan "${file}"`, told([...wrong.values()], count));
  }
  return { axes, points };
}

function told(wrong: readonly { readonly problem: Problem; readonly points: number }[], count: number): Problem[] {
  return wrong.slice(0, PROBLEMS_TOLD).map(({ problem, points }) => ({
    ...problem,
    given: `${problem.given}${points === count ? "" : ` (in ${points} of ${count} settings)`}`,
  }));
}
