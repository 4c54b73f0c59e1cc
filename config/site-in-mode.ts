// What looks after expired sessions follows from the mode: ASP.NET's cache sweeps and leaves small slides out, in process and in the
// state service; Redis and stores like it end each session at its own moment, every slide recorded.
// Source: .NET reference source, cacheexpires.cspp; aspnet-redis-providers (EXPIRE on every call).

import type { Site } from "./scenario.ts";
import type { SessionMode } from "./session-settings.ts";

export type ExpiryRule = Pick<Site, "expirySweepMs" | "expirySlideMinMs">;

/** Where a scenario does not say. */
export function defaultExpiry(technology: Site["technology"], mode: SessionMode): ExpiryRule {
  if (technology === "asp") return { expirySweepMs: 60_000, expirySlideMinMs: 0 };
  return mode === "Custom"
    ? { expirySweepMs: 0, expirySlideMinMs: 0 }
    : { expirySweepMs: 20_000, expirySlideMinMs: 1000 };
}

/** The same site in another mode. What it says of expiry stays between modes that share the cache, and is the default of Custom otherwise. */
export function siteInMode(site: Site, mode: SessionMode): Site {
  const otherCache = (mode === "Custom") !== (site.mode === "Custom");
  return { ...site, mode, ...(otherCache ? defaultExpiry(site.technology, mode) : {}) };
}
