// A model of one's own: a clock, a list of events, chance and statistics, all from one seed. The model is a function that is told
// which event happens; an event is two whole numbers, a kind and an id, and no object is made for it. Moments and lengths are
// milliseconds of simulated time.

import type { Law } from "../../config/scenario.ts";
import { createStream, type Stream } from "../../workload/random-stream.ts";
import { createEventQueue } from "./event-queue.ts";
import { createLawStream } from "./law-stream.ts";
import { misuse, requireLaw, requireWhole } from "./misuse.ts";
import { createObservers, type Observers } from "./observers.ts";

export interface SimulationOptions {
  /** Whole, 0 to 2^53 − 1. The same seed and the same model give the same run, to the last bit. */
  readonly seed: number;
  /** Every uniform draw u becomes 1 − u: the same run with its luck turned round (antithetic). */
  readonly mirrored?: boolean;
}

export interface RunOptions {
  /** The run ends here, once everything due until then has happened; without it, when nothing is left to happen. */
  readonly untilMs?: number;
  /** The statistics made before the run start again at this moment. */
  readonly warmupMs?: number;
  /** The run ends after so many events. */
  readonly eventsMax?: number;
}

export interface RunOutcome {
  /** Events that happened in this run. */
  readonly events: number;
  readonly endedAtMs: number;
  readonly because: "time is up" | "nothing is left to happen" | "the model stopped it" | "events are used up";
}

/** Told of each event in turn, with the clock standing at its moment. */
export type Happens = (kind: number, id: number) => void;

export interface Simulation extends Observers {
  /** The moment that the model has come to. */
  readonly nowMs: number;
  /** How many events are still to come. */
  pending(): number;
  /**
   * Has an event happen after a delay. Events of one moment happen in the order in which they were scheduled.
   * @param delayMs 0 or more; Infinity for never.
   * @param kind whole, 0 to 65,535: which of the model's events it is.
   * @param id whole, of 32 bits: whom it happens to; 0 when left out.
   * @throws InputError for anything else.
   */
  schedule(delayMs: number, kind: number, id?: number): void;
  /** As `schedule`, for an event that may be cancelled. @returns the handle to cancel it by. */
  scheduleCancellable(delayMs: number, kind: number, id?: number): number;
  /**
   * @returns whether the event was still to come; false when it has happened or was cancelled before.
   * @throws InputError for a number that is no handle.
   */
  cancel(handle: number): boolean;
  /**
   * A random stream of its own for one cause, so that more draws for one never move another.
   * @returns a function that gives the next draw each time.
   * @throws InputError for a name in use and for a law that cannot be.
   */
  draws(name: string, law: Law): () => number;
  /** The same of uniform numbers, above 0 and below 1. */
  uniforms(name: string): Stream;
  /** Lets things happen. It may be called again, to go on from where the clock stands. */
  run(options: RunOptions, happens: Happens): RunOutcome;
  /** Called by the model: the run ends after this event. */
  stop(): void;
}

const KIND_MAX = 0xffff;
/** Events between two looks at the bounds of a run: a short function called often is compiled well, an endless one is not. */
const SLICE = 10_000;

