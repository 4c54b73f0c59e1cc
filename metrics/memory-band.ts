// The fitted line of a memory experiment with its 95 % band, from the two intervals that the experiment found: of the slope and of
// what the store takes without sessions.

import type { MemoryLine } from "./study.ts";

export interface BandPoint {
  readonly sessions: number;
  readonly bytes: number;
  /** Both the line itself where an interval is missing. */
  readonly lowBytes: number;
  readonly highBytes: number;
}

const POINTS = 24;

/**
 * Slope and level vary independently about the middle of the readings, so that the half width of the intercept is made up of both:
 * half(intercept)² = half(level)² + (mean sessions × half(slope))². Between the ends the band is narrowest there.
 */
export function memoryBand({ points, bytesPerSession, interceptBytes }: MemoryLine): readonly BandPoint[] {
  const sessionsMax = points.reduce((most, { sessions }) => Math.max(most, sessions), 0);
  const mean = points.reduce((sum, { sessions }) => sum + sessions, 0) / Math.max(1, points.length);
  const slopeHalf = halfOf(bytesPerSession);
  const levelHalf = Math.sqrt(Math.max(0, halfOf(interceptBytes) ** 2 - (mean * slopeHalf) ** 2));
  return Array.from({ length: POINTS + 1 }, (_, step) => {
    const sessions = (sessionsMax * step) / POINTS;
    const bytes = interceptBytes.value + bytesPerSession.value * sessions;
    const half = Math.hypot(levelHalf, slopeHalf * (sessions - mean));
    return { sessions, bytes, lowBytes: bytes - half, highBytes: bytes + half };
  });
}

function halfOf({ interval }: MemoryLine["bytesPerSession"]): number {
  return interval === null ? 0 : (interval.high - interval.low) / 2;
}
