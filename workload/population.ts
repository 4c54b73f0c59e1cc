// Whose turn it is in a fixed population: a lookup by (seed, visit), like all that visitors do, so that a slower site meets the same
// members in the same order. Popular members lie scattered, not side by side, so that partitions share them.
// Source: YCSB, ScrambledZipfianGenerator.java and Utils.java (fnvhash64): ranks of ten billion items, folded onto those there are.

import type { Population } from "../config/scenario.ts";
import { createDraws } from "./random-stream.ts";
import { createZipfian } from "./zipfian.ts";

/** @returns from 0 to sessions − 1. */
export type MemberOf = (visit: number) => number;

/** However small the population, its most popular member is that of so many, with a 26th of all visits at theta 0.99. */
export const RANKED_ITEMS = 10_000_000_000;

export function createMemberOf({ sessions, choice }: Population, seed: number): MemberOf {
  const draws = createDraws(seed, "population");
  if (choice.kind === "uniform") return (visit) => Math.floor(draws.at(visit, 0) * sessions);
  const zipfian = createZipfian(RANKED_ITEMS, choice.theta);
  return (visit) => scatter(zipfian.rankAt(draws.at(visit, 0)), sessions);
}

const OFFSET_BASIS = 0xcbf29ce484222325n;
const PRIME = 1_099_511_628_211n;

/** FNV-1a over the eight bytes of the rank, lowest first, without its sign; the remainder names the member. */
export function scatter(rank: number, sessions: number): number {
  let left = BigInt(rank);
  let hash = OFFSET_BASIS;
  for (let byte = 0; byte < 8; byte++) {
    hash = BigInt.asUintN(64, (hash ^ (left & 0xffn)) * PRIME);
    left >>= 8n;
  }
  const signed = BigInt.asIntN(64, hash);
  return Number((signed < 0n ? -signed : signed) % BigInt(sessions));
}
