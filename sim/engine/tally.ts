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
  // Fields of an object, not variables: an engine makes a new number on the heap for each fraction that it assigns to a variable.
  const state = { level: 0, max: 0, area: 0, changedAtMs: 0, sinceMs: 0, areaBefore: 0 };
  const areaAt = (nowMs: number) => state.area + state.level * (nowMs - state.changedAtMs);
  return {
    get level() {
      return state.level;
    },
    get max() {
      return state.max;
    },
    add(nowMs, change) {
      state.area += state.level * (nowMs - state.changedAtMs);
      state.changedAtMs = nowMs;
      state.level += change;
      if (state.level > state.max) state.max = state.level;
    },
    restart(nowMs) {
      state.areaBefore = areaAt(nowMs);
      state.sinceMs = nowMs;
      state.max = state.level;
    },
    mean(nowMs) {
      const { sinceMs, areaBefore, level } = state;
      return nowMs > sinceMs ? (areaAt(nowMs) - areaBefore) / (nowMs - sinceMs) : level;
    },
    area: areaAt,
  };
}
