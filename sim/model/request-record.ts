// The record of a run of requests: what is noted between two events (samples, the end of the warm-up, the end of the measured part), and
// the response times.

import { assert } from "../../config/assert.ts";
import { faultLengthMs } from "../../config/fault-problems.ts";
import type { Fault, Scenario } from "../../config/scenario.ts";
import { faultRecords, type Stroke } from "../../metrics/fault-effects.ts";
import { createIntervalHistograms, wholeOf } from "../../metrics/interval-histograms.ts";
import { createHistogram, recordMs } from "../../metrics/latency-histogram.ts";
import { createOutcomeLog } from "../../metrics/outcome-slots.ts";
import { type RunRecord, subtractCounters, type zeroCounters } from "../../metrics/run-record.ts";
import type { Counters } from "../../metrics/run-result.ts";
import { meanWhenMeasured } from "../dead-space.ts";
import { memoryModel } from "../memory-model.ts";
import { strokesOf } from "../strokes.ts";
import type { OnFailure, OnResponse } from "./request-end.ts";
import { createSampler } from "./sampler.ts";
import type { SiteModel } from "./site.ts";

/** What is known once the measured part is over, before the drain. */
type MeasuredPart = Omit<RunRecord, "counters" | "endedAtMs" | "faults">;

export interface RequestRecord {
  readonly onResponse: OnResponse;
  readonly onFailure: OnFailure;
  /** A fault has struck, at a moment of the model. */
  struck(nowMs: number, fault: Fault, sessionsLost: number): void;
  /** Notes what is due between what happened and what happens next, at a moment of the model. */
  pass(untilMs: number, model: SiteModel): void;
  /** Before this moment of the model nothing is to be noted. */
  quietUntilMs(): number;
  /** Once the end of the measured part has passed. */
  conclude(model: SiteModel): RunRecord;
}

export function createRequestRecord(scenario: Scenario, counters: ReturnType<typeof zeroCounters>): RequestRecord {
  const { run, site, calibration } = scenario;
  const scale = run.timeScale;
  const warmupMs = run.warmupMs / scale;
  const durationMs = run.durationMs / scale;
  const responses = createIntervalHistograms(run.warmupMs, run.durationMs);
  const lockWait = createHistogram();
  const bytesAt = memoryModel(scenario);
  const sampler = createSampler(scenario, counters);
  // Kept for the sake of faults alone.
  const outcomes = strokesOf(scenario).length > 0 ? createOutcomeLog() : null;
  const strokes: Stroke[] = [];
  let atWarmup: Counters | null = null;
  let measured: MeasuredPart | null = null;

  function measuredPartAt(atMs: number, before: Counters, model: SiteModel): MeasuredPart {
    const { sessions, stores } = model;
    const cores = model.cores.length * site.coresPerWorker;
    const coresBusy = model.cores.reduce((sum, station) => sum + station.busy.mean(atMs), 0);
    const storesBusy = stores.reduce((sum, station) => sum + station.busy.mean(atMs), 0);
    const remote = site.mode !== "InProc" && site.mode !== "Off";
    const off = site.mode === "Off";
    const { count, sumMs } = sessions.lifetimes;
    const responseIntervals = responses.intervals();
    const response = wholeOf(responseIntervals);
    const series = sampler.series();
    const memoryBytes = calibration.memory.reuseAfterMs === undefined ? null : (series.columns.memoryBytes as number[]);
    return {
      measured: subtractCounters({ ...counters, stored: sessions.stored.level }, before),
      measuredMs: (atMs - warmupMs) * scale,
      observations: {
        storedSessionsMean: sessions.stored.mean(atMs),
        storedSessionsMax: sessions.stored.max,
        liveSessionsMean: sessions.live.mean(atMs),
        sessionLifetimeMeanMs: count === 0 ? null : (sumMs / count) * scale,
        ...(memoryBytes === null
          ? {
              memoryMeanBytes: off ? null : bytesAt(sessions.stored.mean(atMs), sessions.storedBytes.mean(atMs)),
              memoryMaxBytes: off ? null : bytesAt(sessions.stored.max, sessions.storedBytes.max),
            }
          : {
              memoryMeanBytes: meanWhenMeasured(scenario, memoryBytes),
              memoryMaxBytes: Math.max(...memoryBytes),
            }),
        coreUtilisation: coresBusy / cores,
        storeUtilisation: remote ? storesBusy / (stores.length * calibration.storeConcurrency) : null,
      },
      series,
      histograms: { response, service: response, lockWait },
      responseIntervals,
    };
  }

  return {
    onFailure(startedAtMs, nowMs, kind) {
      outcomes?.failed(startedAtMs, nowMs, kind);
    },
    struck(nowMs, fault, sessionsLost) {
      const downMs = faultLengthMs(fault);
      strokes.push({ kind: fault.kind, atMs: fault.atMs, atRealMs: nowMs, downMs, sessionsLost });
    },
    onResponse(startedAtMs, responseMs, lockWaitMs) {
      if (outcomes !== null) outcomes.completed(startedAtMs, responseMs);
      if (startedAtMs < warmupMs || startedAtMs > durationMs) return;
      responses.record(startedAtMs * scale, responseMs);
      if (lockWaitMs !== null) recordMs(lockWait, lockWaitMs);
    },
    pass(untilMs, model) {
      if (untilMs < warmupMs) {
        sampler.until(untilMs, model.sessions);
        return;
      }
      if (atWarmup === null) {
        sampler.until(warmupMs, model.sessions);
        atWarmup = structuredClone(counters);
        model.sessions.restartTallies(warmupMs);
        for (const station of [...model.cores, ...model.stores]) station.busy.restart(warmupMs);
      }
      sampler.until(Math.min(untilMs, durationMs), model.sessions);
      if (measured === null && untilMs >= durationMs) measured = measuredPartAt(durationMs, atWarmup, model);
    },
    quietUntilMs() {
      // After the measured part each event is looked at: the last visitor may have left.
      if (measured !== null) return Number.NEGATIVE_INFINITY;
      return Math.min(sampler.quietUntilMs(), atWarmup === null ? warmupMs : durationMs);
    },
    conclude(model) {
      assert(measured !== null, "the measured part ends once");
      return {
        ...(measured as MeasuredPart),
        counters: { ...counters, stored: model.sessions.stored.level },
        endedAtMs: run.durationMs,
        faults: outcomes === null ? [] : faultRecords(strokes, outcomes.slots, durationMs),
      };
    },
  };
}
