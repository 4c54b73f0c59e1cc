// Waiting in real time: for a moment, for an interrupt, for answers.

import { setTimeout as delay } from "node:timers/promises";
import { machineClock } from "./clock.ts";

/** The longest that a timer takes. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/** Sleeps to a moment of machineClock, or until `over`; timers may be early by a fraction of a millisecond, this is not. */
export async function sleepUntil(atMs: number, over: AbortSignal): Promise<void> {
  for (let leftMs = atMs - machineClock(); leftMs > 0 && !over.aborted; leftMs = atMs - machineClock()) {
    await delay(Math.min(leftMs, TIMER_MS_MAX), undefined, { signal: over }).catch(() => undefined);
  }
}

/** Resolves when `signal` is; never, when `over` comes first. */
export function aborted(signal: AbortSignal, over: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { signal: over });
  });
}

/** Never resolves; rejects when `work` does. */
export function onlyFailure(work: Promise<unknown>): Promise<never> {
  return new Promise((_, reject) => work.catch(reject));
}

/** Until nothing is under way, or for `graceMs`. */
export async function untilAnswered(inFlight: () => number, graceMs: number): Promise<void> {
  const until = machineClock() + graceMs;
  while (inFlight() > 0 && machineClock() < until) await delay(5);
}
