// Many scenarios over one pool of threads. While there are more of them than threads, each thread takes a whole one and only what it came
// to leaves the thread; the last ones are taken apart into replications, so that no thread is idle while another has many to go. The
// outcome is the same for any number of threads: it follows from the records in the order of their numbers, wherever they were made.

import { assert } from "../../config/assert.ts";
import type { Scenario } from "../../config/scenario.ts";
import type { PointOutcome } from "../../metrics/sweep/point.ts";
import { concludePoint } from "../../sim/conclude-point.ts";
import { predictRun } from "../../sim/predict/predict-run.ts";
import type { ReplicationPool } from "../simulate/workers/replication-pool.ts";
import { runRounds } from "../simulate/workers/run-rounds.ts";

export interface PointsOptions {
  /** Ended by who made it. */
  readonly pool: Pick<ReplicationPool, "run" | "runPoint">;
  /** Of the pool. */
  readonly threads: number;
  /** Aborted: points that have ended by then are kept. */
  readonly signal: AbortSignal;
  /** Share of the work done, 0 to 1, several times a second. */
  readonly onProgress?: (share: number) => void;
  /** Told of each point once it has ended, in no order; the next one waits for it. An error of it ends everything. */
  readonly onEnded?: (index: number, outcome: PointOutcome) => void | Promise<void>;
}

export interface Points {
  /** One a scenario, in their order; null for one that had not ended. */
  readonly outcomes: readonly (PointOutcome | null)[];
  readonly complete: boolean;
}

const LOOK_EVERY_MS = 200;
/** So many points for each thread, at the end, are taken apart. */
const APART_PER_THREAD = 2;

/** @throws InputError where a thread had not enough memory; an error of a replication as it came. */
export async function runPoints(scenarios: readonly Scenario[], options: PointsOptions): Promise<Points> {
  const { pool, threads, onProgress, onEnded } = options;
  // An error of one point ends the others too.
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  assert(threads >= 1, "there is a thread");
  const outcomes: (PointOutcome | null)[] = scenarios.map(() => null);
  const shares = new Float64Array(new SharedArrayBuffer(8 * scenarios.length));
  const seconds = scenarios.map((scenario) => predictRun(scenario, 1).seconds);
  const secondsTotal = seconds.reduce((sum, one) => sum + one, 0);
  let next = 0;

  const outcomeOf = async (place: number): Promise<PointOutcome | null> => {
    const scenario = scenarios[place];
    if (scenarios.length - place > APART_PER_THREAD * threads) return pool.runPoint({ scenario, shares, place });
    const tell = (share: number) => {
      shares[place] = share;
    };
    const { records, complete } = await runRounds(scenario, { pool, signal, onProgress: tell });
    return complete ? concludePoint(scenario, records) : null;
  };
  const lane = async () => {
    while (next < scenarios.length && !signal.aborted) {
      const place = next++;
      try {
        const outcome = await outcomeOf(place);
        if (outcome === null || signal.aborted) return;
        outcomes[place] = outcome;
        shares[place] = 1;
        await onEnded?.(place, outcome);
      } catch (error) {
        failed.abort();
        throw error;
      }
    }
  };

  const look = setInterval(() => {
    onProgress?.(shares.reduce((sum, share, place) => sum + share * seconds[place], 0) / secondsTotal);
  }, LOOK_EVERY_MS);
  try {
    // One more than threads, so that none waits for the main thread between two points.
    const whole = Promise.all(Array.from({ length: Math.min(threads + 1, scenarios.length) }, lane));
    // What is under way when the work is cut short ends with its thread, and nobody waits for it.
    whole.catch(() => {});
    await Promise.race([whole, abortOf(options.signal)]);
  } finally {
    clearInterval(look);
  }
  return { outcomes, complete: outcomes.every((outcome) => outcome !== null) };
}

function abortOf(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
