// What a validation ends with.

import { hasInvalidRuns, type Validation, verdictCounts } from "../../metrics/validation/validation.ts";
import { RUN_INVALID, TARGET_MISSED } from "../exit-codes.ts";

/** 3 when a run must not be believed or not all was run, 1 when a figure misses its bound, else 0. */
export function validationExitCode(validation: Validation): number {
  if (!validation.complete || hasInvalidRuns(validation)) return RUN_INVALID;
  return verdictCounts(validation).misses > 0 ? TARGET_MISSED : 0;
}
