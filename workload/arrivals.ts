// When visits begin, as moments in scenario time that only go forward. The open end of the load: nothing the site does moves them.

import { assert } from "../config/assert.ts";
import type { Arrivals } from "../config/scenario.ts";
import { createStream, type Stream } from "./random-stream.ts";

export interface ArrivalSource {
  /** The moment of the next visit, ms from the start; Infinity when no more will come. */
  nextAtMs(): number;
}

const HOUR_MS = 3_600_000;

export function createArrivals(arrivals: Arrivals, seed: number): ArrivalSource {
  const stream = createStream(seed, "arrivals");
  switch (arrivals.kind) {
    case "poisson":
      return poisson(stream, arrivals.perSecond);
    case "constant":
      return constant(arrivals.perSecond);
    case "trace":
      return trace(arrivals.atMs);
    default:
      return thinned(stream, arrivals);
  }
}

/** Visits per second at a moment; the rate that a varying source follows. */
export function rateAt(arrivals: Arrivals, atMs: number): number {
  switch (arrivals.kind) {
    case "poisson":
    case "constant":
      return arrivals.perSecond;
    case "ramp": {
      const done = Math.min(1, atMs / arrivals.overMs);
      return arrivals.fromPerSecond + done * (arrivals.toPerSecond - arrivals.fromPerSecond);
    }
    case "profile": {
      const hour = Math.floor(atMs / HOUR_MS + arrivals.startHour) % arrivals.perHour.length;
      return arrivals.perHour[hour] / 3600;
    }
    case "burst": {
      const inside = atMs >= arrivals.burstAtMs && atMs < arrivals.burstAtMs + arrivals.burstMs;
      return inside ? arrivals.burstPerSecond : arrivals.perSecond;
    }
    case "trace":
      throw new Error("a trace has moments, not a rate");
  }
}

/** The highest rate that can occur, visits per second; for a trace, its mean. */
export function ratePeak(arrivals: Arrivals): number {
  switch (arrivals.kind) {
    case "poisson":
    case "constant":
      return arrivals.perSecond;
    case "ramp":
      return Math.max(arrivals.fromPerSecond, arrivals.toPerSecond);
    case "profile":
      return Math.max(...arrivals.perHour) / 3600;
    case "burst":
      return Math.max(arrivals.perSecond, arrivals.burstPerSecond);
    case "trace": {
      const last = arrivals.atMs[arrivals.atMs.length - 1];
      return last > 0 ? (arrivals.atMs.length * 1000) / last : arrivals.atMs.length;
    }
  }
}

function poisson(stream: Stream, perSecond: number): ArrivalSource {
  let atMs = 0;
  return {
    nextAtMs() {
      atMs += (-1000 * Math.log(stream.next())) / perSecond;
      return atMs;
    },
  };
}

/** The n-th visit at (n + 1)/rate, by multiplication: no rounding error piles up. */
function constant(perSecond: number): ArrivalSource {
  let n = 0;
  return {
    nextAtMs() {
      n++;
      return (n * 1000) / perSecond;
    },
  };
}

function trace(atMs: readonly number[]): ArrivalSource {
  let next = 0;
  return { nextAtMs: () => (next < atMs.length ? atMs[next++] : Number.POSITIVE_INFINITY) };
}

/** Lewis and Shedler's thinning: a Poisson process at the peak rate, each point kept with chance rate/peak. */
function thinned(stream: Stream, arrivals: Arrivals): ArrivalSource {
  const peak = ratePeak(arrivals);
  let atMs = 0;
  let rejectedInARow = 0;
  return {
    nextAtMs() {
      for (;;) {
        if (peak === 0) return Number.POSITIVE_INFINITY;
        atMs += (-1000 * Math.log(stream.next())) / peak;
        if (stream.next() * peak < rateAt(arrivals, atMs)) {
          rejectedInARow = 0;
          return atMs;
        }
        if (settled(arrivals, atMs)) return Number.POSITIVE_INFINITY;
        assert(++rejectedInARow < 1e9, "thinning ends");
      }
    },
  };
}

/** No visit can come any more: the rate has reached zero and stays there. */
function settled(arrivals: Arrivals, atMs: number): boolean {
  if (arrivals.kind === "ramp") return arrivals.toPerSecond === 0 && atMs >= arrivals.overMs;
  if (arrivals.kind === "burst") return arrivals.perSecond === 0 && atMs >= arrivals.burstAtMs + arrivals.burstMs;
  return false;
}
