// Inverses of formulas that only rise or only fall: the least whole number that will do, the largest real one.

import { assert } from "../../config/assert.ts";

/**
 * @param from where the search begins; whole.
 * @param does false up to some number, true from there on.
 * @returns the least whole number from `from` on that does, in as many steps as it has digits, twice over.
 */
export function leastWhole(from: number, does: (n: number) => boolean): number {
  if (does(from)) return from;
  let step = 1;
  while (!does(from + step)) {
    step *= 2;
    assert(step < Number.MAX_SAFE_INTEGER, "some number does");
  }
  let below = from + Math.floor(step / 2);
  let enough = from + step;
  while (enough - below > 1) {
    const middle = below + Math.floor((enough - below) / 2);
    if (does(middle)) enough = middle;
    else below = middle;
  }
  return enough;
}

/**
 * @param max above 0; it does not do, or cannot be asked.
 * @param does true up to some number above 0, false from there on.
 * @returns the largest double below `max` that does; 0 where none above 0 does.
 */
export function largestReal(max: number, does: (x: number) => boolean): number {
  let enough = max;
  let below = max / 2;
  while (below > 0 && !does(below)) {
    enough = below;
    below /= 2;
  }
  for (;;) {
    const middle = below + (enough - below) / 2;
    if (middle <= below || middle >= enough) return below;
    if (does(middle)) below = middle;
    else enough = middle;
  }
}
