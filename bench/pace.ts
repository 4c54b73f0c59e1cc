// Open-loop pacing: work starts when it is due, not when something else has finished. A timer sleeps until shortly before the
// moment, then the event loop is polled, with naps of a tenth of a millisecond between the looks: a generator that polled without pause
// took the core of the site that it loads (pages of 4 ms took 0.3 ms longer), or of its store. How late each start came is handed on, to
// be recorded and judged.

import type { Clock } from "./clock.ts";

/** Timers of the machine are late by up to a millisecond and a bit; the rest of the way is polled. */
export const POLL_BEFORE_MS = 1.5;

export interface PaceTimers {
  readonly clock: Clock;
  /** @returns a way to call it off. */
  wakeAfter(ms: number, wake: () => void): () => void;
  wakeSoon(wake: () => void): () => void;
  /** Gives the processor away for a moment, where that is sure to end before `leftMs`. */
  nap(leftMs: number): void;
}

/** A machine takes some twentieth of a millisecond longer. */
const NAP_MS = 0.05;
/** How fast a nap that took long is forgotten, a nap. */
const FORGETTING = 0.98;

export function machineTimers(clock: Clock): PaceTimers {
  const nobodyWakes = new Int32Array(new SharedArrayBuffer(4));
  let longestNapMs = NAP_MS;
  return {
    clock,
    wakeAfter(ms, wake) {
      const timer = setTimeout(wake, ms);
      return () => clearTimeout(timer);
    },
    wakeSoon(wake) {
      const immediate = setImmediate(wake);
      return () => clearImmediate(immediate);
    },
    nap(leftMs) {
      longestNapMs = Math.max(NAP_MS, longestNapMs * FORGETTING);
      if (leftMs < 2 * longestNapMs) return;
      const fromMs = clock();
      Atomics.wait(nobodyWakes, 0, 0, NAP_MS);
      longestNapMs = Math.max(longestNapMs, clock() - fromMs);
    },
  };
}

export interface Pace {
  /** `start` is called at `dueAtMs` or as soon after as can be, with how late it is. Equal moments keep their order. */
  at(dueAtMs: number, start: (lagMs: number) => void): void;
  /** Nothing more is started. */
  stop(): void;
  waiting(): number;
  /** Milliseconds spent in naps and in polling that found nothing to do: idle time, though the event loop takes it for work. */
  polledMs(): number;
}

interface Appointment {
  readonly dueAtMs: number;
  readonly sequence: number;
  readonly start: (lagMs: number) => void;
}

/** An empty turn of the event loop takes less than this; a longer one did somebody's work. */
const EMPTY_TURN_MS_MAX = 0.1;

export function createPace({ clock, wakeAfter, wakeSoon, nap }: PaceTimers): Pace {
  const heap: Appointment[] = [];
  let sequence = 0;
  let cancel: (() => void) | null = null;
  let wakesAtMs = Number.POSITIVE_INFINITY;
  let lastPollAtMs = Number.NEGATIVE_INFINITY;
  let polledMs = 0;
  let stopped = false;

  function wake(): void {
    cancel = null;
    wakesAtMs = Number.POSITIVE_INFINITY;
    const sinceLastPollMs = clock() - lastPollAtMs;
    if (sinceLastPollMs < EMPTY_TURN_MS_MAX) polledMs += sinceLastPollMs;
    while (heap.length > 0 && heap[0].dueAtMs <= clock() && !stopped) {
      const appointment = pop(heap);
      appointment.start(clock() - appointment.dueAtMs);
    }
    arrange();
  }

  function arrange(): void {
    if (stopped || heap.length === 0) return;
    const dueAtMs = heap[0].dueAtMs;
    if (cancel !== null && wakesAtMs <= dueAtMs) return;
    cancel?.();
    const nowMs = clock();
    wakesAtMs = dueAtMs;
    const sleepMs = dueAtMs - nowMs - POLL_BEFORE_MS;
    if (sleepMs >= 1) {
      lastPollAtMs = Number.NEGATIVE_INFINITY;
      cancel = wakeAfter(sleepMs, wake);
    } else {
      nap(dueAtMs - nowMs);
      lastPollAtMs = clock();
      polledMs += lastPollAtMs - nowMs;
      cancel = wakeSoon(wake);
    }
  }

  return {
    at(dueAtMs, start) {
      push(heap, { dueAtMs, sequence: sequence++, start });
      arrange();
    },
    stop() {
      stopped = true;
      cancel?.();
      cancel = null;
      heap.length = 0;
    },
    waiting: () => heap.length,
    polledMs: () => polledMs,
  };
}

function before(a: Appointment, b: Appointment): boolean {
  return a.dueAtMs < b.dueAtMs || (a.dueAtMs === b.dueAtMs && a.sequence < b.sequence);
}

function push(heap: Appointment[], appointment: Appointment): void {
  let at = heap.length;
  heap.push(appointment);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!before(appointment, heap[parent])) break;
    heap[at] = heap[parent];
    at = parent;
  }
  heap[at] = appointment;
}

function pop(heap: Appointment[]): Appointment {
  const top = heap[0];
  const last = heap.pop() as Appointment;
  if (heap.length === 0) return top;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(heap[child + 1], heap[child])) child++;
    if (!before(heap[child], last)) break;
    heap[at] = heap[child];
    at = child;
  }
  heap[at] = last;
  return top;
}
