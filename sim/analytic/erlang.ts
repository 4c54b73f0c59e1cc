// Erlang's loss formula: the share of arrivals that find all places of a full system taken, when those refused go away for good.
// It holds for Poisson arrivals and any law of the time a place is held.

import { innerShare, load, requireAll, shareAboveZero, whole } from "./arguments.ts";
import { poissonShareInverse } from "./poisson.ts";
import { largestReal, leastWhole } from "./search.ts";

/**
 * @param places whole, at least 0.
 * @param erlangs offered: arrival rate × mean holding time.
 * @returns the share refused, 0 to 1. It takes some nine steps times the root of the load.
 * @throws InputError for places that are not counted, or a load below 0.
 * Source: A. K. Erlang 1917; B(n, a) = (aⁿ/n!) / Σ aᵏ/k!, a ratio of terms of the Poisson law.
 */
export function erlangB(places: number, erlangs: number): number {
  requireAll("Erlang B", [whole("places", places), load("erlangs", erlangs)]);
  return lossOf(places, erlangs);
}

function lossOf(places: number, erlangs: number): number {
  if (erlangs === 0) return places === 0 ? 1 : 0;
  return 1 / poissonShareInverse(places, erlangs);
}

/**
 * The least number of places at which no more than a share is refused.
 * @param refusedShare above 0, up to 1.
 * @throws InputError for a load below 0, or a share out of range.
 */
export function erlangBPlaces(erlangs: number, refusedShare: number): number {
  requireAll("places by Erlang B", [load("erlangs", erlangs), shareAboveZero("refusedShare", refusedShare)]);
  return leastWhole(0, (places) => lossOf(places, erlangs) <= refusedShare);
}

/**
 * The largest load, in erlangs, of which no more than a share is refused.
 * @param places whole, at least 1.
 * @param refusedShare above 0, below 1.
 * @throws InputError for places that are not counted, or a share out of range.
 */
export function erlangBLoad(places: number, refusedShare: number): number {
  requireAll("a load by Erlang B", [whole("places", places, 1), innerShare("refusedShare", refusedShare)]);
  // What is not refused finds a place, so the load carried, a(1 − B), stays below the places: a < n / (1 − B).
  const max = (places / (1 - refusedShare)) * (1 + 1e-12);
  return largestReal(max, (erlangs) => lossOf(places, erlangs) <= refusedShare);
}
