// What a run answers, in one shape for both worlds: a simulated and a measured run of one scenario differ in `kind`, in
// `environment` and in their figures, and in nothing else. Reports and comparisons read this and know no more.

import type { Fault, Scenario, StoreOperation } from "../config/scenario.ts";
import type { Settings } from "../config/session-settings.ts";
import type { Estimate, Interval } from "./estimate.ts";
import type { HistogramJson } from "./latency-histogram.ts";
import type { Study } from "./study.ts";

export type { Estimate, Interval } from "./estimate.ts";
export type { HistogramJson } from "./latency-histogram.ts";

export const RUN_RESULT_SCHEMA = "sessionlab.run-result/1";

/** Counts of whole things. Sums over replications where a run has several. */
export interface Counters {
  /** People who came. */
  readonly visits: number;
  /** Times a new session was wanted. arrivals = started + refused. */
  readonly arrivals: number;
  readonly started: number;
  readonly refused: number;
  /** started = stored + expired + abandoned + lost, at the end of the run. */
  readonly stored: number;
  /** Removed because their time was over. */
  readonly expired: number;
  readonly abandoned: number;
  /** Gone because a worker or service ended. */
  readonly lost: number;
  /** Expired rows that an access brought back before the job deleted them (SQLServer). */
  readonly revived: number;
  readonly requests: number;
  /** Finished without an error, a refusal not counted as one. */
  readonly completed: number;
  readonly failed: number;
  /** Failures by kind: "request timed out", "queue limit", "http 500", "connection refused" … */
  readonly failures: Readonly<Record<string, number>>;
  readonly storeCalls: Readonly<Record<StoreOperation, number>>;
  /** Requests that found their session locked at least once. */
  readonly lockWaits: number;
  readonly lockPolls: number;
  readonly lockBreaks: number;
  /** Writes that overwrote one their writer had not read; only a store without locks lets that happen. */
  readonly lostUpdates: number;
  readonly recycles: number;
}

/** Columns of equal length; `atMs` is scenario time from the start. A missing value is null. */
export interface TimeSeries {
  readonly atMs: readonly number[];
  readonly columns: Readonly<Record<string, readonly (number | null)[]>>;
}

