// A model whose truth is known, and the intervals that one run of it gives.

import type { Interval } from "../../metrics/estimate.ts";
import { type FigureKind, figureKinds } from "../../metrics/figures.ts";

export interface Subject {
  readonly what: string;
  readonly truth: number;
  /** As in a Figure. */
  readonly unit: string;
  /** An interval that is seldom given proves nothing: of all repeats, so large a share has to have one. 0.9 when left out. */
  readonly givenLeast?: number;
}

export interface CoverageStudy {
  readonly name: string;
  readonly subjects: readonly Subject[];
  /** @returns one for each subject; null where the run had none to give. */
  readonly repeat: (seed: number) => readonly (Interval | null)[];
  /** Milliseconds of one repeat, about. */
  readonly cost: number;
}

export function kindNamed(key: string): FigureKind {
  const kind = figureKinds.find((one) => one.key === key);
  if (kind === undefined) throw new Error(`no figure ${key}`);
  return kind;
}
