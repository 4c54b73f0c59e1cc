// The time-weighted mean and the maximum of a level (sessions stored, cores busy) over a window.

export interface Tally {
  /** The level as it stands. */
  readonly level: number;
  readonly max: number;
  add(nowMs: number, change: number): void;
  /** Forgets all but the present level: the warm-up is over. */
  restart(nowMs: number): void;
  /** Mean level from the last restart until now. */
  mean(nowMs: number): number;
  /** Level × time from the very beginning until now; the difference of two is the mean between them times its length. */
  area(nowMs: number): number;
}

export function createTally(): Tally {
  let level = 0;
  let max = 0;
  let area = 0;
  let changedAtMs = 0;
  let sinceMs = 0;
  let areaBefore = 0;
  const areaAt = (nowMs: number) => area + level * (nowMs - changedAtMs);
  return {
    get level() {
      return level;
    },
    get max() {
      return max;
    },
    add(nowMs, change) {
      area += level * (nowMs - changedAtMs);
      changedAtMs = nowMs;
      level += change;
      if (level > max) max = level;
    },
    restart(nowMs) {
      areaBefore = areaAt(nowMs);
      sinceMs = nowMs;
      max = level;
    },
    mean(nowMs) {
      return nowMs > sinceMs ? (areaAt(nowMs) - areaBefore) / (nowMs - sinceMs) : level;
    },
    area: areaAt,
  };
}
