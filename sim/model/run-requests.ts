// One pass through a scenario in virtual time, every store call, lock, poll and queue of it. The next thing to happen is the earliest of
// an arrival, an event of a request or a visitor, an expiry, a sweep and a fault; the loop here takes them in turn until the end.

import { assert } from "../../config/assert.ts";
import type { Scenario } from "../../config/scenario.ts";
import { type RunRecord, zeroCounters } from "../../metrics/run-record.ts";
import { createArrivals } from "../../workload/arrivals.ts";
import { createJourneys } from "../../workload/journeys.ts";
import { createEventQueue } from "../engine/event-queue.ts";
import type { ReplicationOptions } from "../replication-plan.ts";
import { strokesOf } from "../strokes.ts";
import { compressJourneys, compressSite, pagesOnMachine } from "./compress.ts";
import { createRequestRecord } from "./request-record.ts";
import { createSite } from "./site.ts";

/** So many events are taken before anybody is told how far the run is. */
const EVENTS_AT_ONCE = 65_536;

/** @returns the record, all its times in scenario time, latencies in milliseconds of the request. */
export function runRequests(scenario: Scenario, seed: number, options: ReplicationOptions): RunRecord {
  const { mirrored = false, onProgress } = options;
  const { run } = scenario;
  const scale = run.timeScale;
  const site = compressSite(scenario.site, scale);
  const counters = zeroCounters();
  const queue = createEventQueue();
  const durationMs = run.durationMs / scale;
  const endMs = (run.durationMs + run.drainMs) / scale;
  const record = createRequestRecord(scenario, counters);
  const model = createSite({
    scenario,
    site,
    seed,
    mirrored,
    journeys: compressJourneys(
      pagesOnMachine(createJourneys(scenario.workload, seed, mirrored), scenario.calibration),
      scale,
    ),
    queue,
    counters,
    onResponse: record.onResponse,
    onFailure: record.onFailure,
  });
  const { sessions, visitors } = model;
  const arrivals = createArrivals(scenario.workload.arrivals, seed, mirrored);
  const strokes = strokesOf(scenario);
  const strokesAtMs = strokes.map(({ atMs }) => atMs / scale);
  const sweepsFirst = site.mode === "SQLServer";
  let nextArrivalMs = arrivals.nextAtMs() / scale;
  let nextStroke = 0;
  let reachedMs = 0;

  const strokeAtMs = () => (nextStroke < strokes.length ? strokesAtMs[nextStroke] : Number.POSITIVE_INFINITY);
  const earliestMs = () =>
    Math.min(nextArrivalMs, queue.nextAtMs, sessions.nextExpiryAtMs(), sessions.nextSweepAtMs, strokeAtMs());

  /**
   * Takes what happens before a moment, so many events at most.
   * At one moment: who comes and what runs sees the session still there; ASP.NET's cache removes what expires this very moment, the
   * SQL job only what expired before (Expires < now).
   */
  function advance(beforeMs: number, eventsMax: number): void {
    let nowMs = reachedMs;
    for (let events = 0; events < eventsMax; events++) {
      const arrivalMs = nextArrivalMs;
      const eventMs = queue.nextAtMs;
      const expiryMs = sessions.nextExpiryAtMs();
      const sweepMs = sessions.nextSweepAtMs;
      const nextMs = Math.min(arrivalMs, eventMs, expiryMs, sweepMs, strokeAtMs());
      if (nextMs >= beforeMs) break;
      assert(nextMs >= nowMs, "time runs forward");
      nowMs = nextMs;
      if (arrivalMs === nowMs) {
        counters.visits++;
        visitors.arrive(nowMs);
        nextArrivalMs = arrivals.nextAtMs() / scale;
        if (nextArrivalMs >= durationMs) nextArrivalMs = Number.POSITIVE_INFINITY;
      } else if (eventMs === nowMs) {
        queue.pop();
        model.handle(nowMs, queue.kind, queue.id);
      } else if (expiryMs === nowMs && !(sweepsFirst && sweepMs === nowMs)) {
        sessions.expireNext(nowMs);
      } else if (sweepMs === nowMs) {
        sessions.sweep(nowMs);
      } else {
        const lostBefore = counters.lost;
        const stroke = strokes[nextStroke++];
        model.strike(nowMs, stroke);
        record.struck(nowMs, stroke, counters.lost - lostBefore);
      }
    }
    reachedMs = nowMs;
  }

  for (;;) {
    const nextMs = earliestMs();
    if (nextMs > endMs || (nextMs > durationMs && visitors.present() === 0)) break;
    record.pass(nextMs, model);
    advance(Number.POSITIVE_INFINITY, 1);
    advance(record.quietUntilMs(), EVENTS_AT_ONCE);
    onProgress?.(reachedMs * scale);
  }
  record.pass(Math.max(reachedMs, durationMs), model);
  return record.conclude(model);
}
