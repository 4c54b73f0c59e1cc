// Erlang's loss formula: the share of arrivals that find all places of a full system taken, when those refused go away for good.
// It holds for Poisson arrivals and any law of the time a place is held.

import { assert } from "../../config/assert.ts";

/**
 * @param places whole, at least 0.
 * @param offeredErlangs arrival rate × mean holding time.
 * @returns the share refused, 0 to 1. Source: A. K. Erlang 1917; the recursion B(n) = aB(n−1) / (n + aB(n−1)).
 */
export function erlangB(places: number, offeredErlangs: number): number {
  assert(Number.isInteger(places) && places >= 0, "places are counted");
  assert(offeredErlangs >= 0, "load is not negative");
  let refused = 1;
  for (let n = 1; n <= places; n++) {
    refused = (offeredErlangs * refused) / (n + offeredErlangs * refused);
    if (refused === 0) return 0;
  }
  return refused;
}
