// When a measured run is looked at: the rows of its time series.

import type { Scenario } from "../../../config/scenario.ts";

/** Real time; samples closer than this would be a load of their own. */
const SAMPLE_MS_MIN = 50;

/**
 * Scenario time: every multiple of sampleMs, and the two moments between which the figures are taken.
 * @returns them in order, without repeats, from 0 to the end of the duration.
 */
export function sampleMoments({ sampleMs, warmupMs, durationMs, timeScale }: Scenario["run"]): readonly number[] {
  const stepMs = Math.max(sampleMs, SAMPLE_MS_MIN * timeScale);
  const moments = new Set([warmupMs, durationMs]);
  for (let n = 0; n * stepMs < durationMs; n++) moments.add(n * stepMs);
  return [...moments].sort((a, b) => a - b);
}
