// Processor time that is really spent: a page's milliseconds are milliseconds of a core, whatever its speed is just now, for the cores
// of a machine that is shared change theirs within seconds. The CPU clocks may tick only every few milliseconds, and wall time passes
// while others run; so the page works in slices of a few microseconds, and one in which the core was taken away does not count.

/** Keeps the compiler from leaving the work out. */
let residue = 1;

/** Some three microseconds. */
const SLICE_ROUNDS = 2_000;
/** No slice takes so long by itself; nor ten times the shortest, where all are slow. */
const TAKEN_AWAY_MS = 0.05;
let shortestMs = Number.POSITIVE_INFINITY;

/** Keeps this thread busy until it has had a core for `cpuMs` milliseconds; longer on the clock when others take the core. */
export function burn(cpuMs: number): void {
  let beforeMs = performance.now();
  for (let leftMs = cpuMs; leftMs > 0; ) {
    slice();
    const afterMs = performance.now();
    const tookMs = afterMs - beforeMs;
    beforeMs = afterMs;
    shortestMs = Math.min(shortestMs, tookMs);
    if (tookMs < Math.max(TAKEN_AWAY_MS, 10 * shortestMs)) leftMs -= tookMs;
  }
}

function slice(): void {
  let x = residue | 1;
  for (let i = 0; i < SLICE_ROUNDS; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
  }
  residue = x;
}
