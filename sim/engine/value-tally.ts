// Mean, spread and extremes of values that come one by one (waiting times), each counted once.
// Source: Welford, "Note on a method for calculating corrected sums of squares and products", Technometrics 4 (1962).

export interface ValueTally {
  readonly count: number;
  /** NaN when nothing was recorded. */
  readonly mean: number;
  /** The sample variance; NaN for fewer than two values. Successive values of one run are seldom independent. */
  readonly variance: number;
  /** Infinity when nothing was recorded. */
  readonly min: number;
  /** −Infinity when nothing was recorded. */
  readonly max: number;
  record(value: number): void;
  /** Forgets everything: the warm-up is over. */
  restart(): void;
}

export function createValueTally(): ValueTally {
  const nothing = { count: 0, mean: 0, squares: 0, min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY };
  const state = { ...nothing };
  return {
    get count() {
      return state.count;
    },
    get mean() {
      return state.count === 0 ? Number.NaN : state.mean;
    },
    get variance() {
      return state.count < 2 ? Number.NaN : state.squares / (state.count - 1);
    },
    get min() {
      return state.min;
    },
    get max() {
      return state.max;
    },
    record(value) {
      const off = value - state.mean;
      state.mean += off / ++state.count;
      state.squares += off * (value - state.mean);
      if (value < state.min) state.min = value;
      if (value > state.max) state.max = value;
    },
    restart() {
      Object.assign(state, nothing);
    },
  };
}
