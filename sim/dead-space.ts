// What writes have replaced and removals left behind, in a store that can use such room again only after a while: PostgreSQL keeps the old
// version of a row until its vacuum comes by. A busy table of sessions is mostly that. Its files, once grown, do not shrink.

import { assert } from "../config/assert.ts";
import type { Scenario } from "../config/scenario.ts";
import { memoryModel } from "./memory-model.ts";

/** One value a sample of the run; the first is that at the very start. */
export interface SampledStore {
  /** Mean since the sample before. */
  readonly stored: readonly number[];
  readonly storedBytes: readonly number[];
  /** Sessions written anew or removed since the sample before. */
  readonly replaced: readonly number[];
}

/** @returns bytes at each sample; null where the store uses all room again at once. */
export function memoryWithDeadSpace(scenario: Scenario, sampled: SampledStore): number[] | null {
  const { reuseAfterMs, bytesPerStateByte } = scenario.calibration.memory;
  if (reuseAfterMs === undefined || reuseAfterMs === 0) return null;
  const { stored, storedBytes, replaced } = sampled;
  assert(stored.length === replaced.length && stored.length === storedBytes.length, "each sample has all values");
  const memoryOf = memoryModel(scenario);
  // The store's clock is that of real time.
  const samplesKept = (reuseAfterMs * scenario.run.timeScale) / scenario.run.sampleMs;
  let dead = 0;
  let largest = 0;
  return stored.map((sessions, i) => {
    const inUse = memoryOf(sessions, storedBytes[i]);
    const replacedBytes = sessions > 0 ? (bytesPerStateByte * replaced[i] * storedBytes[i]) / sessions : 0;
    // Room is made at every multiple of the time, and is scarcest just before; of several within one sample, at the last.
    const sinceLast = i - Math.floor(i / samplesKept) * samplesKept;
    let bytes = inUse + dead + replacedBytes;
    if (sinceLast < 1) {
      bytes = inUse + dead + replacedBytes * Math.min(samplesKept, 1 - sinceLast);
      dead = replacedBytes * sinceLast;
    } else {
      dead += replacedBytes;
    }
    largest = Math.max(largest, bytes);
    return largest;
  });
}

/** Of the samples that lie in the measured part. */
export function meanWhenMeasured({ run }: Scenario, samples: readonly number[]): number {
  const measured = samples.filter((_, i) => i * run.sampleMs > run.warmupMs && i * run.sampleMs <= run.durationMs);
  return measured.reduce((sum, bytes) => sum + bytes, 0) / Math.max(1, measured.length);
}
