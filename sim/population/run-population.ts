// One pass through a scenario in which requests take no time: sessions and memory only. Arrivals, and the moments at which a visit under
// way wants a new session, are taken in the order of time; all else is walked ahead (visit-walk.ts), so that neither time nor memory
// is spent on sessions that merely live.

import { faultLengthMs } from "../../config/fault-problems.ts";
import type { Fault, Scenario } from "../../config/scenario.ts";
import { storeOperations } from "../../config/scenario.ts";
import { type RunRecord, zeroCounters } from "../../metrics/run-record.ts";
import type { FaultRecord, TimeSeries } from "../../metrics/run-result.ts";
import { createArrivals } from "../../workload/arrivals.ts";
import { createJourneys } from "../../workload/journeys.ts";
import { meanWhenMeasured, memoryWithDeadSpace } from "../dead-space.ts";
import { createEventQueue } from "../engine/event-queue.ts";
import { memoryModel } from "../memory-model.ts";
import type { ReplicationOptions } from "../replication-plan.ts";
import { storesOf } from "../stores.ts";
import { lossesOf, strokesOf } from "../strokes.ts";
import { AFTERWARDS, createRecordBook, MEASURED, type Phase, type RecordBook, WARMUP } from "./record-book.ts";
import { createSessionLives } from "./session-lives.ts";
import { createStoredLevel, type StoredLevel } from "./stored-level.ts";
import { createVisitWalk, type VisitWalk } from "./visit-walk.ts";

/** Between two tellings of how far it is, in visits. */
const TOLD_EVERY = 65_536;

/** @returns the record; nothing in it depends on the time scale, for nothing here takes real time. */
export function runPopulation(scenario: Scenario, seed: number, options: ReplicationOptions): RunRecord {
  const { mirrored = false, onProgress } = options;
  const { site, run, workload } = scenario;
  const endMs = run.durationMs + run.drainMs;
  const inProcess = site.mode === "InProc";
  const processes = site.servers * site.workersPerServer;
  const losses = lossesOf(scenario);
  const book = createRecordBook(run);
  const level = createStoredLevel({
    stores: storesOf(scenario),
    sessionsMax: site.sessionsMax,
    sweepMs: (site.mode === "SQLServer" ? site.deleteJobMs : site.expirySweepMs) ?? 0,
    losses,
    endMs,
  });
  const places = inProcess && !site.affinity ? processes : 1;
  const lives = createSessionLives({ site, places, losses, endMs, book, level });
  const turns = createEventQueue();
  const journeys = createJourneys(workload, seed, mirrored);
  const walk = createVisitWalk({ scenario, seed, mirrored, endMs, journeys, book, level, lives, turns });
  const arrivals = createArrivals(workload.arrivals, seed, mirrored);

  let nextArrivalMs = arrivals.nextAtMs();
  let visits = 0;
  let warm = false;
  for (;;) {
    const arrives = nextArrivalMs <= turns.nextAtMs;
    const nowMs = arrives ? nextArrivalMs : turns.nextAtMs;
    // Nobody new comes once the measured part is over.
    if (nowMs > endMs || (arrives && nowMs >= run.durationMs && turns.size === 0)) break;
    if (!warm && nowMs >= run.warmupMs) {
      level.advance(run.warmupMs);
      level.restart();
      warm = true;
    }
    level.advance(nowMs);
    if (arrives) {
      if (nowMs < run.durationMs) {
        book.flows.visits[book.slotOf(nowMs)]++;
        walk.arrive(nowMs, visits++);
        if (visits % TOLD_EVERY === 0) onProgress?.(nowMs);
        nextArrivalMs = arrivals.nextAtMs();
      } else {
        nextArrivalMs = Number.POSITIVE_INFINITY;
      }
    } else {
      turns.pop();
      walk.resume(nowMs, turns.id);
    }
  }
  if (!warm) {
    level.advance(run.warmupMs);
    level.restart();
  }
  return recordOf({ scenario, book, level, walk, lifetimes: lives.lifetimes });
}

interface Outcome {
  readonly scenario: Scenario;
  readonly book: RecordBook;
  readonly level: StoredLevel;
  readonly walk: VisitWalk;
  readonly lifetimes: { readonly count: number; readonly sumMs: number };
}