/** Response times of requests that were due in one stretch of the measured part; all stretches together are the whole histogram. */
export interface HistogramInterval {
  /** Scenario time. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly histogram: HistogramJson;
}

/**
 * A fault that struck, and what came of it. Moments are scenario time, lengths real time. Where a run has several replications, all that
 * can differ between them is a mean over them (gather-faults.ts).
 */
export interface FaultRecord {
  readonly kind: Fault["kind"];
  readonly atMs: number;
  /** Until what was struck was there again; 0 for a recycle, during which it is there all the time. */
  readonly downMs: number;
  /**
   * From the stroke until requests succeeded as before (fault-effects.ts says what that is), to a tenth of a second; null when they
   * did not until the end of the run, or too few came to tell.
   */
  readonly recoveryMs: number | null;
  /** null where the store cannot be counted, or those gone may just as well have expired. */
  readonly sessionsLost: number | null;
  /** Requests that failed from the stroke on, by kind, of those due before the recovery. */
  readonly failures: Readonly<Record<string, number>>;
  /** How requests fared around it. Absent in results of programs that did not keep it. */
  readonly timeline?: FaultTimeline;
}

/** Columns of equal length, one entry a step; a request belongs to the step in which it was due. */
export interface FaultTimeline {
  /** Of the first step, in real time from the stroke: negative. */
  readonly fromMs: number;
  /** Real time. */
  readonly stepMs: number;
  readonly completed: readonly number[];
  readonly failed: readonly number[];
  /** The longest response time of those completed; null where there was none. */
  readonly slowestMs: readonly (number | null)[];
}

/** Where a run stood among those of an interleaved comparison. */
export interface Turn {
  /** From 0. Of four runs, two of each side. */
  readonly block: number;
  /** In the block, 0 to 3. */
  readonly place: number;
}

/** What a formula says about the same figure. */
export interface ClosedForm {
  readonly value: number;
  readonly name: string;
  /** The sum itself, to be checked by hand: "0.5/s × (150 s + 1200 s + 10 s) = 680". */
  readonly sum: string;
  /** Share of the value by which it may be off, an approximation or a site that it simplifies. Left out: exact. */
  readonly tolerance?: number;
  /** The run lies farther from it than that and chance allow. */
  readonly disagrees?: true;
}

export interface Figure {
  readonly key: string;
  readonly label: string;
  /** "", "/s", "ms", "s", "bytes", "share". */
  readonly unit: string;
  /** null where the run cannot know it. */
  readonly value: number | null;
  readonly interval?: Interval;
  readonly closedForm?: ClosedForm;
}

/** Half the width of a figure's 95 % interval, relative to the figure: as it was asked for, and as it came out. */
export interface PrecisionReached {
  readonly figure: string;
  readonly asked: number;
  /** null where there is no interval, or the figure is 0. */
  readonly reached: number | null;
}

/** How a figure differs from that of another run under the same luck. */
export interface PairedDifference {
  readonly figure: string;
  readonly label: string;
  readonly unit: string;
  readonly first: number;
  readonly second: number;
  /** second − first. */
  readonly difference: Estimate;
  /** The interval of the difference leaves 0 out; null where there is none. */
  readonly differs: boolean | null;
  /** Of the two over replications; null where one of them never varied. */
  readonly correlation: number | null;
  /** How often smaller the variance of the difference is than that of two runs with luck of their own; null as above, and where the difference never varied. */
  readonly varianceRatio: number | null;
}

export interface PairedComparison {
  /** Label of the other run, the first. */
  readonly against: string;
  readonly replications: number;
  readonly differences: readonly PairedDifference[];
}

export interface TargetVerdict {
  readonly figure: string;
  readonly limit: string;
  readonly value: number | null;
  readonly met: boolean | null;
}

export interface Audit {
  readonly verdict: "valid" | "doubtful" | "invalid";
  /** One sentence a finding; empty when valid. */
  readonly findings: readonly string[];
  /** Highest supported percentile of the latency histograms, given their counts: 99.9 needs 10,000 samples. */
  readonly percentileMax: number;
  /** What the verdict on the generator and the machine rests on; null in a simulation, which has neither. */
  readonly generator: GeneratorAudit | null;
}

/** How the generator kept its moments and what else the machine did meanwhile. null: could not be measured, or has no meaning there. */
export interface GeneratorAudit {
  /** Of the busiest of the generator's threads, polling for the next moment left out. */
  readonly busyShare: number | null;
  /** How late its event loop woke from short timers. */
  readonly loopDelayP99Ms: number | null;
  /** Of starts in the measured part; null where nothing was due at a moment of its own (closed loops). */
  readonly startLagP50Ms: number | null;
  readonly startLagP99Ms: number | null;
  readonly startLagMaxMs: number | null;
  /** Due, and never sent because too much waited for answers already. */
  readonly droppedStarts: number;
  /** The largest jump of the wall clock against the monotonic one; negative: back. */
  readonly clockStepMs: number;
  /** Processor share, of all cores, of processes that are not part of the run. */
  readonly otherLoadShare: number | null;
  /** Processor share, of all cores, that the hypervisor gave to other machines. */
  readonly stealShare: number | null;
  /** Memory pages that went to or came from swap. */
  readonly swappedPages: number | null;
  /** Processors that the site had to itself; null: it shared them with generator and store, or was not ours. */
  readonly siteProcessors: number | null;
}

export interface Environment {
  readonly startedAt: string;
  readonly wallSeconds: number;
  readonly sessionlab: string;
  readonly commit: string | null;
  readonly node: string;
  readonly platform: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
}

/**
 * What was done with the scenario. journeys: its visitors came, in virtual or real time. The others are experiments of a bench on
 * the scenario's site and store: saturation: a closed loop as fast as it goes; slo: the highest rate that meets the targets; micro:
 * single provider calls; memory: bytes per stored session; locks: many requests of one session.
 */
export const benchDriverNames = ["journeys", "saturation", "slo", "micro", "memory", "locks"] as const;
/** engine: how fast the simulation itself runs, beside others. */
export const driverNames = [...benchDriverNames, "engine"] as const;
export type BenchDriverName = (typeof benchDriverNames)[number];
export type DriverName = (typeof driverNames)[number];

export interface RunResult {
  readonly schema: typeof RUN_RESULT_SCHEMA;
  readonly kind: "simulated" | "measured";
  readonly driver: DriverName;
  /** Short name in tables and legends: "InProc, simulated", "SQLServer on PostgreSQL 18.4, measured". */
  readonly label: string;
  /** Engine and version of the store that was driven: "PostgreSQL 18.4"; null in a simulation, in process and without sessions. */
  readonly store: string | null;
  /** Secrets in its connections are masked. */
  readonly scenario: Scenario;
  /** Where the settings came from, when a configuration file was read. */
  readonly settings: Settings | null;
  readonly seed: number;
  readonly command: string;
  /** false when the run was cut short; the figures then cover what was seen. */
  readonly complete: boolean;
  readonly endedAtMs: number;
  /** Passes that counters and histograms are sums over. Absent in results of programs that did not keep it. */
  readonly replications?: number;
  /** Where the scenario asks for one. */
  readonly precision?: readonly PrecisionReached[];
  /** Where it was run in turns with another side. */
  readonly turn?: Turn;
  /** Where it was run under the same luck as another. */
  readonly paired?: PairedComparison;
  readonly counters: Counters;
  /** The counters of the part after the warm-up. */
  readonly measured: Counters;
  readonly series: TimeSeries;
  readonly histograms: Readonly<Record<string, HistogramJson>>;
  /** In order; empty where nothing had a response time. */
  readonly responseIntervals: readonly HistogramInterval[];
  /** Those that struck, in order. */
  readonly faults: readonly FaultRecord[];
  /** What an experiment found; null for journeys. */
  readonly study: Study | null;
  readonly figures: readonly Figure[];
  readonly targets: readonly TargetVerdict[];
  readonly audit: Audit;
  /** Apart from everything else: two machines agree on the rest of a simulated result to the byte. */
  readonly environment: Environment;
}
