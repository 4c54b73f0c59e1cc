// Mean, spread and extremes of values that come one by one (waiting times), each counted once.
// Source: Welford, "Note on a method for calculating corrected sums of squares and products", Technometrics 4 (1962).

export interface ValueTally {
  readonly count: number;
  /** 0 when nothing was recorded. */
  readonly mean: number;
  /** Infinity when nothing was recorded. */
  readonly min: number;
  /** −Infinity when nothing was recorded. */
  readonly max: number;
  record(value: number): void;
  /** The sample variance; NaN for fewer than two values. Successive values of one run are seldom independent. */
  variance(): number;
  /** Forgets everything: the warm-up is over. */
  restart(): void;
}

const nothing = { count: 0, mean: 0, min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY };

export function createValueTally(): ValueTally {
  const tally = { ...nothing, record, variance, restart };
  const spread = { squares: 0 };

  function record(value: number): void {
    const off = value - tally.mean;
    tally.mean += off / ++tally.count;
    spread.squares += off * (value - tally.mean);
    if (value < tally.min) tally.min = value;
    if (value > tally.max) tally.max = value;
  }

  function variance(): number {
    return tally.count < 2 ? Number.NaN : spread.squares / (tally.count - 1);
  }

  function restart(): void {
    Object.assign(tally, nothing);
    spread.squares = 0;
  }

  return tally;
}
