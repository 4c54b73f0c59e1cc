// The replications of a scenario over worker threads: the same loop as simulate's, with the replications of a round side by side. The
// outcome is the same for any number of threads, because a round is known before it runs and its records are put in order.

import type { Scenario } from "../../../config/scenario.ts";
import { gatherIntervals } from "../../../metrics/gather-intervals.ts";
import type { RunRecord } from "../../../metrics/run-record.ts";
import { nextRound, type Replication, replicationsKnown } from "../../../sim/replication-plan.ts";
import type { ReplicationPool } from "./replication-pool.ts";

export interface RoundsOptions {
  readonly pool: Pick<ReplicationPool, "run">;
  /** Aborted: what has ended by then is kept. */
  readonly signal: AbortSignal;
  /** Share of the work done, 0 to 1. */
  readonly onProgress: (share: number) => void;
}

export interface Rounds {
  /** In the order of their numbers. */
  readonly records: readonly RunRecord[];
  readonly complete: boolean;
}

const LOOK_EVERY_MS = 200;

/** Runs round after round until the answer is as good as asked. */
export async function runRounds(scenario: Scenario, options: RoundsOptions): Promise<Rounds> {
  let records: readonly RunRecord[] = [];
  for (let round = nextRound(scenario, records); round.length > 0; round = nextRound(scenario, records)) {
    const ended = await runRound(scenario, round, records.length, options);
    records = gatherIntervals([...records, ...ended]);
    if (ended.length < round.length) return { records, complete: false };
  }
  return { records, complete: true };
}

/** @returns the records of the round; when it was cut short, of the first ones only, as many as had ended without a gap. */
async function runRound(
  scenario: Scenario,
  round: readonly Replication[],
  before: number,
  { pool, signal, onProgress }: RoundsOptions,
): Promise<RunRecord[]> {
  const wanted = replicationsKnown(scenario, before, round);
  const shares = new Float64Array(new SharedArrayBuffer(8 * round.length));
  const records: RunRecord[] = [];
  const look = setInterval(() => {
    const done = shares.reduce((sum, share) => sum + share, before);
    onProgress(done / wanted);
  }, LOOK_EVERY_MS);
  try {
    const whole = Promise.all(
      round.map(async (replication, place) => {
        records[place] = await pool.run({ scenario, replication, shares, place });
      }),
    );
    // What is under way when the run is cut short ends with its thread, and nobody waits for it.
    whole.catch(() => {});
    await Promise.race([whole, abortOf(signal)]);
  } finally {
    clearInterval(look);
  }
  let ended = 0;
  while (ended < round.length && records[ended] !== undefined) ended++;
  // The two of an antithetic pair count together or not at all.
  if (ended < round.length && round[ended].mirrored) ended--;
  return records.slice(0, ended);
}

function abortOf(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
