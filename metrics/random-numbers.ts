// Chance for statistics that resample: bootstraps, permutations, coins. From a seed alone, so that a verdict comes out the same in
// every engine and for any number of workers.
// Source: sfc32 of PractRand (Chris Doty-Humphrey, public domain), seeded by SplitMix (Steele, Lea and Flood, OOPSLA 2014) on 32 bits.

import { assert } from "../config/assert.ts";

const UINT32 = 4_294_967_296;
const GOLDEN = 0x9e3779b9;
/** So many draws until a seed of few bits has reached all of the state, as in PractRand. */
const DRAWS_TO_MIX = 12;

export interface Random {
  /** The next number, from 0 and below 1, in steps of 2⁻³². */
  next(): number;
  /** A whole number from 0 and below n, each as likely as any other. @param n whole, 1 to 2³². */
  below(n: number): number;
}

/** @param seed whole, 0 to 2⁵³ − 1; each gives numbers of its own. */
export function createRandom(seed: number): Random {
  assert(Number.isSafeInteger(seed) && seed >= 0, "a seed is a whole number of 0 or more");
  let a = split(seed | 0);
  let b = split(Math.floor(seed / UINT32) + GOLDEN);
  let c = split(a ^ b);
  let counter = 1;
  function nextBits(): number {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }
  for (let draw = 0; draw < DRAWS_TO_MIX; draw++) nextBits();
  return {
    next: () => nextBits() / UINT32,
    below(n) {
      assert(Number.isInteger(n) && n >= 1 && n <= UINT32, "there is something to choose from");
      // The draws above the last whole multiple of n would favour the first few choices.
      const fair = UINT32 - (UINT32 % n);
      for (;;) {
        const bits = nextBits();
        if (bits < fair) return bits % n;
      }
    },
  };
}

/** The step and the finaliser of SplitMix with the constants of 32 bits (those of lowbias32, Wellons 2018): a bijection. */
function split(value: number): number {
  let mixed = (value + GOLDEN) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x7feb352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b);
  return mixed ^ (mixed >>> 16);
}
