// Time that stands still until a test moves it: a clock, delays that end in order, and room between them for promises to settle.

import type { Clock } from "../../bench/clock.ts";

export interface FakeTime {
  readonly clock: Clock;
  readonly delay: (ms: number) => Promise<void>;
  /** Calls `wake` at a moment; @returns a way to call it off. */
  readonly at: (atMs: number, wake: () => void) => () => void;
  /** Moves on, stopping at every moment something was arranged for. */
  advance(ms: number): Promise<void>;
  /** The clock jumps, and nothing runs: the event loop was held up. */
  stall(ms: number): void;
}

export function createFakeTime(startMs = 0): FakeTime {
  let nowMs = startMs;
  const arranged: { atMs: number; wake: () => void }[] = [];
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

  function at(atMs: number, wake: () => void): () => void {
    const entry = { atMs, wake };
    arranged.push(entry);
    arranged.sort((a, b) => a.atMs - b.atMs);
    return () => {
      const index = arranged.indexOf(entry);
      if (index >= 0) arranged.splice(index, 1);
    };
  }

  return {
    clock: () => nowMs,
    at,
    delay: (ms) => new Promise((resolve) => at(nowMs + ms, resolve)),
    async advance(ms) {
      const untilMs = nowMs + ms;
      await settle();
      while (arranged.length > 0 && arranged[0].atMs <= untilMs) {
        const next = arranged.shift();
        nowMs = Math.max(nowMs, next?.atMs ?? nowMs);
        next?.wake();
        await settle();
      }
      nowMs = untilMs;
    },
    stall(ms) {
      nowMs += ms;
    },
  };
}
