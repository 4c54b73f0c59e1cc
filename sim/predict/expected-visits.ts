// How many visits a scenario's arrivals bring: known before any of them comes, whatever the law of chance, and however long the run.

import type { Arrivals } from "../../config/scenario.ts";

const HOUR_MS = 3_600_000;

/** Expected visits from the start until a moment; of a trace or of regular arrivals, the number itself. */
export function expectedVisits(arrivals: Arrivals, untilMs: number): number {
  switch (arrivals.kind) {
    case "poisson":
      return (arrivals.perSecond * untilMs) / 1000;
    case "constant":
      return Math.floor((arrivals.perSecond * untilMs) / 1000);
    case "trace":
      return visitsBefore(arrivals.atMs, untilMs);
    case "ramp": {
      const { fromPerSecond, toPerSecond, overMs } = arrivals;
      const rampMs = Math.min(untilMs, overMs);
      const slope = (toPerSecond - fromPerSecond) / overMs;
      return ((fromPerSecond + (slope * rampMs) / 2) * rampMs + toPerSecond * (untilMs - rampMs)) / 1000;
    }
    case "step": {
      const { fromPerSecond, byPerSecond, everyMs, toPerSecond } = arrivals;
      const steps = Math.max(0, Math.ceil((toPerSecond - fromPerSecond) / byPerSecond));
      const whole = Math.min(steps, Math.floor(untilMs / everyMs));
      const last = Math.min(toPerSecond, fromPerSecond + whole * byPerSecond);
      const climbed = (fromPerSecond + ((whole - 1) / 2) * byPerSecond) * whole * everyMs;
      return (climbed + last * (untilMs - whole * everyMs)) / 1000;
    }
    case "profile":
      return (
        hoursOf(arrivals.perHour, arrivals.startHour + untilMs / HOUR_MS) -
        hoursOf(arrivals.perHour, arrivals.startHour)
      );
    case "burst": {
      const { perSecond, burstPerSecond, burstAtMs, burstMs } = arrivals;
      const insideMs = Math.max(0, Math.min(untilMs - burstAtMs, burstMs));
      return (perSecond * (untilMs - insideMs) + burstPerSecond * insideMs) / 1000;
    }
  }
}

const WINDOWS = 500;

/** Most visits that a window of such a length is expected to hold, as it slides over the run. */
export function mostVisitsWithin(arrivals: Arrivals, windowMs: number, durationMs: number): number {
  let most = 0;
  for (let n = 1; n <= WINDOWS; n++) {
    const toMs = (durationMs * n) / WINDOWS;
    const before = toMs <= windowMs ? 0 : expectedVisits(arrivals, toMs - windowMs);
    most = Math.max(most, expectedVisits(arrivals, toMs) - before);
  }
  return most;
}

/** Visits of a profile from the start of its list until so many hours later. */
function hoursOf(perHour: readonly number[], hours: number): number {
  const list = perHour.reduce((sum, visits) => sum + visits, 0);
  const whole = Math.floor(hours);
  const started = whole % perHour.length;
  let sum = Math.floor(whole / perHour.length) * list;
  for (let hour = 0; hour < started; hour++) sum += perHour[hour];
  return sum + (hours - whole) * perHour[started];
}

function visitsBefore(atMs: readonly number[], untilMs: number): number {
  let from = 0;
  let to = atMs.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (atMs[middle] < untilMs) from = middle + 1;
    else to = middle;
  }
  return from;
}
