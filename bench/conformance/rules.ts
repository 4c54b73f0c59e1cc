// All rules of the conformance kit, in the order in which a report tells them.

import type { Rule } from "./rule.ts";
import { concurrencyRules } from "./rules-concurrency.ts";
import { expiryRules } from "./rules-expiry.ts";
import { idRules } from "./rules-ids.ts";
import { lateWriterRules } from "./rules-late-writers.ts";
import { lockTimeRules } from "./rules-lock-time.ts";
import { lockRules } from "./rules-locks.ts";
import { overwritingRules } from "./rules-overwriting.ts";
import { sharingRules } from "./rules-sharing.ts";
import { stateRules } from "./rules-state.ts";

export const rules: readonly Rule[] = [
  ...lockRules,
  ...lockTimeRules,
  ...lateWriterRules,
  ...overwritingRules,
  ...expiryRules,
  ...idRules,
  ...concurrencyRules,
  ...stateRules,
  ...sharingRules,
];
