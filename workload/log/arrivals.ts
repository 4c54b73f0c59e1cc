// When client-sessions began, kept two ways: by the hour of the clock for the daily profile, and in equal bins, as fine as a fixed
// number of them allows, for the question whether they came independently of each other.

export interface StartTally {
  /** Starts come in time order. */
  add(atMs: number): void;
  count(): number;
  /** NaN while there is none. */
  firstMs(): number;
  lastMs(): number;
  /** Sessions begun in each hour since 1970 that had one, rising. */
  byHour(): ReadonlyMap<number, number>;
  /** Sessions begun in each bin, from the first start on; the last bin may be cut short by the end of the log. */
  bins(): { readonly binMs: number; readonly counts: Uint32Array };
}

const HOUR_MS = 3_600_000;
const BINS_MAX = 1 << 17;

export function createStartTally(): StartTally {
  const byHour = new Map<number, number>();
  const counts = new Uint32Array(BINS_MAX);
  let binMs = 1000;
  let count = 0;
  let firstMs = Number.NaN;
  let lastMs = Number.NaN;

  /** Two bins become one. */
  function coarsen(): void {
    for (let i = 0; i < BINS_MAX / 2; i++) counts[i] = counts[2 * i] + counts[2 * i + 1];
    counts.fill(0, BINS_MAX / 2);
    binMs *= 2;
  }

  return {
    add(atMs) {
      if (count === 0) firstMs = atMs;
      lastMs = atMs;
      count++;
      const hour = Math.floor(atMs / HOUR_MS);
      byHour.set(hour, (byHour.get(hour) ?? 0) + 1);
      while (Math.floor((atMs - firstMs) / binMs) >= BINS_MAX) coarsen();
      counts[Math.floor((atMs - firstMs) / binMs)]++;
    },
    count: () => count,
    firstMs: () => firstMs,
    lastMs: () => lastMs,
    byHour: () => byHour,
    bins: () => ({
      binMs,
      counts: count === 0 ? counts.slice(0, 0) : counts.slice(0, Math.floor((lastMs - firstMs) / binMs) + 1),
    }),
  };
}
