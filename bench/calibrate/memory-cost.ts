// What sessions take, from two sources: a store filled with sessions tells what one more takes, with its interval; the runs over HTTP
// tell what is there beside them, for a process that serves pages holds more than one that only keeps sessions.

import type { Calibration } from "../../config/scenario.ts";
import { meanInterval, meanOf } from "../../metrics/confidence.ts";
import type { RunResult } from "../../metrics/run-result.ts";
import { rounded } from "./call-costs.ts";
import type { PhaseFinds } from "./phase-finds.ts";
import { SMALL_BYTES } from "./phases.ts";

export interface MemoryCost {
  readonly memory: Calibration["memory"];
  readonly intervals: NonNullable<Calibration["intervals"]>;
}

/**
 * @param filled of the memory driver.
 * @param reuseAfterMs null where what is replaced gives its room back at once; else runs that write tell nothing of the rest.
 * @returns null where the store does not tell its memory.
 */
export function memoryCost(
  filled: RunResult,
  phases: readonly PhaseFinds[],
  reuseAfterMs: number | null,
): MemoryCost | null {
  const figure = (key: string) => filled.figures.find((one) => one.key === key);
  const overhead = figure("memoryOverheadBytes");
  const perByte = figure("memoryBytesPerStateByte");
  if (overhead?.value == null || perByte?.value == null) return null;
  const bytesPerSession = Math.max(0, overhead.value);
  const bytesPerStateByte = perByte.value;
  // What large sessions take can be off by more than all that is beside them: blocks of memory come in steps.
  const small = phases.filter(({ stateBytes }) => stateBytes === SMALL_BYTES);
  const calm = reuseAfterMs === null ? small : small.filter(({ kind }) => kind !== "write");
  const fixed = calm.flatMap(({ memoryBytes, storedSessions, stateBytes }) =>
    memoryBytes === null || storedSessions === null
      ? []
      : [memoryBytes - storedSessions * (bytesPerSession + bytesPerStateByte * stateBytes)],
  );
  const fixedBytes = Math.max(0, fixed.length === 0 ? 0 : meanOf(fixed));
  const over = meanInterval(fixed, 0.95, `95 %, Student's t over ${fixed.length} runs`);
  return {
    memory: {
      fixedBytes: Math.round(fixedBytes),
      bytesPerSession: rounded(bytesPerSession),
      bytesPerStateByte: rounded(bytesPerStateByte),
      ...(reuseAfterMs === null ? {} : { reuseAfterMs }),
    },
    intervals: {
      ...named("memory.bytesPerSession", overhead.interval ?? null),
      ...named("memory.bytesPerStateByte", perByte.interval ?? null),
      ...named("memory.fixedBytes", over),
    },
  };
}

function named(key: string, interval: { readonly low: number; readonly high: number } | null) {
  return interval === null ? {} : { [key]: { low: interval.low, high: interval.high } };
}
