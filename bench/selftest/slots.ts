// How evenly starts lie in time: the fullest slot of a length, wherever it begins, against what a slot holds on average.

/**
 * @param startsAtMs in order.
 * @returns 1 where every slot is as full as the others; 0 for no starts.
 */
export function fullestSlot(startsAtMs: readonly number[], slotMs: number, perSecond: number): number {
  let most = 0;
  let first = 0;
  for (let last = 0; last < startsAtMs.length; last++) {
    while (startsAtMs[last] - startsAtMs[first] >= slotMs) first++;
    most = Math.max(most, last - first + 1);
  }
  return most / ((perSecond * slotMs) / 1_000);
}
