// What a sweep answers: the points of a grid, each with its figures and what became of the targets, and where along an axis a figure turns.
// Reports read this and know no more.

import type { Scenario } from "../../config/scenario.ts";
import type { VariedValue } from "../../config/vary.ts";
import type { Environment } from "../run-result.ts";
import type { PointFigure } from "./point.ts";
import type { Turn } from "./turn.ts";

export const SWEEP_SCHEMA = "sessionlab.sweep/1";

export interface SweepAxis {
  /** As in the scenario file. */
  readonly key: string;
  /** In the order asked for. */
  readonly values: readonly VariedValue[];
}

export interface SweepFigure {
  readonly key: string;
  readonly label: string;
  readonly unit: string;
}

/** undecided: the interval lies on both sides of the limit. unknown: the run cannot know the figure. */
export type TargetStanding = "met" | "missed" | "undecided" | "unknown";

export interface PointTarget {
  readonly figure: string;
  readonly atMost?: number;
  readonly atLeast?: number;
  readonly standing: TargetStanding;
}

export interface SweepPoint {
  /** One value an axis, in the order of the axes. */
  readonly at: readonly VariedValue[];
  readonly replications: number;
  /** Those of the sweep, by key. */
  readonly figures: Readonly<Record<string, PointFigure>>;
  readonly targets: readonly PointTarget[];
  /** What makes its figures doubtful, one sentence each. */
  readonly findings: readonly string[];
}

export interface Sweep {
  readonly schema: typeof SWEEP_SCHEMA;
  /** As it was read, before anything is varied; secrets masked. */
  readonly scenario: Scenario;
  readonly seed: number;
  readonly command: string;
  /** false: ended early; points that had not ended are missing. */
  readonly complete: boolean;
  readonly axes: readonly SweepAxis[];
  readonly figures: readonly SweepFigure[];
  /** Of the grid, those that ended, the last axis changing fastest. */
  readonly points: readonly SweepPoint[];
  /** Points of the whole grid. */
  readonly pointsAsked: number;
  /** Along every line of the grid that has an answer. */
  readonly turns: readonly Turn[];
  readonly environment: Environment;
}
