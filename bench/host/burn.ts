// Processor time that is really spent. The machine's CPU clocks may tick only every few milliseconds and wall time passes while
// others run, so a page's milliseconds are turned into a fixed amount of work. How much that is, is measured when the host starts and for
// some seconds on: the speed of a core that is shared with other machines changes from one second to the next, and it is its highest
// that can be told again.

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
const SLICES_AT_START = 200;
/** A slice of a tenth of a millisecond now and then disturbs nobody. */
const LOOK_EVERY_MS = 15;
const LOOK_FOR_MS = 5_000;

export interface PageWork {
  /** Rounds of work in one undisturbed millisecond, as far as it is known by now. */
  readonly roundsPerMs: number;
}

/** Takes about 20 ms of work at once, and a hundredth of a core for some seconds more; keeps no process alive. */
export function measurePageWork(): PageWork {
  const found = { roundsPerMs: 0 };
  const look = () => {
    const startedAtMs = performance.now();
    work(SLICE_ROUNDS);
    found.roundsPerMs = Math.max(found.roundsPerMs, SLICE_ROUNDS / (performance.now() - startedAtMs));
  };
  for (let slice = 0; slice < SLICES_AT_START; slice++) look();
  const untilMs = performance.now() + LOOK_FOR_MS;
  const looking = setInterval(() => {
    look();
    if (performance.now() >= untilMs) clearInterval(looking);
  }, LOOK_EVERY_MS);
  looking.unref();
  return found;
}

/** Keeps this thread busy with `cpuMs` milliseconds' worth of work; longer on the clock when others take the core. */
export function burn(cpuMs: number, { roundsPerMs }: PageWork): void {
  work(Math.round(cpuMs * roundsPerMs));
}
