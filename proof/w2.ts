// The yardstick in figures: 50 visits/s, ten requests each with 30 s between them, and a timeout of 20 minutes.
// Little's law: 50 × (9 × 30 + 1200) = 73,500 sessions live.

export const w2 = {
  arrivalsPerSecond: 50,
  /** Geometric. */
  requestsMean: 10,
  /** Exponential. */
  thinkMeanSeconds: 30,
  timeoutSeconds: 1200,
  liveErlangs: 50 * (9 * 30 + 1200),
} as const;
