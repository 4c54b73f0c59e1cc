// The memory that a replication will need while it runs, and what is kept of it. The sizes are those of the tables of the two models.

import type { Scenario } from "../../config/scenario.ts";
import { SLOT_MS } from "../../metrics/outcome-slots.ts";
import { SWEEPS_AHEAD, sweepsCounted } from "../population/stored-level.ts";
import { storesOf } from "../stores.ts";
import type { Prediction } from "./predict-replication.ts";

/** Columns that double as they fill have so many bytes a place; the next event of whoever stands there is counted with him. */
const EVENT = 24;
const VISITOR = 33 + EVENT;
const REQUEST = 140 + EVENT;
/** A row, what is free around it while the table grows, and its part of the lists of deadlines. */
const SESSION = 60;
/** Of the population model: a visit that waits for its turn, and an end that is booked singly. */
const PARKED = 57 + EVENT;
const BOOKED = 20 + EVENT;
const PLACE = 32;
const SWEEP = 12;
/** Columns of a series as lists of numbers that grow, and once more on the way to the summary. */
const SAMPLE = 12 * 8 * 2.5;
/** Histograms of the response times: those of 60 stretches, and what is kept once the round has ended. */
const STRETCHES = 1_900_000;
const HISTOGRAMS = 600_000;
/** What became of the requests of a slot, in lists that grow; a stroke's record with its timeline. */
const OUTCOME = 24;
const STROKE = 6_000;
/** A web core's queue, its busy time, its name in the tables. */
const PROCESS = 2_000;

export interface MemoryNeed {
  /** While it runs. */
  readonly runningBytes: number;
  /** Of its record, until all replications have ended. */
  readonly keptBytes: number;
  /** Of its record besides, until its round has ended. */
  readonly roundBytes: number;
}

export function predictMemory(scenario: Scenario, prediction: Prediction): MemoryNeed {
  const { run, site } = scenario;
  const samples = (run.durationMs / run.sampleMs + 1) * SAMPLE;
  const strokes =
    scenario.faults.length + (site.recycleEveryMs === null ? 0 : Math.floor(run.durationMs / site.recycleEveryMs));
  if (run.fidelity === "population") {
    return {
      runningBytes: 2 * samples + populationBytes(scenario, prediction, strokes),
      roundBytes: 0,
      keptBytes: samples,
    };
  }
  const processes = site.servers * site.workersPerServer;
  const sessionsOfVisitor = site.mode === "InProc" && !site.affinity ? processes : 1;
  const tables =
    prediction.sessionsMax * SESSION +
    doubled(prediction.visitorsMax) * (VISITOR + 4 * sessionsOfVisitor) +
    doubled(prediction.requestsMax) * REQUEST;
  // What became of requests, slot by slot, for the sake of what strikes; of each stroke a timeline stays.
  const outcomes = strokes === 0 ? 0 : (run.durationMs / run.timeScale / SLOT_MS) * OUTCOME;
  return {
    runningBytes: tables + samples + STRETCHES + HISTOGRAMS + processes * PROCESS + outcomes,
    roundBytes: STRETCHES,
    keptBytes: samples + HISTOGRAMS + strokes * STROKE,
  };
}

function populationBytes(scenario: Scenario, prediction: Prediction, strokes: number): number {
  const { site, run } = scenario;
  const stores = storesOf(scenario);
  const places = site.mode === "InProc" && !site.affinity ? stores : 1;
  const sweepMs = (site.mode === "SQLServer" ? site.deleteJobMs : site.expirySweepMs) ?? 0;
  const counted = sweepsCounted(sweepMs, run.durationMs + run.drainMs);
  const sweeps = counted === 0 ? 0 : Math.min(SWEEPS_AHEAD, counted + 2);
  const beyond = counted === 0 || (site.timeoutMs ?? 0) > SWEEPS_AHEAD * sweepMs;
  return (
    sweeps * stores * SWEEP +
    strokes * (16 + stores * SWEEP) +
    doubled(prediction.parkedMax) * (PARKED + PLACE * places) +
    (beyond ? doubled(prediction.sessionsMax) * BOOKED : 0)
  );
}

/** Places that a table has made by the time it holds so many: it doubles. */
function doubled(places: number): number {
  let capacity = 256;
  while (capacity < places) capacity *= 2;
  return capacity;
}
