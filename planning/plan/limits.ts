// Targets as single limits, each of one figure on one side.

import type { Target } from "../../config/scenario.ts";
import { type FigureKind, figureKinds } from "../../metrics/figures.ts";
import type { HistogramName } from "../../metrics/run-record.ts";

export interface Limit {
  readonly kind: FigureKind;
  readonly side: "at most" | "at least";
  readonly value: number;
}

/** @param targets of figures that a simulation has; others have no limit here. */
export function limitsOf(targets: readonly Target[]): readonly Limit[] {
  return targets.flatMap(({ figure, atMost, atLeast }) => {
    const kind = figureKinds.find(({ key }) => key === figure);
    if (kind === undefined) return [];
    return [
      ...(atMost === undefined ? [] : [{ kind, side: "at most", value: atMost } as const]),
      ...(atLeast === undefined ? [] : [{ kind, side: "at least", value: atLeast } as const]),
    ];
  });
}

/** The histograms without which the limits cannot be judged. */
export function histogramsFor(limits: readonly Limit[]): readonly HistogramName[] {
  return [...new Set(limits.flatMap(({ kind }) => kind.percentile?.histogram ?? []))];
}

/** "at most 0.1". */
export function sayLimit({ side, value }: Limit): string {
  return `${side} ${value}`;
}
