// Processor time that is really spent. The machine's CPU clocks may tick only every few milliseconds and wall time passes while
// others run, so a page's milliseconds are turned into a fixed amount of work, measured once when the host starts.

/** Keeps the compiler from leaving the work out. */
let residue = 1;

function work(rounds: number): void {
  let x = residue | 1;
  for (let i = 0; i < rounds; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
  }
  residue = x;
}

const SLICE_ROUNDS = 50_000;
const SLICES = 200;

/** Rounds of work in one undisturbed millisecond: those of the fastest of many short slices. About 20 ms of work itself. */
export function measureRoundsPerMs(): number {
  let fastestMs = Number.POSITIVE_INFINITY;
  for (let slice = 0; slice < SLICES; slice++) {
    const startedAtMs = performance.now();
    work(SLICE_ROUNDS);
    fastestMs = Math.min(fastestMs, performance.now() - startedAtMs);
  }
  return SLICE_ROUNDS / fastestMs;
}

/** Keeps this thread busy with `cpuMs` milliseconds' worth of work; longer on the clock when others take the core. */
export function burn(cpuMs: number, roundsPerMs: number): void {
  work(Math.round(cpuMs * roundsPerMs));
}
