// What a plan keeps of one replication: each figure as its two sums, and response times as steps of their distribution where a target
// asks for a percentile. A whole record weighs megabytes, and a search holds thousands of them.

import type { Scenario } from "../../config/scenario.ts";
import { figureKinds, type Part } from "../../metrics/figures.ts";
import { type Histogram, recordedValues } from "../../metrics/latency-histogram.ts";
import type { HistogramName, RunRecord } from "../../metrics/run-record.ts";

/** How many values are at most so large: the two columns rise and are equally long. */
export interface Steps {
  readonly us: Float64Array;
  readonly countUpTo: Float64Array;
}

export interface Facts {
  /** By the key of a figure that is no percentile; null where the run cannot know it. */
  readonly parts: Readonly<Record<string, Part | null>>;
  /** Those that were asked for and recorded. */
  readonly steps: Readonly<Partial<Record<HistogramName, Steps>>>;
  /** Sessions refused and lost in the measured part, and its length in scenario time. */
  readonly refused: number;
  readonly lost: number;
  readonly measuredMs: number;
}

/** Replications `from` to before `to` of a scenario. */
export interface Ask {
  readonly scenario: Scenario;
  readonly from: number;
  readonly to: number;
  readonly histograms: readonly HistogramName[];
}

/**
 * Runs what is asked, in any order and on any number of threads.
 * @returns of each ask its replications in order; null where the work was cut short.
 */
export type Evaluate = (asks: readonly Ask[]) => Promise<readonly (readonly Facts[])[] | null>;

export function factsOf(scenario: Scenario, record: RunRecord, histograms: readonly HistogramName[]): Facts {
  const parts: Record<string, Part | null> = {};
  for (const kind of figureKinds) {
    if (kind.percentile !== undefined) continue;
    const value = kind.of(record, scenario);
    const ratio = kind.ratio?.(record);
    parts[kind.key] = ratio ?? (value === null ? null : { part: value, whole: 1 });
  }
  const steps: Partial<Record<HistogramName, Steps>> = {};
  for (const name of histograms) {
    const histogram = record.histograms[name];
    if (histogram !== undefined && histogram.totalCount > 0) steps[name] = stepsOf(histogram);
  }
  const { measured, measuredMs } = record;
  return { parts, steps, refused: measured.refused, lost: measured.lost, measuredMs };
}

function stepsOf(histogram: Histogram): Steps {
  const values = recordedValues(histogram);
  const countUpTo = new Float64Array(values.length);
  let count = 0;
  for (const [i, value] of values.entries()) {
    count += value.count;
    countUpTo[i] = count;
  }
  return { us: Float64Array.from(values, ({ us }) => us), countUpTo };
}

/** How many of the values are at most so large. */
export function countAtMost({ us, countUpTo }: Steps, limitUs: number): number {
  let low = 0;
  let high = us.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (us[middle] <= limitUs) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? 0 : countUpTo[low - 1];
}

export function countAll({ countUpTo }: Steps): number {
  return countUpTo.length === 0 ? 0 : countUpTo[countUpTo.length - 1];
}
