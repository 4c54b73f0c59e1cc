// From the outcomes of the points to the Sweep: the figures that were asked for, where the targets stand, and where figures turn.

import { maskStore } from "../../config/mask-settings.ts";
import { InputError } from "../../config/problem.ts";
import { figureKinds, simulatedFigureKeys } from "../../metrics/figures.ts";
import type { Environment } from "../../metrics/run-result.ts";
import type { PointOutcome } from "../../metrics/sweep/point.ts";
import { SWEEP_SCHEMA, type Sweep, type SweepFigure, type SweepPoint } from "../../metrics/sweep/sweep.ts";
import { pointTarget } from "../../metrics/sweep/target-standing.ts";
import { turnsOf } from "../../planning/sweep/turns.ts";
import type { SweepOutcomes } from "./run-sweep.ts";
import type { Grid } from "./sweep-grid.ts";

/** Shown where nobody asks for others, beside those that targets name. */
const USUAL = ["storedSessionsMean", "refusedShare", "memoryMaxBytes", "responseP99Ms"];

/** A parser for commander: "refusedShare,responseP99Ms". */
export function figureList(text: string): readonly string[] {
  const keys = text.split(",").map((key) => key.trim());
  const problems = keys
    .filter((key) => !simulatedFigureKeys.includes(key))
    .map((key) => ({
      at: "--figures",
      given: `"${key}"`,
      expected: `figures: ${simulatedFigureKeys.join(", ")}`,
      mend: "choose of them",
    }));
  if (problems.length > 0) throw new InputError("Cannot sweep", problems);
  return [...new Set(keys)];
}

export interface SweepAbout {
  readonly figures: readonly string[] | undefined;
  readonly command: string;
  readonly environment: Environment;
}

export function gatherSweep({ scenario, axes, points }: Grid, outcomes: SweepOutcomes["outcomes"], about: SweepAbout) {
  const ended = points.flatMap(({ at, scenario: { targets } }, place) => {
    const outcome = outcomes[place];
    return outcome === null ? [] : [{ at, targets, outcome }];
  });
  const asked = new Set([
    ...(about.figures ?? USUAL),
    ...points.flatMap(({ scenario: { targets } }) => targets.map(({ figure }) => figure)),
  ]);
  const figures = figureKinds
    .filter(({ key }) => asked.has(key))
    // What no point can know is left out, unless it was asked for by name.
    .filter(({ key }) => about.figures?.includes(key) === true || ended.some(({ outcome }) => isKnown(outcome, key)))
    .map(({ key, label, unit }): SweepFigure => ({ key, label, unit }));
  const told = ended.map(
    ({ at, targets, outcome }): SweepPoint => ({
      at,
      replications: outcome.replications,
      figures: Object.fromEntries(figures.map(({ key }) => [key, outcome.figures[key]])),
      targets: targets.map((target) => pointTarget(target, outcome.figures[target.figure])),
      findings: outcome.findings,
    }),
  );
  const turning = ended.map(({ at, outcome }, place) => ({
    at,
    figures: outcome.figures,
    targets: told[place].targets,
  }));
  return {
    schema: SWEEP_SCHEMA,
    scenario: maskStore(scenario),
    seed: points[0].scenario.run.seed,
    command: about.command,
    complete: ended.length === points.length,
    axes,
    figures,
    points: told,
    pointsAsked: points.length,
    turns: turnsOf(axes, figures, turning),
    environment: about.environment,
  } satisfies Sweep;
}

function isKnown({ figures }: PointOutcome, key: string): boolean {
  return (figures[key]?.value ?? null) !== null;
}
