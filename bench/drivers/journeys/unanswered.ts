// Requests that the run ended without an answer to. They come to light when the measured part is over, and belong to it nonetheless: left
// out, a site that hangs would have no failed requests and meet any target.

import type { Scenario } from "../../../config/scenario.ts";
import { failedBetween, type OutcomeSlots } from "../../../metrics/outcome-slots.ts";
import type { Counters } from "../../../metrics/run-result.ts";
import { UNANSWERED } from "./journey-record.ts";

/**
 * @param measured as counted until the measured part was over.
 * @param untilMs when that was, scenario time.
 */
export function withUnanswered(
  measured: Counters,
  outcomes: OutcomeSlots,
  { warmupMs, timeScale }: Scenario["run"],
  untilMs: number,
): Counters {
  const unanswered = failedBetween(outcomes, UNANSWERED, warmupMs / timeScale, untilMs / timeScale);
  if (unanswered === 0) return measured;
  const failures = { ...measured.failures, [UNANSWERED]: (measured.failures[UNANSWERED] ?? 0) + unanswered };
  return { ...measured, failed: measured.failed + unanswered, failures };
}
