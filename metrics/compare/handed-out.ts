// Whether two sets of values differ by more than chance, without a word on how they are distributed: if nothing changed, any way of
// handing the values out to two sides was as likely as the one that came.
// Source: Fisher's permutation test; Good, Permutation, Parametric and Bootstrap Tests of Hypotheses, 3rd ed., 3.2.

import type { Random } from "../random-numbers.ts";

/** All ways of handing out are tried where there are no more of them than this; otherwise so many are drawn. */
const WAYS_MAX = 20_000;

/** Of all ways to hand the values out to two sides of these sizes, the shares with a difference of means as high, and as low. */
export function handedOutAnew(
  a: readonly number[],
  b: readonly number[],
  random: Random,
): { readonly above: number; readonly below: number } {
  const all = Float64Array.from([...a, ...b]);
  const observed = b.reduce((total, value) => total + value, 0);
  // What adds up to the same in another order may differ in the last digit.
  const tolerance = 1e-12 * all.reduce((total, value) => total + Math.abs(value), 0);
  let ways = 0;
  let above = 0;
  let below = 0;
  const count = (drawn: number) => {
    ways++;
    if (drawn >= observed - tolerance) above++;
    if (drawn <= observed + tolerance) below++;
  };
  if (waysOf(all.length, b.length) <= WAYS_MAX) {
    chooseAll(all, b.length, 0, 0, count);
  } else {
    count(observed);
    for (let draw = 1; draw < WAYS_MAX; draw++) count(drawSum(all, b.length, random));
  }
  return { above: above / ways, below: below / ways };
}

function waysOf(n: number, k: number): number {
  let ways = 1;
  for (let i = 1; i <= k && ways <= WAYS_MAX; i++) ways *= (n - k + i) / i;
  return ways;
}

function chooseAll(all: Float64Array, left: number, from: number, sum: number, count: (sum: number) => void): void {
  if (left === 0) count(sum);
  else for (let i = from; i <= all.length - left; i++) chooseAll(all, left - 1, i + 1, sum + all[i], count);
}

/** The first k after a shuffle of as many. */
function drawSum(all: Float64Array, k: number, random: Random): number {
  let sum = 0;
  for (let i = 0; i < k; i++) {
    const other = i + random.below(all.length - i);
    const value = all[other];
    all[other] = all[i];
    all[i] = value;
    sum += value;
  }
  return sum;
}
