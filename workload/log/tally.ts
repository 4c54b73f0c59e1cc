// How often each whole number occurred: gaps in milliseconds, requests of a session. Exact means and percentiles come out of it, and
// it grows with the number of different values, not with the length of the log.

export interface Tally {
  add(value: number): void;
  count(): number;
  sum(): number;
  /** Mean of all values; 0 when there is none. */
  mean(): number;
  /** Standard error of the mean; 0 below two values. */
  standardError(): number;
  /** Nearest rank: the smallest value that at least the share `p` of all values do not exceed; 0 when there is none. */
  percentile(p: number): number;
  max(): number;
  /** Every value that occurred, rising, with how often. */
  entries(): Entries;
}

export interface Entries {
  readonly values: readonly number[];
  readonly counts: readonly number[];
}

/** Smaller values are counted in an array, larger ones, which are rare, in a map. */
const ARRAY_MAX = 1 << 20;

/** For whole numbers of at least 0. */
export function createTally(): Tally {
  let small = new Uint32Array(1024);
  const large = new Map<number, number>();
  let count = 0;
  let sum = 0;
  let squares = 0;

  function add(value: number): void {
    count++;
    sum += value;
    squares += value * value;
    if (value >= ARRAY_MAX) {
      large.set(value, (large.get(value) ?? 0) + 1);
      return;
    }
    if (value >= small.length) {
      const larger = new Uint32Array(2 ** (32 - Math.clz32(value)));
      larger.set(small);
      small = larger;
    }
    small[value]++;
  }

  function entries(): Entries {
    const values: number[] = [];
    const counts: number[] = [];
    for (let value = 0; value < small.length; value++) {
      if (small[value] === 0) continue;
      values.push(value);
      counts.push(small[value]);
    }
    for (const value of [...large.keys()].sort((a, b) => a - b)) {
      values.push(value);
      counts.push(large.get(value) ?? 0);
    }
    return { values, counts };
  }

  function percentile(p: number): number {
    const { values, counts } = entries();
    const rank = Math.max(1, Math.ceil(p * count));
    let seen = 0;
    for (let i = 0; i < values.length; i++) {
      seen += counts[i];
      if (seen >= rank) return values[i];
    }
    return 0;
  }

  return {
    add,
    count: () => count,
    sum: () => sum,
    mean: () => (count === 0 ? 0 : sum / count),
    standardError() {
      if (count < 2) return 0;
      const variance = Math.max(0, squares - (sum * sum) / count) / (count - 1);
      return Math.sqrt(variance / count);
    },
    percentile,
    max: () => entries().values.at(-1) ?? 0,
    entries,
  };
}
