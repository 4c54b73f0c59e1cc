// Which of many items is wanted when few are popular: rank r with a chance close to 1 / r^theta / zeta. Drawn in constant time
// however many items there are, by a formula that is exact for the two most popular and smooth beyond them.
// Source: Gray et al., "Quickly generating billion-record synthetic databases", SIGMOD 1994; YCSB, ZipfianGenerator.java.

import { assert } from "../config/assert.ts";
import { power } from "../config/elementary.ts";

export interface Zipfian {
  /** @param u above 0 and below 1. @returns the rank, from 0, the most popular. */
  rankAt(u: number): number;
  /** The share of draws that give a rank below this: exactly that of rankAt. */
  shareBelow(rank: number): number;
}

/** @param theta above 0 and below 1: how skewed; YCSB has 0.99. */
export function createZipfian(items: number, theta: number): Zipfian {
  assert(Number.isSafeInteger(items) && items > 2, "a formula for more than two items");
  assert(theta > 0 && theta < 1, "theta lies between 0 and 1");
  const zetaOfAll = zeta(items, theta);
  const zetaOfTwo = 1 + power(0.5, theta);
  const alpha = 1 / (1 - theta);
  const eta = (1 - power(2 / items, 1 - theta)) / (1 - zetaOfTwo / zetaOfAll);

  return {
    rankAt(u) {
      const place = u * zetaOfAll;
      if (place < 1) return 0;
      if (place < zetaOfTwo) return 1;
      return Math.min(items - 1, Math.floor(items * power(eta * u - eta + 1, alpha)));
    },
    shareBelow(rank) {
      if (rank <= 0) return 0;
      if (rank === 1) return 1 / zetaOfAll;
      if (rank === 2) return zetaOfTwo / zetaOfAll;
      if (rank >= items) return 1;
      return (power(rank / items, 1 - theta) - 1 + eta) / eta;
    },
  };
}

/** Terms added up one by one; the rest is an integral with corrections. */
const TERMS_ADDED = 1_000;

/**
 * The sum of 1 / i^theta for i from 1 to n, to some 12 digits, without n steps.
 * Source: Euler and Maclaurin's formula, NIST Digital Library of Mathematical Functions, 2.10.1.
 */
export function zeta(n: number, theta: number): number {
  const direct = Math.min(n, TERMS_ADDED);
  let sum = 0;
  for (let i = direct; i >= 1; i--) sum += power(i, -theta);
  if (direct === n) return sum;
  const from = TERMS_ADDED;
  const integral = (power(n, 1 - theta) - power(from, 1 - theta)) / (1 - theta);
  const ends = (power(n, -theta) - power(from, -theta)) / 2;
  const slopes = (theta * (power(from, -theta - 1) - power(n, -theta - 1))) / 12;
  return sum + integral + ends + slopes;
}
