// Differences between two runs under the same luck, figure by figure, in words that do not claim more than the intervals do.

import type { PairedComparison, PairedDifference, RunResult } from "../metrics/run-result.ts";
import { type FigureCell, formatCell } from "./figure-rows.ts";
import { formatNumber, formatScaled, scaleFor, UNKNOWN } from "./format-number.ts";

export interface PairedTable {
  readonly caption: string;
  /** First, second, difference, verdict, correlation, variance. */
  readonly heads: readonly string[];
  readonly rows: readonly PairedRow[];
}

export interface PairedRow {
  /** "Stored sessions, mean", with its unit. */
  readonly head: string;
  readonly cells: readonly string[];
  readonly differs: boolean | null;
}

export const PAIRED_NOTE =
  "±: 95 % confidence interval of the difference over paired replications; of twenty figures that do not differ, one will seem to. " +
  "Variance: how many times smaller it is than that of two runs with luck of their own.";

/** One for each result that was run under the luck of another. */
export function pairedTables(results: readonly RunResult[]): readonly PairedTable[] {
  return results.flatMap(({ label, paired }) => (paired === undefined ? [] : [tableOf(label, paired)]));
}

function tableOf(label: string, { against, replications, differences }: PairedComparison): PairedTable {
  return {
    caption: `${label} against ${against}, ${formatNumber(replications)} replications under the same luck`,
    heads: [against, label, "difference", "verdict", "correlation", "variance"],
    rows: differences.filter(({ first, second }) => first !== 0 || second !== 0).map(rowOf),
  };
}

function rowOf(one: PairedDifference): PairedRow {
  const { label, unit, first, second, difference, differs, correlation, varianceRatio } = one;
  const scale = scaleFor(unit, [first, second]);
  const cell: FigureCell = {
    value: difference.value,
    ...(difference.interval === null ? {} : { interval: difference.interval }),
  };
  const sign = difference.value > 0 ? "+" : "";
  return {
    head: scale.unit === "" ? label : `${label} (${scale.unit})`,
    cells: [
      formatScaled(first, scale),
      formatScaled(second, scale),
      `${sign}${formatCell(cell, scale)}`,
      differs === null ? "? too few replications" : differs ? "differs" : "no difference seen",
      correlation === null ? UNKNOWN : correlation.toFixed(3),
      varianceRatio === null ? UNKNOWN : `${formatNumber(varianceRatio, 2)} × less`,
    ],
    differs,
  };
}
