// How often a scenario is repeated. Repeats come in rounds; after each, what has been seen so far decides whether another is needed.
// A round is known before it runs, so its repeats may run side by side, in any number of threads, with one outcome.

import type { Run, Scenario } from "../config/scenario.ts";
import { replicationsWanted, UNITS_MIN } from "../metrics/precision.ts";
import type { RunRecord } from "../metrics/run-record.ts";
import { replicationSeed } from "../workload/random-stream.ts";

/** One repeat. */
export interface Replication {
  readonly number: number;
  readonly seed: number;
  /** Every draw u is 1 − u: the other half of an antithetic pair. */
  readonly mirrored: boolean;
}

/** How one replication is run. */
export interface ReplicationOptions {
  /** Every draw u is 1 − u. */
  readonly mirrored?: boolean;
  /** Told the scenario time reached, now and then. */
  readonly onProgress?: (atMs: number) => void;
}

/** Records of a round are in memory together, each with some two megabytes of histograms; after it they are put together. */
export const ROUND_MAX = 100;

/**
 * @param records of all replications so far, in the order of their numbers.
 * @returns the replications to run next; none when the answer is as good as asked.
 */
export function nextRound(scenario: Scenario, records: readonly RunRecord[]): readonly Replication[] {
  const { run } = scenario;
  const least = leastReplications(run);
  const wanted =
    records.length < least || run.precision === undefined
      ? least
      : wholePairs(run, replicationsWanted(scenario, records));
  const length = Math.min(ROUND_MAX, Math.max(0, wanted - records.length));
  return Array.from({ length }, (_, i) => replicationOf(run, records.length + i));
}

/** How many replications a run has, as far as is known while a round of it runs: more than so many only where a precision asks for them. */
export function replicationsKnown({ run }: Scenario, before: number, round: readonly Replication[]): number {
  return Math.max(leastReplications(run), before + round.length);
}

/** As many as the scenario says; where it asks for a precision, enough to judge one by, but no more than it allows. */
export function leastReplications(run: Run): number {
  const { precision = [], replications } = run;
  if (precision.length === 0) return wholePairs(run, replications);
  const allowed = Math.max(...precision.map(({ replicationsMax }) => replicationsMax));
  const enough = run.antithetic === true ? 2 * UNITS_MIN : UNITS_MIN;
  return wholePairs(run, Math.min(allowed, Math.max(replications, enough)));
}

function wholePairs({ antithetic }: Run, replications: number): number {
  return antithetic === true ? replications + (replications % 2) : replications;
}

/** Of an antithetic pair, 2k and 2k + 1, both have one seed. */
function replicationOf({ seed, antithetic }: Run, number: number): Replication {
  if (antithetic !== true) return { number, seed: replicationSeed(seed, number), mirrored: false };
  return { number, seed: replicationSeed(seed, number >> 1), mirrored: number % 2 === 1 };
}
