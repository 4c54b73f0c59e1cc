// The time-weighted mean and the maximum of a level (sessions stored, cores busy) over a window.

export interface Tally {
  /** The level as it stands. */
  readonly level: number;
  readonly max: number;
  /** Since when the level has been as it is. */
  readonly changedAtMs: number;
  add(nowMs: number, change: number): void;
  /** Forgets all but the present level: the warm-up is over. */
  restart(nowMs: number): void;
  /** Mean level from the last restart until now. */
  mean(nowMs: number): number;
  /** Level × time from the very beginning until now; the difference of two is the mean between them times its length. */
  area(nowMs: number): number;
}

export function createTally(): Tally {
  // Fields, neither accessors nor variables: an engine is slow to reach what an accessor of a literal gives, and makes a new number
  // on the heap for each fraction that a variable gets.
  const past = { area: 0, sinceMs: 0, areaBefore: 0 };
  const tally = { level: 0, max: 0, changedAtMs: 0, add, restart, mean, area };

  function add(nowMs: number, change: number): void {
    past.area += tally.level * (nowMs - tally.changedAtMs);
    tally.changedAtMs = nowMs;
    tally.level += change;
    if (tally.level > tally.max) tally.max = tally.level;
  }

  function area(nowMs: number): number {
    return past.area + tally.level * (nowMs - tally.changedAtMs);
  }

  function mean(nowMs: number): number {
    return nowMs > past.sinceMs ? (area(nowMs) - past.areaBefore) / (nowMs - past.sinceMs) : tally.level;
  }

  function restart(nowMs: number): void {
    past.areaBefore = area(nowMs);
    past.sinceMs = nowMs;
    tally.max = tally.level;
  }

  return tally;
}
