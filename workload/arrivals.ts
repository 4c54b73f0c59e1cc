// When visits begin, as moments in scenario time that only go forward. The open end of the load: nothing the site does moves them.

import { assert } from "../config/assert.ts";
import type { Arrivals } from "../config/scenario.ts";
import { negativeLog } from "./exponential.ts";
import { createStream, type Stream } from "./random-stream.ts";

export interface ArrivalSource {
  /** The moment of the next visit, ms from the start; Infinity when no more will come. */
  nextAtMs(): number;
}

const HOUR_MS = 3_600_000;

export function createArrivals(arrivals: Arrivals, seed: number, mirrored = false): ArrivalSource {
  const stream = createStream(seed, "arrivals", mirrored);
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
    case "step": {
      const steps = Math.floor(atMs / arrivals.everyMs);
      return Math.min(arrivals.toPerSecond, arrivals.fromPerSecond + steps * arrivals.byPerSecond);
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
    case "step":
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
  // A field: a fraction in a variable of a closure is a new object each time.
  const last = { atMs: 0 };
  return {
    nextAtMs() {
      last.atMs += (1000 * negativeLog(stream.nextBits())) / perSecond;
      return last.atMs;
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

/**
 * Lewis and Shedler's thinning: a Poisson process at the highest rate of a stretch, each point kept with chance rate/highest. A stretch
 * that ends before the next point is left at its end: the process has no memory.
 */
function thinned(stream: Stream, arrivals: Arrivals): ArrivalSource {
  if (ratePeak(arrivals) === 0) return { nextAtMs: () => Number.POSITIVE_INFINITY };
  let atMs = 0;
  return {
    nextAtMs() {
      for (let steps = 0; ; steps++) {
        assert(steps < 1e9, "thinning ends");
        const { highestPerSecond, untilMs } = stretchAt(arrivals, atMs);
        const gapMs = highestPerSecond === 0 ? untilMs : (1000 * negativeLog(stream.nextBits())) / highestPerSecond;
        if (atMs + gapMs < untilMs) {
          atMs += gapMs;
          if (stream.next() * highestPerSecond < rateAt(arrivals, atMs)) return atMs;
        } else {
          atMs = untilMs;
          if (atMs === Number.POSITIVE_INFINITY) return atMs;
        }
      }
    },
  };
}

interface Stretch {
  readonly highestPerSecond: number;
  /** After the moment asked for. */
  readonly untilMs: number;
}

/** From a moment on, a while in which one rate is the highest and none is much lower for long. */
export function stretchAt(arrivals: Arrivals, atMs: number): Stretch {
  const highestPerSecond = rateAt(arrivals, atMs);
  const forEver = { highestPerSecond, untilMs: Number.POSITIVE_INFINITY };
  if (arrivals.kind === "ramp") {
    return atMs < arrivals.overMs ? { highestPerSecond: ratePeak(arrivals), untilMs: arrivals.overMs } : forEver;
  }
  if (arrivals.kind === "burst") {
    const endsAtMs = arrivals.burstAtMs + arrivals.burstMs;
    if (atMs >= endsAtMs) return forEver;
    return { highestPerSecond, untilMs: atMs < arrivals.burstAtMs ? arrivals.burstAtMs : endsAtMs };
  }
  if (arrivals.kind === "step") {
    const untilMs = (Math.floor(atMs / arrivals.everyMs) + 1) * arrivals.everyMs;
    return highestPerSecond >= arrivals.toPerSecond ? forEver : { highestPerSecond, untilMs: after(atMs, untilMs) };
  }
  if (arrivals.kind !== "profile") return forEver;
  const hour = Math.floor(atMs / HOUR_MS + arrivals.startHour);
  const untilMs = (hour + 1 - arrivals.startHour) * HOUR_MS;
  return { highestPerSecond, untilMs: after(atMs, untilMs) };
}

/** A stretch may have no room left for the last digit of the moment: the next one then begins a hair late. */
function after(atMs: number, untilMs: number): number {
  return untilMs > atMs ? untilMs : atMs + 1e-3;
}
