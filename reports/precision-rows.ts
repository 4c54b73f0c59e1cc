// How well figures are known against how well they were asked to be: one row a figure and width, one cell a result.

import { figureKinds } from "../metrics/figures.ts";
import type { RunResult } from "../metrics/run-result.ts";
import { replicationsOf } from "./figure-rows.ts";
import { formatNumber, UNKNOWN } from "./format-number.ts";

export interface PrecisionCell {
  readonly met: boolean;
  /** "±0.41 %"; a dash where it cannot be told. */
  readonly text: string;
}

export interface PrecisionRow {
  /** "Stored sessions, mean". */
  readonly figure: string;
  /** "within ±0.5 %". */
  readonly asked: string;
  /** One a result; null where it was not asked. */
  readonly cells: readonly (PrecisionCell | null)[];
}

export function precisionRows(results: readonly RunResult[]): readonly PrecisionRow[] {
  const all = results.flatMap(({ precision = [] }) => precision);
  const first = all.filter(
    (one, index) => all.findIndex(({ figure, asked }) => figure === one.figure && asked === one.asked) === index,
  );
  return first.map(({ figure, asked }) => ({
    figure: figureKinds.find(({ key }) => key === figure)?.label ?? figure,
    asked: `within ±${percent(asked)}`,
    cells: results.map(({ precision = [] }) => {
      const found = precision.find((one) => one.figure === figure && one.asked === asked);
      if (found === undefined) return null;
      const { reached } = found;
      return { met: reached !== null && reached <= asked, text: reached === null ? UNKNOWN : `±${percent(reached)}` };
    }),
  }));
}

export function reachedWord(met: boolean): string {
  return met ? "✓ reached" : "✗ not reached";
}

/** "37 replications"; where they differ, "20, 20, 13 replications", one a result. */
export function replicationCounts(results: readonly RunResult[]): string {
  const counts = results.map((result) => formatNumber(replicationsOf(result)));
  if (new Set(counts).size === 1) return `${counts[0]} replications`;
  return `${counts.join(", ")} replications`;
}

/** Two digits say how well something is known. */
function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}