/** @throws InputError for a seed that is none. */
export function createSimulation({ seed, mirrored = false }: SimulationOptions): Simulation {
  requireWhole("Cannot create a simulation", "seed", seed, 0, Number.MAX_SAFE_INTEGER);
  const queue = createEventQueue();
  const names = new Set<string>();
  let stopped = false;
  let running = false;
  const clock = { nowMs: 0, pending, schedule, scheduleCancellable, cancel, draws, uniforms, run, stop };
  const { observers, restart } = createObservers(clock);

  const fits = (delayMs: number, kind: number, id: number) =>
    delayMs >= 0 && (kind & KIND_MAX) === kind && (id | 0) === id;

  function refuse(delayMs: number, kind: number, id: number): void {
    const action = `Cannot schedule an event of kind ${kind} at ${clock.nowMs} ms`;
    if (!(delayMs >= 0)) {
      throw misuse(action, "delayMs", delayMs, "0 or more", "an event lies ahead: give the time from now until it");
    }
    requireWhole(action, "kind", kind, 0, KIND_MAX);
    requireWhole(action, "id", id, -(2 ** 31), 2 ** 31 - 1);
  }

  function uniforms(name: string): Stream {
    if (names.has(name)) {
      const mend = "give each cause a name of its own, or its draws would be the same";
      throw misuse("Cannot open a random stream", "name", `"${name}"`, "a name not used before", mend);
    }
    names.add(name);
    return createStream(seed, name, mirrored);
  }

  /** @returns how many events happened: fewer than `eventsMax` when none is left until then, or the model stopped. */
  function slice(happens: Happens, untilMs: number, eventsMax: number): number {
    let events = 0;
    while (events < eventsMax && !stopped) {
      const { nextAtMs } = queue;
      if (nextAtMs > untilMs) break;
      clock.nowMs = nextAtMs;
      queue.pop();
      happens(queue.kind, queue.id);
      events++;
    }
    return events;
  }

  /** Lets what is due until a moment happen, and no more events than that. */
  function pass(happens: Happens, untilMs: number, eventsMax: number): number {
    let events = 0;
    while (!stopped && events < eventsMax) {
      const wanted = Math.min(SLICE, eventsMax - events);
      const happened = slice(happens, untilMs, wanted);
      events += happened;
      if (happened < wanted) break;
    }
    return events;
  }

  function pending(): number {
    return queue.size;
  }

  function schedule(delayMs: number, kind: number, id = 0): void {
    if (!fits(delayMs, kind, id)) refuse(delayMs, kind, id);
    queue.push(clock.nowMs + delayMs, kind, id);
  }

  function scheduleCancellable(delayMs: number, kind: number, id = 0): number {
    if (!fits(delayMs, kind, id)) refuse(delayMs, kind, id);
    return queue.pushCancellable(clock.nowMs + delayMs, kind, id);
  }

  function cancel(handle: number): boolean {
    if (queue.knows(handle)) return queue.cancel(handle);
    const expected = "a handle of this simulation";
    const mend = "keep what scheduleCancellable gave";
    throw misuse(`Cannot cancel an event at ${clock.nowMs} ms`, "handle", handle, expected, mend);
  }

  function draws(name: string, law: Law): () => number {
    requireLaw(`Cannot draw for "${name}"`, law);
    return createLawStream(uniforms(name), law);
  }

  function stop(): void {
    stopped = true;
  }

  function run(options: RunOptions, happens: Happens): RunOutcome {
    requireRun(options, clock.nowMs, running);
    // What never happens is later than any moment that can be told.
    const untilMs = Math.min(options.untilMs ?? Number.MAX_VALUE, Number.MAX_VALUE);
    const { warmupMs, eventsMax = Number.POSITIVE_INFINITY } = options;
    let events = 0;
    stopped = false;
    running = true;
    try {
      if (warmupMs !== undefined) {
        events = pass(happens, warmupMs, eventsMax);
        if (!stopped && events < eventsMax) {
          clock.nowMs = warmupMs;
          restart();
        }
      }
      events += pass(happens, untilMs, eventsMax - events);
    } finally {
      running = false;
    }
    if (stopped) return { events, endedAtMs: clock.nowMs, because: "the model stopped it" };
    if (events >= eventsMax) return { events, endedAtMs: clock.nowMs, because: "events are used up" };
    if (options.untilMs === undefined) return { events, endedAtMs: clock.nowMs, because: "nothing is left to happen" };
    clock.nowMs = untilMs;
    return { events, endedAtMs: untilMs, because: "time is up" };
  }

  return Object.assign(clock, observers);
}

/** @throws InputError for bounds that cannot be kept. */
function requireRun({ untilMs, warmupMs, eventsMax }: RunOptions, nowMs: number, running: boolean): void {
  const action = "Cannot run the simulation";
  if (running) throw misuse(action, "run", "called by an event", "one run at a time", "schedule events instead");
  if (untilMs !== undefined && !(untilMs >= nowMs && untilMs < Number.POSITIVE_INFINITY)) {
    throw misuse(action, "untilMs", untilMs, `a moment from ${nowMs} on`, "leave it out to run until nothing is left");
  }
  if (warmupMs !== undefined && !(warmupMs >= nowMs && warmupMs <= (untilMs ?? Number.MAX_VALUE))) {
    const expected = `a moment from ${nowMs} to ${untilMs ?? "the end"}`;
    throw misuse(action, "warmupMs", warmupMs, expected, "leave it out to measure from the start");
  }
  if (eventsMax !== undefined) requireWhole(action, "eventsMax", eventsMax, 1, Number.MAX_SAFE_INTEGER);
}