function recordOf(outcome: Outcome): RunRecord {
  const { scenario, book, level, lifetimes } = outcome;
  const { site, run } = scenario;
  const bytesAt = memoryModel(scenario);
  const off = site.mode === "Off";
  const warmup = countersOf(outcome, [WARMUP]);
  const measured = countersOf(outcome, [MEASURED]);
  const storedMean = book.mean(book.stored);
  const maxima = level.maxima();
  const series = seriesOf(scenario, book);
  const memoryBytes =
    scenario.calibration.memory.reuseAfterMs === undefined ? null : (series.columns.memoryBytes as number[]);
  return {
    counters: countersOf(outcome, [WARMUP, MEASURED, AFTERWARDS]),
    measured: { ...measured, stored: warmup.stored + measured.stored },
    measuredMs: run.durationMs - run.warmupMs,
    endedAtMs: run.durationMs,
    observations: {
      storedSessionsMean: storedMean,
      storedSessionsMax: maxima.sessions,
      liveSessionsMean: book.mean(book.live),
      sessionLifetimeMeanMs: lifetimes.count === 0 ? null : lifetimes.sumMs / lifetimes.count,
      ...(memoryBytes === null
        ? {
            memoryMeanBytes: off ? null : bytesAt(storedMean, book.mean(book.storedBytes)),
            memoryMaxBytes: off ? null : bytesAt(maxima.sessions, maxima.bytes),
          }
        : { memoryMeanBytes: meanWhenMeasured(scenario, memoryBytes), memoryMaxBytes: Math.max(...memoryBytes) }),
      coreUtilisation: null,
      storeUtilisation: null,
    },
    series,
    histograms: {},
    responseIntervals: [],
    faults: faultsOf(scenario, level),
  };
}

/** Requests take no time here, so nothing can be said of failures and recoveries. */
function faultsOf(scenario: Scenario, level: StoredLevel): FaultRecord[] {
  const { durationMs, drainMs } = scenario.run;
  const lost = new Map<number, number>();
  for (const [number, { stroke }] of lossesOf(scenario).entries()) {
    lost.set(stroke, (lost.get(stroke) ?? 0) + level.lostIn(number));
  }
  return strokesOf(scenario).flatMap((fault, stroke) => {
    const { kind, atMs } = fault;
    if (atMs > durationMs + drainMs) return [];
    const sessionsLost = lost.get(stroke) ?? 0;
    return [{ kind, atMs, downMs: faultLengthMs(fault), recoveryMs: null, sessionsLost, failures: {} }];
  });
}

/** Of some phases together; `stored` is what came into the store less what went. */
function countersOf({ scenario, book, walk }: Outcome, phases: readonly Phase[]) {
  const { site } = scenario;
  const strokes = strokesOf(scenario);
  const counters = zeroCounters();
  for (const phase of phases) {
    for (const name of ["visits", "started", "refused", "expired", "abandoned", "lost", "revived"] as const) {
      counters[name] += book.sum(name, phase);
    }
    counters.requests += book.sum("followUps", phase) + book.sum("otherRequests", phase);
    const calls = walk.storeCalls(phase);
    for (const operation of storeOperations) counters.storeCalls[operation] += calls[operation];
    const servers = { recycle: site.servers, "rolling-deploy": 1 } as Readonly<Partial<Record<Fault["kind"], number>>>;
    for (const { kind, atMs } of strokes) {
      if (book.phaseOf(book.slotOf(atMs)) === phase) counters.recycles += (servers[kind] ?? 0) * site.workersPerServer;
    }
  }
  counters.arrivals = counters.started + counters.refused;
  counters.completed = counters.requests - counters.refused;
  counters.stored = counters.started - counters.expired - counters.abandoned - counters.lost;
  return counters;
}

function seriesOf(scenario: Scenario, book: RecordBook): TimeSeries {
  const memoryOf = memoryModel(scenario);
  const stored = book.meanPerSample(book.stored);
  const bytes = book.meanPerSample(book.storedBytes);
  const refused = book.perSample("refused");
  const others = book.perSample("otherRequests");
  const requests = book.perSample("followUps").map((count, sample) => count + others[sample]);
  const columns: Record<string, number[]> = {
    stored,
    live: book.meanPerSample(book.live),
    started: book.perSample("started"),
    refused,
    expired: book.perSample("expired"),
    abandoned: book.perSample("abandoned"),
    lost: book.perSample("lost"),
    requests,
    completed: requests.map((count, sample) => count - refused[sample]),
    failed: requests.map(() => 0),
    memoryBytes: stored.map((sessions, sample) => memoryOf(sessions, bytes[sample])),
  };
  const writes = changingShare(scenario);
  const replaced = requests.map((count, i) =>
    Math.max(0, writes * count - columns.started[i] + columns.expired[i] + columns.abandoned[i] + columns.lost[i]),
  );
  // At the very start nothing has happened.
  for (const [name, values] of Object.entries(columns)) values.unshift(name === "memoryBytes" ? memoryOf(0, 0) : 0);
  const memoryBytes = memoryWithDeadSpace(scenario, {
    stored: columns.stored,
    storedBytes: [0, ...bytes],
    replaced: [0, ...replaced],
  });
  if (memoryBytes !== null) columns.memoryBytes = memoryBytes;
  return { atMs: Array.from({ length: book.samples + 1 }, (_, sample) => sample * scenario.run.sampleMs), columns };
}

/** Of the requests, those that write their session. */
function changingShare({ workload }: Scenario): number {
  const shares = workload.pages.reduce((sum, { share }) => sum + share, 0);
  const changing = workload.pages.reduce(
    (sum, { share, session, changedShare }) => sum + (session === "read-write" ? share * changedShare : 0),
    0,
  );
  return changing / shares;
}
