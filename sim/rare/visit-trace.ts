// What sessions one visit has where nobody is ever refused: the walk of the population model before a store that always has room and
// that takes down when each session begins and when its place is given back.

import type { Scenario } from "../../config/scenario.ts";
import type { Journeys } from "../../workload/journeys.ts";
import { createEventQueue } from "../engine/event-queue.ts";
import { createRecordBook } from "../population/record-book.ts";
import { createSessionLives } from "../population/session-lives.ts";
import type { StoredLevel } from "../population/stored-level.ts";
import { createVisitWalk } from "../population/visit-walk.ts";

export interface VisitTrace {
  /** Of the visit followed last, in the order in which they began: 0 … sessions − 1. */
  readonly sessions: number;
  /** Read these afresh after every visit: growing replaces them. */
  readonly startMs: Float64Array;
  /** Infinity where it is not given back by the end of the run. */
  readonly endMs: Float64Array;
  readonly store: Int32Array;
  follow(atMs: number, visit: number): void;
}

interface VisitTraceOptions {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly journeys: Journeys;
  readonly stores: number;
  readonly sweepMs: number;
}

export function createVisitTrace(options: VisitTraceOptions): VisitTrace {
  const { scenario, seed, journeys, stores, sweepMs } = options;
  const { site } = scenario;
  const endMs = scenario.run.durationMs;
  const run = { ...scenario.run, sampleMs: endMs };
  const newest = new Int32Array(stores);
  let nowMs = 0;

  const trace = {
    sessions: 0,
    startMs: new Float64Array(16),
    endMs: new Float64Array(16),
    store: new Int32Array(16),
    follow,
  };

  function begin(store: number): void {
    const session = trace.sessions++;
    if (session === trace.store.length) grow();
    trace.startMs[session] = nowMs;
    trace.endMs[session] = Number.POSITIVE_INFINITY;
    trace.store[session] = store;
    newest[store] = session;
  }

  function grow(): void {
    const length = trace.store.length * 2;
    const { startMs, endMs: ends, store } = trace;
    trace.startMs = new Float64Array(length);
    trace.endMs = new Float64Array(length);
    trace.store = new Int32Array(length);
    trace.startMs.set(startMs);
    trace.endMs.set(ends);
    trace.store.set(store);
  }

  // Of one visitor's sessions in a store no two wait for their end to become known: the newest is meant.
  function ends(atMs: number, store: number): void {
    trace.endMs[newest[store]] = atMs;
  }

  const roomy: StoredLevel = {
    maxima: () => ({ sessions: 0, bytes: 0 }),
    advance(toMs) {
      nowMs = toMs;
    },
    hasRoom: () => true,
    add(store, sessions) {
      if (sessions > 0) begin(store);
    },
    bookRequest(atMs, store, sessions) {
      if (sessions < 0) ends(atMs, store);
    },
    bookSweep: (number, store) => ends(number * sweepMs, store),
    bookExpiry: ends,
    bookLoss() {},
    lostIn: () => 0,
    restart() {},
  };
  const book = createRecordBook(run);
  const places = site.mode === "InProc" && !site.affinity ? stores : 1;
  const lives = createSessionLives({ site, places, losses: [], endMs, book, level: roomy });
  const turns = createEventQueue();
  const walk = createVisitWalk({
    scenario: { ...scenario, run },
    seed,
    mirrored: false,
    endMs,
    journeys,
    book,
    level: roomy,
    lives,
    turns,
  });

  function follow(atMs: number, visit: number): void {
    trace.sessions = 0;
    nowMs = atMs;
    walk.arrive(atMs, visit);
    while (turns.size > 0) {
      nowMs = turns.nextAtMs;
      turns.pop();
      walk.resume(nowMs, turns.id);
    }
  }

  return trace;
}
