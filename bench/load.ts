// A scenario being lived through: the parties to it, what is asked of them on the way, and the record that is left at the end.

import type { Scenario } from "../config/scenario.ts";
import { faultRecords, type Stroke } from "../metrics/fault-effects.ts";
import { type RunRecord, subtractCounters } from "../metrics/run-record.ts";
import { auditRun } from "./audit/audit.ts";
import type { MachineEvidence } from "./audit/machine-watch.ts";
import { machineClock } from "./clock.ts";
import type { JourneyDriver } from "./drivers/journeys/journeys.ts";
import { withUnanswered } from "./drivers/journeys/unanswered.ts";
import type { Generator, GeneratorHealth } from "./generators/generator.ts";
import type { Site } from "./host/process/site.ts";
import { type Tally, tally } from "./ledger.ts";
import type { SampleSeries } from "./sample-series.ts";
import { scenarioMoment } from "./scenario-time.ts";
import type { StoreWatch } from "./store-watch.ts";

export interface Load {
  readonly scenario: Scenario;
  readonly site: Site;
  /** null where the worker keeps the sessions itself. */
  readonly store: StoreWatch | null;
  readonly driver: JourneyDriver;
  readonly generator: Generator;
  /** Scenario time 0, by machineClock. */
  readonly startsAtMs: number;
  readonly samples: SampleSeries;
  /** The faults that have struck. */
  readonly strokes: Stroke[];
  /** All counts at the end of the warm-up and at the end of the measured part. */
  warm: Tally | null;
  measured: Tally | null;
  measuredUntilMs: number;
  collectedMs: number;
}

/** Asks store and worker how things stand, and keeps it as a row of the series. `collect`: the worker gives garbage back first. */
export async function takeSample(load: Load, collect: boolean): Promise<void> {
  const [sample] = await Promise.all([load.site.sample(collect && load.store === null), load.generator.recount()]);
  // After the worker, as at the very end: a session that starts between the two is not taken for one that has gone.
  await load.store?.count();
  if (sample === null) return;
  load.collectedMs += sample.collectedMs;
  load.samples.add(scenarioMoment(load, sample.atMs), sample, tallyNow(load), load.store?.state() ?? null);
}

/** The measured part ends now. */
export function closeWindow(load: Load): void {
  load.measured = tallyNow(load);
  load.measuredUntilMs = Math.min(scenarioMoment(load, machineClock()), load.scenario.run.durationMs);
}

/** All counts as they stand. */
export function tallyNow({ driver, site, store }: Load): Tally {
  return tally(driver.counts, site.workers, store?.state() ?? null);
}

/** What the load leaves behind. @param endedAtMs scenario time. */
export function recordOf(load: Load, endedAtMs: number): RunRecord {
  const { scenario, driver, samples } = load;
  const { warmupMs, timeScale } = scenario.run;
  const final = tallyNow(load);
  const warm = load.warm ?? final;
  const measured = load.measured ?? warm;
  const measuredMs = Math.max(0, load.measuredUntilMs - warmupMs);
  const realMs = measuredMs / timeScale;
  const flow = subtractCounters(measured.counters, warm.counters);
  // Worker and store are asked a moment apart: what had gone by the end of the warm-up may be a session more than it was.
  const counters = { ...flow, expired: Math.max(0, flow.expired) };
  const ended = counters.expired + counters.abandoned;
  const lifetimesMs =
    measured.lifetimesMs === null || warm.lifetimesMs === null ? null : measured.lifetimesMs - warm.lifetimesMs;
  return {
    counters: final.counters,
    measured: withUnanswered(counters, driver.outcomes, scenario.run, load.measuredUntilMs),
    measuredMs,
    endedAtMs,
    observations: {
      storedSessionsMean:
        measured.storedSessionMs === null || warm.storedSessionMs === null || realMs === 0
          ? samples.mean("stored", warmupMs)
          : (measured.storedSessionMs - warm.storedSessionMs) / realMs,
      storedSessionsMax: samples.storedMax(warmupMs),
      liveSessionsMean: samples.mean("live", warmupMs),
      sessionLifetimeMeanMs: ended === 0 || lifetimesMs === null ? null : (lifetimesMs / ended) * timeScale,
      memoryMeanBytes: samples.mean("memoryBytes", warmupMs),
      memoryMaxBytes: samples.max("memoryBytes", warmupMs),
      coreUtilisation: realMs === 0 ? null : hostBusyShare(measured, warm, realMs),
      storeUtilisation: null,
    },
    series: samples.series(),
    histograms: driver.histograms,
    responseIntervals: driver.responseIntervals,
    faults: faultRecords(
      load.strokes.toSorted((a, b) => a.atRealMs - b.atRealMs),
      driver.outcomes,
      endedAtMs / timeScale,
    ),
  };
}

function hostBusyShare(to: Tally, from: Tally, realMs: number): number | null {
  return to.hostCpuMs === null || from.hostCpuMs === null ? null : (to.hostCpuMs - from.hostCpuMs) / realMs;
}

/** How the load ended. */
export interface Outcome {
  readonly complete: boolean;
  readonly hostDeath: string | null;
  readonly missedFaults: number;
  readonly hostTroubles: readonly string[];
  readonly generatorDeath: string | null;
  readonly health: GeneratorHealth;
  /** No HTTP: generator and session module share a process. */
  readonly straight: boolean;
  readonly machine: MachineEvidence;
}

/** Whether the record may be believed. */
export function auditOf(load: Load, record: RunRecord, outcome: Outcome) {
  const { driver, scenario } = load;
  const { health, machine } = outcome;
  return auditRun({
    ...outcome,
    machine: { ...machine, loopDelayP99Ms: health.loopDelayP99Ms ?? machine.loopDelayP99Ms },
    store: load.store?.state() ?? null,
    expired: record.counters.expired,
    workerCrashes: scenario.faults.filter(({ kind, atMs }) => kind === "kill-worker" && atMs <= record.endedAtMs)
      .length,
    requests: driver.histograms.startLag.totalCount,
    answered: driver.histograms.response.totalCount,
    failures: driver.counts.failures,
    hostBusyShare: record.observations.coreUtilisation ?? 0,
    refusedByHost: record.counters.refused,
    refusedSeen: driver.counts.refusedSeen,
    coresPerWorker: scenario.site.coresPerWorker,
  });
}
