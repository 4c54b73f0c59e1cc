// How often a scenario is repeated. Repeats come in rounds; after each, what has been seen so far decides whether another is needed.
// A round is known before it runs, so its repeats may run side by side, in any number of threads, with one outcome.

import type { Scenario } from "../config/scenario.ts";
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

/**
 * @param records of all replications so far, in the order of their numbers.
 * @returns the replications to run next; none when the answer is as good as asked.
 */
export function nextRound({ run }: Scenario, records: readonly RunRecord[]): readonly Replication[] {
  return Array.from({ length: run.replications - records.length }, (_, i) => {
    const number = records.length + i;
    return { number, seed: replicationSeed(run.seed, number), mirrored: false };
  });
}
