// What somebody who knows session state would say on reading these settings. Every remark hangs on a setting that was written or on
// a combination of them: a site that says nothing hears nothing.

import type { Surroundings } from "../read/apply-edits.ts";
import type { Advice } from "../read/config-file.ts";
import type { Settings } from "../session-settings.ts";
import { classicAdvice, cookieAdvice, expiryAdvice } from "./lifetime-advice.ts";
import { lockAdvice } from "./lock-advice.ts";
import { modeAdvice } from "./mode-advice.ts";
import { credentialAdvice, sqlAdvice, storeAdvice } from "./store-advice.ts";

/** Remarks on effective settings, in the order of the settings they hang on. */
export function settingsAdvice(settings: Settings, surroundings: Surroundings): Advice[] {
  return [
    ...modeAdvice(settings, surroundings),
    ...storeAdvice(settings),
    ...sqlAdvice(settings),
    ...expiryAdvice(settings),
    ...cookieAdvice(settings, surroundings),
    ...credentialAdvice(settings),
    ...lockAdvice(settings, surroundings),
    ...classicAdvice(settings),
  ];
}
