// The one place of bench/ that reads time. Everything else is handed a Clock, so that tests can hold time still.

/** Milliseconds, with fractions, that never go back. Two processes of one machine agree on it to within milliseconds. */
export type Clock = () => number;

/** Milliseconds since 1970, counted by the monotonic clock from the moment the process began. */
export const machineClock: Clock = () => performance.timeOrigin + performance.now();

/**
 * A moment of machineClock by the clock that all processes of the machine share, to be told to another of them: their machineClocks
 * may be milliseconds apart, for each reads the wall clock when the scheduler lets it begin.
 */
export function toShared(atMs: number): number {
  return atMs - aheadMs();
}

/** A moment that another process has told, by the machineClock of this one. */
export function fromShared(sharedMs: number): number {
  return sharedMs + aheadMs();
}

/** Tries of which one should go through without the process being put aside between the readings. */
const TRIES = 5;

/** How far machineClock is ahead of the shared one: always the same, but for what passes between the readings. */
function aheadMs(): number {
  let aheadMs = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < TRIES; i++) {
    const atMs = machineClock();
    aheadMs = Math.max(aheadMs, atMs - Number(process.hrtime.bigint()) / 1e6);
  }
  return aheadMs;
}
