// What every rival is asked to simulate: visitors come at random, ask for pages with pauses between them, and their session ends a
// timeout after the last request. The same model as scenarios/w2-yardstick.yaml with expiry at the very moment it is due.

import { w2 } from "../../w2.ts";

export interface W2Model {
  readonly arrivalsPerSecond: number;
  /** Of a visit, geometric, at least 1. */
  readonly requestsMean: number;
  /** Exponential. */
  readonly thinkMeanSeconds: number;
  readonly timeoutSeconds: number;
  /** null: no cap. Who finds so many sessions goes away for good. */
  readonly sessionsMax: number | null;
  readonly durationSeconds: number;
  /** Means are over what comes after it; counts are of the whole run. */
  readonly warmupSeconds: number;
  readonly seed: number;
}

export interface W2Outcome {
  readonly visits: number;
  readonly refused: number;
  /** The first of each visit among them, refused ones too. */
  readonly requests: number;
  readonly expired: number;
  readonly storedMean: number;
  readonly storedMax: number;
}

/** @param sessionsMax null: no cap. The means leave the first quarter out. */
export function w2Model(hours: number, seed: number, sessionsMax: number | null = null): W2Model {
  const { arrivalsPerSecond, requestsMean, thinkMeanSeconds, timeoutSeconds } = w2;
  const durationSeconds = hours * 3600;
  const warmupSeconds = durationSeconds / 4;
  return {
    arrivalsPerSecond,
    requestsMean,
    thinkMeanSeconds,
    timeoutSeconds,
    sessionsMax,
    durationSeconds,
    warmupSeconds,
    seed,
  };
}

/** Arrivals, follow-up requests and expiries: what happens at a moment of its own. */
export function eventsOf({ requests, expired }: Pick<W2Outcome, "requests" | "expired">): number {
  return requests + expired;
}
