// The page views of a visitor whose session is there, one after another: all alike, so that only their number in each slot of time and
// the sliding of the expiry matter. Nearly all events of a run pass through this loop, hence its shape: a function of its own over a
// few numbers, no calls but two that are inlined.

import type { Scenario } from "../../config/scenario.ts";
import { lawSampler } from "../../workload/distributions.ts";
import { negativeLog } from "../../workload/exponential.ts";
import { thinkDraws } from "../../workload/journeys.ts";
import { type Bits, bitsOfStep } from "../../workload/random-stream.ts";
import type { RecordBook } from "./record-book.ts";
import type { SessionLives } from "./session-lives.ts";

export interface Stroll {
  /** The page view that was come to, and its moment. */
  readonly step: number;
  readonly atMs: number;
  /**
   * From page view `step`, just served at `atMs`, to the first one that does not find the session live, or that is beyond the last of
   * `total`, or beyond the end of the run.
   * @returns whether there is such a page view to serve.
   */
  go(visit: number, step: number, total: number, atMs: number): boolean;
}

interface StrollOptions {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly mirrored: boolean;
  readonly endMs: number;
  readonly book: RecordBook;
  readonly lives: SessionLives;
}

/** What the loop reads; the same shape in every run. */
interface Path {
  readonly turned: number;
  /** Of an exponential law; NaN for any other. */
  readonly meanMs: number;
  readonly maxMs: number;
  readonly sampler: (bits: Bits) => number;
  readonly timeoutMs: number;
  readonly slideMinMs: number;
  readonly endMs: number;
  readonly sampleMs: number;
  readonly warmupMs: number;
  readonly durationMs: number;
  readonly followUps: Float64Array;
}

// Where the last stroll ended: moment, expiry.
const AT = 0;
const EXPIRY = 1;

export function createStroll({ scenario, seed, mirrored, endMs, book, lives }: StrollOptions): Stroll {
  const { workload, run } = scenario;
  const law = workload.thinkMs;
  const draws = thinkDraws(seed, mirrored);
  const reached = new Float64Array(2);
  const path: Path = {
    turned: draws.turned,
    meanMs: law.kind === "exponential" ? law.mean : Number.NaN,
    maxMs: law.kind === "exponential" ? (law.max ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY,
    sampler: lawSampler(law),
    timeoutMs: lives.timeoutMs,
    slideMinMs: lives.slideMinMs,
    endMs,
    sampleMs: run.sampleMs,
    warmupMs: run.warmupMs,
    durationMs: run.durationMs,
    followUps: book.flows.followUps,
  };
  const stroll = {
    step: 0,
    atMs: 0,
    go(visit: number, step: number, total: number, atMs: number): boolean {
      reached[AT] = atMs;
      reached[EXPIRY] = lives.expiresAtMs[0];
      stroll.step = walkOn(path, reached, draws.keyOf(visit), step, total, lives.lostAtMs[0]);
      stroll.atMs = reached[AT];
      lives.expiresAtMs[0] = reached[EXPIRY];
      return stroll.step < total && stroll.atMs <= endMs;
    },
  };
  return stroll;
}

/** @returns the page view that was come to; `total` when there is none. */
function walkOn(path: Path, reached: Float64Array, key: number, from: number, total: number, lostAtMs: number): number {
  const { turned, meanMs, maxMs, sampler, timeoutMs, slideMinMs, sampleMs, warmupMs, durationMs, followUps } = path;
  const afterwards = followUps.length - 1;
  const untilMs = Math.min(path.endMs, lostAtMs);
  let atMs = reached[AT];
  let expiryMs = reached[EXPIRY];
  let step = from;
  while (step + 1 < total) {
    const bits = bitsOfStep(key, step, turned);
    atMs += meanMs > 0 ? Math.min(meanMs * negativeLog(~bits >>> 0), maxMs) : sampler(bits);
    step++;
    if (atMs > expiryMs || atMs > untilMs) {
      reached[AT] = atMs;
      reached[EXPIRY] = expiryMs;
      return step;
    }
    if (atMs + timeoutMs - expiryMs >= slideMinMs) expiryMs = atMs + timeoutMs;
    const slot = atMs >= durationMs ? afterwards : Math.floor(atMs / sampleMs) + (atMs >= warmupMs ? 1 : 0);
    followUps[slot]++;
  }
  reached[EXPIRY] = expiryMs;
  return total;
}
