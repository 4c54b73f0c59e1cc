// What the experiments of a bench find beyond figures: the points behind an estimate, so that a report can draw them and a reader can
// check them. Each experiment also gives its findings as figures (study-figures.ts), which are judged and compared like any others.

import type { StoreOperation } from "../config/scenario.ts";
import type { Estimate } from "./estimate.ts";
import type { HistogramJson } from "./latency-histogram.ts";

export type Study = SaturationStudy | SloStudy | MicroStudy | MemoryStudy | LockStudy | EngineStudy;

/** A closed loop of so many connections, each sending its next request once the last is answered. */
export interface SaturationStudy {
  readonly kind: "saturation";
  readonly connections: number;
  /** Of each round, in order. */
  readonly roundsRequestsPerSecond: readonly number[];
  readonly requestsPerSecond: Estimate;
  /** Processor share of the site's process and of the generator, of one core. */
  readonly hostBusyShare: number | null;
  readonly generatorBusyShare: number | null;
}

/** One try at a rate; several of one rate are judged together. Rates are those of real time, whatever run.timeScale. */
export interface SloProbe {
  readonly requestsPerSecond: number;
  readonly visitsPerSecond: number;
  readonly responseP99Ms: number | null;
  readonly failedShare: number;
  readonly storedSessionsMean: number | null;
  readonly memoryBytes: number | null;
  readonly met: boolean;
  /** false: the generator could not be believed at this rate, so that the search went no higher. */
  readonly valid: boolean;
  /** Responses that p99 rests on. */
  readonly responses: number;
}

/** The highest rate at which the objectives are met. */
export interface SloStudy {
  readonly kind: "slo";
  readonly responseP99MsMax: number;
  readonly failedShareMax: number;
  /** In the order of trying. */
  readonly probes: readonly SloProbe[];
  /**
   * bracket: met below, missed above. at least: met, and nothing higher was found to miss them, because the generator could not be
   * believed there or the search ended. none: not even the lowest rate met them.
   */
  readonly bound: "bracket" | "at least" | "none";
  /** The interval is the bracket: met at its low end, missed at its high end. */
  readonly requestsPerSecond: Estimate | null;
  readonly sessions: Estimate | null;
  readonly memoryBytes: Estimate | null;
}

/** One provider call with so much state. */
export interface MicroCall {
  readonly operation: StoreOperation;
  readonly stateBytes: number;
  readonly samples: number;
  /** Above 1 where a call is too short for the clock: a sample, and so p50, is then the mean of so many. */
  readonly callsPerSample: number;
  readonly meanMs: Estimate;
  readonly p50Ms: number;
  /** null for too few samples, and where a sample is several calls. */
  readonly p99Ms: number | null;
  /** Of the calling process, user and system, per call. */
  readonly cpuMs: number | null;
  /** Allocated on the caller's heap, per call. */
  readonly allocatedBytes: number | null;
  /** Allocated by the caller outside its heap: buffers. */
  readonly externalBytes: number | null;
  /** Median of each round; rounds of all providers took turns. */
  readonly roundsMedianMs: readonly number[];
}

export interface MicroStudy {
  readonly kind: "micro";
  readonly calls: readonly MicroCall[];
}

/** Memory against stored sessions of one size: a straight line by least squares. */
export interface MemoryLine {
  /** Of one session, as the scenario's law of state bytes has it. */
  readonly stateBytes: number;
  /** `filling`: from nothing to full; the interval lies between the fillings, not between the points. */
  readonly points: readonly { readonly sessions: number; readonly bytes: number; readonly filling?: number }[];
  readonly bytesPerSession: Estimate;
  readonly interceptBytes: Estimate;
  /** Once all sessions had expired and were removed; null where that was not seen. */
  readonly afterExpiryBytes: number | null;
  /** Of what the sessions took, the share given back by then. */
  readonly reclaimedShare: number | null;
}

export interface MemoryStudy {
  readonly kind: "memory";
  /** The first is the one the figures speak of. */
  readonly measures: readonly {
    /** "heap after a collection", "resident set", "relation size", "used_memory". */
    readonly name: string;
    readonly lines: readonly MemoryLine[];
  }[];
}

/** So many requests of one session at once, again and again. */
export interface LockStep {
  readonly concurrency: number;
  /** Times that so many were sent at once; the last may have been cut short. */
  readonly rounds: number;
  /** Answered. */
  readonly requests: number;
  readonly completed: number;
  /** Completed ones, over all rounds. */
  readonly requestsPerSecond: number;
  /** Of those completed, from the moment at which all of the round were sent; null when none was. */
  readonly responses: HistogramJson | null;
  /** How long those waited that found the session locked; null when none did. */
  readonly waits: HistogramJson | null;
  /** Requests that found it locked at least once. */
  readonly polledShare: number;
  /** null where the site does not tell. */
  readonly polls: number | null;
  readonly timeOuts: number;
  readonly queueRefusals: number;
  /** Other failures, by kind. */
  readonly failures: Readonly<Record<string, number>>;
  /** null where the site does not tell. */
  readonly lostUpdates: number | null;
}

export interface LockStudy {
  readonly kind: "locks";
  /** How often a locked session is looked at again; null where the site is not ours to know. */
  readonly pollMs: number | null;
  /** How long each request holds the session. */
  readonly holdMs: number | null;
  readonly steps: readonly LockStep[];
}

/** One simulation, by our engine or by somebody else's, run again and again, each time in a process of its own. */
export interface EngineCase {
  /** "w2", "simjs". */
  readonly name: string;
  /** "W2, population". */
  readonly label: string;
  /** What counts as an event of it. */
  readonly events: string;
  readonly eventsPerRun: number;
  /** Of simulated time. */
  readonly hours: number;
  /** Of each round, in order, the run alone; the value of the estimate is the median, its interval runs from the least to the most. */
  readonly roundsEventsPerSecond: readonly number[];
  readonly eventsPerSecond: Estimate;
  /** The same over the whole process, from its start to its end. */
  readonly wholeEventsPerSecond: Estimate;
  /** Time an event over that of W2 in the same round, the run alone and the whole process; null where W2 did not run. */
  readonly timesW2: Estimate | null;
  readonly wholeTimesW2: Estimate | null;
  /** The latter round by round, where both ran. */
  readonly roundsWholeTimesW2: readonly number[];
  /** Of typed arrays, at most at any time, and by the sessions stored at most; null for another's engine, and without sessions. */
  readonly arrayBytes: number | null;
  readonly arrayBytesPerSession: number | null;
  /** Resident set of the process, its highest of the rounds. */
  readonly rssMaxBytes: number;
  /** Share of the run in which the collector held it up, the median; null where the language does not tell. */
  readonly gcShare: number | null;
}

export interface EngineStudy {
  readonly kind: "engine";
  readonly rounds: number;
  readonly cases: readonly EngineCase[];
}
