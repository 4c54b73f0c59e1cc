// What the commands end with, and when a result has missed what was asked of it.

import type { RunResult } from "../metrics/run-result.ts";

export const TARGET_MISSED = 1;
export const INPUT_WRONG = 2;
/** The run is invalid or was cut short, or not all that was asked for could be run. */
export const RUN_INVALID = 3;
export const OWN_FAULT = 4;
/** What a shell says of a command that an interrupt ended. */
export const INTERRUPTED = 130;

/** A target whose figure is not known is not missed. */
export function missesTarget(results: readonly RunResult[]): boolean {
  return results.some((result) => result.targets.some((target) => target.met === false));
}
