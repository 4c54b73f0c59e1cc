// What the commands end with, and when a result has missed what was asked of it.

import type { Comparison } from "../metrics/compare/comparison.ts";
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

/**
 * Of a comparison: a regression that nobody has taken on is a target missed; one without a verdict is none, unless it was cut short
 * before it had one, or it is asked for strictly.
 */
export function comparisonExitCode({ verdict, complete }: Comparison, strict: boolean): number {
  if (verdict === "regressed") return TARGET_MISSED;
  return verdict === "cannot tell" && (strict || !complete) ? RUN_INVALID : 0;
}
