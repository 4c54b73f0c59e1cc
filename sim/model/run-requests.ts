// One pass through a scenario in virtual time. The next thing to happen is the earliest of an arrival, an event of a request or a
// visitor, an expiry, a sweep and a recycle; this loop takes them in turn until the end and keeps the record.

import { assert } from "../../config/assert.ts";
import type { Scenario } from "../../config/scenario.ts";
import { createIntervalHistograms, wholeOf } from "../../metrics/interval-histograms.ts";
import { createHistogram, type Histogram, recordMs } from "../../metrics/latency-histogram.ts";
import { type RunRecord, subtractCounters, zeroCounters } from "../../metrics/run-record.ts";
import type { Counters } from "../../metrics/run-result.ts";
import { createArrivals } from "../../workload/arrivals.ts";
import { createJourneys } from "../../workload/journeys.ts";
import { createEventQueue } from "../engine/event-queue.ts";
import { memoryModel } from "../memory-model.ts";
import { recycleMomentsMs } from "../recycle-moments.ts";
import type { ReplicationOptions } from "../replication-plan.ts";
import { compressJourneys, compressSite } from "./compress.ts";
import { createSampler } from "./sampler.ts";
import { createSite, REQUEST_EVENTS_FROM } from "./site.ts";

/** What is known once the measured part is over, before the drain. */
type MeasuredPart = Omit<RunRecord, "counters" | "endedAtMs">;

/** @returns the record, all its times in scenario time, latencies in milliseconds of the request. */
export function runRequests(scenario: Scenario, seed: number, options: ReplicationOptions): RunRecord {
  const { mirrored = false, onProgress } = options;
  const { run } = scenario;
  const scale = run.timeScale;
  const site = compressSite(scenario.site, scale);
  const counters = zeroCounters();
  const queue = createEventQueue();
  const warmupMs = run.warmupMs / scale;
  const durationMs = run.durationMs / scale;
  const endMs = (run.durationMs + run.drainMs) / scale;
  const timeless = run.fidelity === "population";
  const responses = createIntervalHistograms(run.warmupMs, run.durationMs);
  const lockWait = createHistogram();
  const model = createSite({
    scenario,
    site,
    seed,
    mirrored,
    journeys: compressJourneys(createJourneys(scenario.workload, seed, mirrored), scale),
    queue,
    counters,
    onResponse(startedAtMs, responseMs, lockWaitMs) {
      if (startedAtMs < warmupMs || startedAtMs > durationMs) return;
      responses.record(startedAtMs * scale, responseMs);
      if (lockWaitMs !== null) recordMs(lockWait, lockWaitMs);
    },
  });
  const { sessions, visitors } = model;
  const arrivals = createArrivals(scenario.workload.arrivals, seed, mirrored);
  const bytesAt = memoryModel(scenario);
  const sampler = createSampler({ scenario, model, counters });
  const recycles = recycleMomentsMs(scenario).map((atMs) => atMs / scale);
  const sweepsFirst = site.mode === "SQLServer";

  let nextArrivalMs = arrivals.nextAtMs() / scale;
  let nextRecycle = 0;
  let atWarmup: Counters | null = null;
  const measuredParts: MeasuredPart[] = [];
  let nowMs = 0;
  let steps = 0;

  /** Between what happened and what happens at `untilMs`: samples, the end of the warm-up, the end of the measured part. */
  function pass(untilMs: number): void {
    if (atWarmup === null) {
      sampler.until(warmupMs);
      atWarmup = structuredClone(counters);
      sessions.restartTallies(warmupMs);
      for (const station of [...model.cores, model.store]) station.busy.restart(warmupMs);
    }
    sampler.until(Math.min(untilMs, durationMs));
    if (measuredParts.length === 0 && untilMs >= durationMs) measuredParts.push(measuredPartAt(durationMs));
  }

  function measuredPartAt(atMs: number): MeasuredPart {
    assert(atWarmup !== null, "the warm-up ends before the run does");
    const cores = model.cores.length * site.coresPerWorker;
    const coresBusy = model.cores.reduce((sum, station) => sum + station.busy.mean(atMs), 0);
    const remote = site.mode === "StateServer" || site.mode === "SQLServer";
    const off = site.mode === "Off";
    const { count, sumMs } = sessions.lifetimes;
    const responseIntervals = timeless ? [] : responses.intervals();
    const response = wholeOf(responseIntervals);
    const histograms: Record<string, Histogram> = timeless ? {} : { response, service: response, lockWait };
    return {
      measured: subtractCounters({ ...counters, stored: sessions.stored.level }, atWarmup),
      measuredMs: (atMs - warmupMs) * scale,
      observations: {
        storedSessionsMean: sessions.stored.mean(atMs),
        storedSessionsMax: sessions.stored.max,
        liveSessionsMean: sessions.live.mean(atMs),
        sessionLifetimeMeanMs: count === 0 ? null : (sumMs / count) * scale,
        memoryMeanBytes: off ? null : bytesAt(sessions.stored.mean(atMs), sessions.storedBytes.mean(atMs)),
        memoryMaxBytes: off ? null : bytesAt(sessions.stored.max, sessions.storedBytes.max),
        coreUtilisation: timeless ? null : coresBusy / cores,
        storeUtilisation:
          timeless || !remote ? null : model.store.busy.mean(atMs) / scenario.calibration.storeConcurrency,
      },
      series: sampler.series(),
      histograms,
      responseIntervals,
      faults: [],
    };
  }

  for (;;) {
    const eventMs = queue.nextAtMs;
    const expiryMs = sessions.nextExpiryAtMs;
    const sweepMs = sessions.nextSweepAtMs;
    const recycleMs = nextRecycle < recycles.length ? recycles[nextRecycle] : Number.POSITIVE_INFINITY;
    const nextMs = Math.min(nextArrivalMs, eventMs, expiryMs, sweepMs, recycleMs);
    if (nextMs > endMs || (nextMs > durationMs && visitors.present === 0)) break;
    if (nextMs >= warmupMs) pass(nextMs);
    else sampler.until(nextMs);
    assert(nextMs >= nowMs, "time runs forward");
    nowMs = nextMs;
    if (++steps % 65_536 === 0) onProgress?.(nowMs * scale);
    // At one moment: who comes and what runs sees the session still there; ASP.NET's cache removes what expires this very moment,
    // the SQL job only what expired before (Expires < now).
    if (nextArrivalMs === nowMs) {
      counters.visits++;
      visitors.arrive(nowMs);
      nextArrivalMs = arrivals.nextAtMs() / scale;
      if (nextArrivalMs >= durationMs) nextArrivalMs = Number.POSITIVE_INFINITY;
    } else if (eventMs === nowMs) {
      queue.pop();
      if (queue.kind < REQUEST_EVENTS_FROM) visitors.resume(nowMs, queue.kind, queue.id);
      else model.handle(nowMs, queue.kind, queue.id);
    } else if (expiryMs === nowMs && !(sweepsFirst && sweepMs === nowMs)) {
      sessions.expireNext(nowMs);
    } else if (sweepMs === nowMs) {
      sessions.sweep(nowMs);
    } else {
      nextRecycle++;
      model.recycle(nowMs);
    }
  }
  pass(Math.max(nowMs, durationMs));
  assert(measuredParts.length === 1, "the measured part ends once");
  const whole: Counters = { ...counters, stored: sessions.stored.level };
  return { ...measuredParts[0], counters: whole, endedAtMs: run.durationMs };
}
