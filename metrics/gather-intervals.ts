// What of many records need not be kept apart. The response times by stretch are shown of all replications together, and are most of
// what a record weighs: sixty histograms.

import { mergeIntervals } from "./interval-histograms.ts";
import type { RunRecord } from "./run-record.ts";

/** @returns the records, the first with the stretches of all, the others without. One record stays as it is. */
export function gatherIntervals(records: readonly RunRecord[]): readonly RunRecord[] {
  const having = records.map(({ responseIntervals }) => responseIntervals).filter((intervals) => intervals.length > 0);
  if (having.length < 2) return records;
  const responseIntervals = mergeIntervals(having);
  return records.map((record, i) => ({ ...record, responseIntervals: i === 0 ? responseIntervals : [] }));
}
