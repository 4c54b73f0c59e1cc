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

/**
 * So many times the visits, at every moment: the shape stays. Of a trace, visits come several times, evenly spread until the next, or
 * are left out, evenly among all.
 * @param factor above 0.
 */
export function scaleArrivals(arrivals: Arrivals, factor: number): Arrivals {
  switch (arrivals.kind) {
    case "poisson":
    case "constant":
      return { ...arrivals, perSecond: arrivals.perSecond * factor };
    case "ramp":
      return {
        ...arrivals,
        fromPerSecond: arrivals.fromPerSecond * factor,
        toPerSecond: arrivals.toPerSecond * factor,
      };
    case "step":
      return {
        ...arrivals,
        fromPerSecond: arrivals.fromPerSecond * factor,
        byPerSecond: arrivals.byPerSecond * factor,
        toPerSecond: arrivals.toPerSecond * factor,
      };
    case "profile":
      return { ...arrivals, perHour: arrivals.perHour.map((visits) => visits * factor) };
    case "burst":
      return {
        ...arrivals,
        perSecond: arrivals.perSecond * factor,
        burstPerSecond: arrivals.burstPerSecond * factor,
      };
    case "trace":
      return { ...arrivals, atMs: scaleTrace(arrivals.atMs, factor) };
  }
}

function scaleTrace(atMs: readonly number[], factor: number): readonly number[] {
  return atMs.flatMap((from, place) => {
    const copies = Math.floor((place + 1) * factor) - Math.floor(place * factor);
    const gap = (atMs[place + 1] ?? from) - from;
    return Array.from({ length: copies }, (_, copy) => from + (gap * copy) / copies);
  });
}
