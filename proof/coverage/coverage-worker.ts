// What a thread does: some repeats of one study.

import type { Interval } from "../../metrics/estimate.ts";
import { coverageStudies } from "./studies.ts";

export interface CoverageTask {
  /** Its place among the studies. */
  readonly study: number;
  readonly seeds: readonly number[];
}

/** @returns the ends of the intervals, a row a repeat; null where there was none. */
export default function repeatStudy({ study, seeds }: CoverageTask): readonly (readonly Ends[])[] {
  const { repeat } = coverageStudies[study];
  return seeds.map((seed) => repeat(seed).map(endsOf));
}

export type Ends = Pick<Interval, "low" | "high"> | null;

function endsOf(interval: Interval | null): Ends {
  return interval === null ? null : { low: interval.low, high: interval.high };
}
