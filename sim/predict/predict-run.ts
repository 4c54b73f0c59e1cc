// The size of a run before it runs: events, seconds and memory, and whether it is one that this machine can do at all. What a machine
// has, and how long one is ready to wait, comes from the caller. The figures for speed were measured on one machine (2 virtual cores
// of 2.5 GHz) and are rough: another machine, or other work on it, easily makes a factor of two.

import { InputError } from "../../config/problem.ts";
import type { Arrivals, Scenario } from "../../config/scenario.ts";
import type { SessionMode } from "../../config/session-settings.ts";
import { sweepsCounted } from "../population/stored-level.ts";
import { leastReplications, ROUND_MAX } from "../replication-plan.ts";
import { storesOf } from "../stores.ts";
import { predictMemory } from "./predict-memory.ts";
import { type Prediction, predictReplication } from "./predict-replication.ts";

export interface RunSize {
  /** Those that are certain to run. */
  readonly replications: number;
  /** Requests, removals of sessions, and tries that find a session locked. */
  readonly events: number;
  readonly seconds: number;
  /** Of the whole process, at its largest. */
  readonly bytes: number;
}

export interface RunLimits {
  readonly bytesMax: number;
  readonly secondsMax: number;
}

/** Of the request model, by mode: a request and what it takes of the removal of its session. */
const EVENT_MICROSECONDS: Readonly<Record<SessionMode, number>> = {
  Off: 0.7,
  InProc: 1,
  StateServer: 1.9,
  SQLServer: 1.9,
  Custom: 1.9,
};
const POPULATION_EVENT_MICROSECONDS = 0.05;
/** A process that is looked at: by a sweep, or because a visitor may have a session there. */
const PLACE_MICROSECONDS = 0.01;
/** A replication beyond its events: its tables, its histograms, its record. */
const REPLICATION_SECONDS = { requests: 0.02, population: 0.002 } as const;
const RATE_CHANGE_MICROSECONDS = 0.05;
/** So many stretches of a rate may pass before the next visit comes. */
const RATE_CHANGES_MAX = 1e8;
const PROCESS_BYTES = 180e6;
const THREAD_BYTES = 60e6;

/** @param threads that run replications side by side; 1 for the main thread alone. */
export function predictRun(scenario: Scenario, threads: number): RunSize {
  const replications = leastReplications(scenario.run);
  const prediction = predictReplication(scenario);
  const { runningBytes, keptBytes, roundBytes } = predictMemory(scenario, prediction);
  const seconds = secondsOf(scenario, prediction) + REPLICATION_SECONDS[scenario.run.fidelity];
  const sideBySide = Math.min(threads, replications);
  return {
    replications,
    events: prediction.events * replications,
    seconds: seconds * Math.ceil(replications / sideBySide),
    bytes:
      PROCESS_BYTES +
      sideBySide * (runningBytes + (threads > 1 ? THREAD_BYTES : 0)) +
      Math.min(replications, ROUND_MAX) * roundBytes +
      replications * keptBytes,
  };
}

function secondsOf(scenario: Scenario, { events, requests }: Prediction): number {
  const { site, run, workload } = scenario;
  const endMs = run.durationMs + run.drainMs;
  const rates = rateChanges(workload.arrivals, endMs) * RATE_CHANGE_MICROSECONDS;
  if (run.fidelity === "requests") return (events * EVENT_MICROSECONDS[site.mode] + rates) / 1e6;
  const sweepMs = (site.mode === "SQLServer" ? site.deleteJobMs : site.expirySweepMs) ?? 0;
  const stores = storesOf(scenario);
  const sweeps = sweepsCounted(sweepMs, endMs) * stores * PLACE_MICROSECONDS;
  const places = site.affinity || site.mode !== "InProc" || stores === 1 ? 0 : requests * stores * PLACE_MICROSECONDS;
  return (events * POPULATION_EVENT_MICROSECONDS + sweeps + places + rates) / 1e6;
}

/** How often a rate that goes by steps or hours changes within a run. */
function rateChanges(arrivals: Arrivals, endMs: number): number {
  if (arrivals.kind === "profile") return endMs / 3_600_000;
  if (arrivals.kind !== "step") return 0;
  const steps = Math.max(0, (arrivals.toPerSecond - arrivals.fromPerSecond) / arrivals.byPerSecond);
  return Math.min(steps, endMs / arrivals.everyMs);
}

/** "12 M events, 14 s, 90 MB". */
export function describeSize({ events, seconds, bytes }: RunSize): string {
  return `${count(events)} events, ${duration(seconds)}, ${size(bytes)}`;
}

/** @throws InputError where a run is larger than its limits; it says by how much, and what would make it smaller. */
export function refuseOversized(scenario: Scenario, threads: number, { bytesMax, secondsMax }: RunLimits): void {
  const run = predictRun(scenario, threads);
  const problems = [];
  const changes = rateChanges(scenario.workload.arrivals, scenario.run.durationMs + scenario.run.drainMs);
  if (changes > RATE_CHANGES_MAX) {
    problems.push({
      at: "workload.arrivals",
      given: `a rate that changes ${count(changes)} times`,
      expected: `at most ${count(RATE_CHANGES_MAX)}`,
      mend: "make the steps longer, or higher",
    });
  }
  if (!(run.bytes <= bytesMax)) {
    problems.push({
      at: "the memory it would need",
      given: `about ${size(run.bytes)}, for ${count(run.events)} events in ${duration(run.seconds)}`,
      expected: `at most ${size(bytesMax)}`,
      mend: `${smaller(scenario)}, or raise --memory-limit`,
    });
  }
  if (!(run.seconds <= secondsMax)) {
    problems.push({
      at: "the time it would take",
      given: `about ${duration(run.seconds)}, for ${count(run.events)} events in ${size(run.bytes)}`,
      expected: `at most ${duration(secondsMax)}`,
      mend: `${smaller(scenario)}, or raise --time-limit`,
    });
  }
  if (problems.length > 0) throw new InputError(`Cannot simulate "${scenario.name}"`, problems);
}

function smaller({ run }: Scenario): string {
  const ways = ["fewer visits a second", "a shorter run"];
  if (run.fidelity === "requests") ways.push("fidelity: population");
  if (run.replications > 5) ways.push("fewer replications");
  return `choose ${ways.join(", ")}`;
}

function count(value: number): string {
  return scaled(value, 1000, ["", " k", " M", " G", " T"]);
}

function size(bytes: number): string {
  return scaled(bytes, 1000, [" bytes", " kB", " MB", " GB", " TB", " PB"]);
}

function duration(seconds: number): string {
  if (seconds < 120) return scaled(seconds, 1000, [" s"]);
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return seconds < 63e6
    ? `${Math.round(seconds / 86_400)} days`
    : `${scaled(seconds / 31_557_600, 1000, ["", " k", " M", " G"])} years`;
}

/** Two digits, in the largest unit that leaves one before the point. */
function scaled(value: number, step: number, units: readonly string[]): string {
  let unit = 0;
  let left = value;
  while (left >= step && unit < units.length - 1) {
    left /= step;
    unit++;
  }
  return `${left < 10 ? Number(left.toPrecision(2)) : Math.round(left)}${units[unit]}`;
}
