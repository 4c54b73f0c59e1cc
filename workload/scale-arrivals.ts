// The arrivals of a scenario at another rate, held steadily: what a search for the highest rate tries. The shape of a ramp, a profile
// or a burst says how a rate is come to; a mixture of its rates has no one rate that an answer could name.

import type { Arrivals } from "../config/scenario.ts";

/**
 * Regular arrivals stay regular; all others come at random (Poisson), as each of their moments does.
 * @param visitsPerSecond above 0.
 * @returns null for a trace: its moments are what they are.
 */
export function arrivalsAt(arrivals: Arrivals, visitsPerSecond: number): Arrivals | null {
  switch (arrivals.kind) {
    case "trace":
      return null;
    case "constant":
      return { kind: "constant", perSecond: visitsPerSecond };
    default:
      return { kind: "poisson", perSecond: visitsPerSecond };
  }
}
