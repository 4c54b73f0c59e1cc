// What a worker thread does: one replication, its progress written where the main thread can see it.

import type { Scenario } from "../../../config/scenario.ts";
import type { Replication } from "../../../sim/replication-plan.ts";
import { runReplication } from "../../../sim/run-replication.ts";
import { type PackedRecord, packRecord } from "./packed-record.ts";

export interface ReplicationTask {
  readonly scenario: Scenario;
  readonly replication: Replication;
  /** Shared memory: the share that is done of each replication of the round, 0 to 1. */
  readonly shares: Float64Array;
  /** The place of this one. */
  readonly place: number;
}

export default function replicate({ scenario, replication, shares, place }: ReplicationTask): PackedRecord {
  const { seed, mirrored } = replication;
  const record = runReplication(scenario, seed, {
    mirrored,
    onProgress: (atMs) => {
      shares[place] = atMs / scenario.run.durationMs;
    },
  });
  shares[place] = 1;
  return packRecord(record);
}
