// Whether the wall clock kept pace with the monotonic one. Latencies are taken by the monotonic clock and do not notice a step; stores,
// cookies and logs go by the wall clock, and for them a step is time that nobody lived through.

/** Two readings as close together as can be had. */
export interface ClockPair {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

export interface ClockSteps {
  /** To be called now and then with a new pair. */
  look(pair: ClockPair): void;
  /** The largest change of the difference between two looks; negative when the wall clock fell back. */
  largestMs(): number;
}

/** @param first the pair that later ones are compared with. */
export function createClockSteps(first: ClockPair): ClockSteps {
  let differenceMs = first.wallMs - first.monotonicMs;
  let largestMs = 0;
  return {
    look({ wallMs, monotonicMs }) {
      const stepMs = wallMs - monotonicMs - differenceMs;
      differenceMs += stepMs;
      if (Math.abs(stepMs) > Math.abs(largestMs)) largestMs = stepMs;
    },
    largestMs: () => largestMs,
  };
}

/** Tries of which one should go through without the process being put aside between the readings. */
const TRIES = 5;

/** The wall clock has whole milliseconds only, so that up to one of a difference means nothing. */
export function readClockPair(): ClockPair {
  let best: ClockPair | null = null;
  let bestTookMs = Number.POSITIVE_INFINITY;
  for (let i = 0; i < TRIES; i++) {
    const beforeMs = performance.now();
    const wallMs = Date.now();
    const tookMs = performance.now() - beforeMs;
    if (best !== null && tookMs >= bestTookMs) continue;
    best = { wallMs, monotonicMs: beforeMs + tookMs / 2 };
    bestTookMs = tookMs;
  }
  return best as ClockPair;
}
