// The points of a sweep: every combination of the values, each the scenario file with those changes, read and checked like any other.
// All points are checked before any is run, and what is wrong with them is told once, however many it concerns.

import { setImmediate as turn } from "node:timers/promises";
import { InputError, type Problem } from "../../config/problem.ts";
import type { Scenario } from "../../config/scenario.ts";
import { type Axis, type Change, expectDistinctKeys, gridOf, type VariedValue } from "../../config/vary.ts";
import { requestFigureKeys } from "../../metrics/figures.ts";
import { targetProblems } from "../../planning/plan/checks.ts";
import { loadScenario } from "../load-scenario.ts";
import type { RepeatOptions } from "../simulate/repeat-options.ts";
import { inMode } from "../simulate/simulate.ts";

export interface GridPoint {
  /** One value an axis. */
  readonly at: readonly VariedValue[];
  readonly scenario: Scenario;
}

export interface Grid {
  /** As it was read, nothing varied. */
  readonly scenario: Scenario;
  readonly axes: readonly Axis[];
  /** The last axis changes fastest. */
  readonly points: readonly GridPoint[];
}

export interface GridOptions extends RepeatOptions {
  /** Of all points, over what the scenario says. */
  readonly fidelity?: Scenario["run"]["fidelity"];
  /** Those asked for by name. */
  readonly figures?: readonly string[];
  /** Told now and then how much has been read, 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/** More are no grid that anybody reads, and take half a minute to check. */
const POINTS_MAX = 10_000;
const PROBLEMS_TOLD = 10;
/** Where a scenario does not ask for more than one. */
const REPLICATIONS = 10;
const LOOK_EVERY_POINTS = 50;

/** @throws InputError with what is wrong with the axes, the scenario, or any of the points. */
export async function readGrid(file: string, axes: readonly Axis[], options: GridOptions): Promise<Grid> {
  const fixed: readonly Change[] =
    options.fidelity === undefined ? [] : [{ key: "run.fidelity", value: options.fidelity }];
  expectDistinctKeys([...axes, ...fixed.map(({ key, value }) => ({ key, values: [value] }))]);
  const count = axes.reduce((product, { values }) => product * values.length, 1);
  if (count > POINTS_MAX) {
    const given = `${axes.map(({ values }) => values.length).join(" × ")} = ${count} points`;
    const mend = "give fewer values, or fewer axes at a time";
    throw new InputError("Cannot vary", [{ at: "--vary", given, expected: `at most ${POINTS_MAX} points`, mend }]);
  }
  const { scenario } = await loadScenario(file);
  const changes = gridOf(axes);
  const read: GridPoint[] = [];
  const wrong = new Map<string, { readonly problem: Problem; points: number }>();
  for (const [place, point] of changes.entries()) {
    if (place % LOOK_EVERY_POINTS === 0) {
      options.onProgress?.(place / count);
      await turn();
    }
    try {
      read.push({ at: point.map(({ value }) => value), scenario: await pointOf(file, [...point, ...fixed], options) });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      for (const problem of error.problems) {
        const same = wrong.get(keyOf(problem));
        if (same === undefined) wrong.set(keyOf(problem), { problem, points: 1 });
        else same.points++;
      }
    }
  }
  if (wrong.size > 0) throw new InputError(`Cannot sweep "${scenario.name}"`, told([...wrong.values()], count));
  const nowhere = [...unknowable(options.figures ?? [], read), ...impossibleTargets(read)];
  if (nowhere.length > 0) throw new InputError(`Cannot sweep "${scenario.name}"`, nowhere);
  return { scenario, axes, points: read };
}

/** Figures asked for that none of the points will know. */
function unknowable(figures: readonly string[], points: readonly GridPoint[]): readonly Problem[] {
  if (points.some(({ scenario }) => scenario.run.fidelity !== "population")) return [];
  return figures
    .filter((key) => requestFigureKeys.includes(key))
    .map((key) => ({
      at: "--figures",
      given: `${key} in runs of fidelity population`,
      expected: "fidelity requests, in which requests take time",
      mend: "add --fidelity requests, or leave the figure out",
    }));
}

/**
 * Targets that cannot be met at any of the points, whatever is simulated there. One that a run cannot know is none of them: a sweep shows
 * it as unknown.
 */
function impossibleTargets(points: readonly GridPoint[]): readonly Problem[] {
  const found = points.map(({ scenario }) =>
    targetProblems(scenario, scenario.targets, "targets").filter(({ at }) => !at.endsWith(".figure")),
  );
  const [first = [], ...others] = found;
  return first.filter((problem) => others.every((of) => of.some((other) => keyOf(other) === keyOf(problem))));
}

async function pointOf(file: string, changes: readonly Change[], options: GridOptions): Promise<Scenario> {
  const { scenario } = await loadScenario(file, changes);
  const varied = changes.some(({ key }) => key === "run.replications");
  const { replications: own } = scenario.run;
  const replications = options.replications ?? (varied ? own : Math.max(REPLICATIONS, own));
  return inMode(scenario, scenario.site.mode, { ...options, replications });
}

function keyOf({ at, given, expected }: Problem): string {
  return JSON.stringify([at, given, expected]);
}

function told(wrong: readonly { readonly problem: Problem; readonly points: number }[], count: number): Problem[] {
  const shown = wrong.slice(0, PROBLEMS_TOLD).map(({ problem, points }) => ({
    ...problem,
    given: `${problem.given}${points === count || count === 1 ? "" : ` (in ${points} of ${count} points)`}`,
  }));
  if (wrong.length <= PROBLEMS_TOLD) return shown;
  const given = `wrong in ${wrong.length - PROBLEMS_TOLD} more ways`;
  return [...shown, { at: "the grid", given, expected: "points that can all be run", mend: "mend those above first" }];
}
