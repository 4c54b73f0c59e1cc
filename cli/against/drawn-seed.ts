// The seed of a comparison for which none is given. It decides which side of a block begins, and that has to be drawn anew each time:
// an order that is the same in every comparison may fall in with something the machine does in every one.

import { randomInt } from "node:crypto";

/** Short enough to be typed again. */
const SEEDS = 1_000_000_000;

export function drawnSeed(): number {
  return randomInt(SEEDS);
}
