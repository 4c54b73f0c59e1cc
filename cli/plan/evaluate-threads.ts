// Who simulates for a plan: replications over worker threads, or one after another in this one. What is asked for is put together in the
// order in which it was asked, so the number of threads cannot be seen in it.

import { setImmediate as turnOfLoop } from "node:timers/promises";
import type { Ask, Evaluate, Facts } from "../../planning/plan/facts.ts";
import { replicationSeed } from "../../workload/random-stream.ts";
import runFacts, { type FactsTask } from "../simulate/workers/facts-worker.ts";
import { createReplicationPool } from "../simulate/workers/replication-pool.ts";

export interface Evaluator {
  readonly evaluate: Evaluate;
  /** Ends the threads at once. */
  end(): Promise<void>;
}

const HEAP_MEGABYTES_MAX = 4096;

/** @param signal aborted: what is under way is not waited for. */
export function createEvaluator(threads: number, signal: AbortSignal): Evaluator {
  const pool = threads > 1 ? createReplicationPool(threads, HEAP_MEGABYTES_MAX) : null;
  const aborted = abortOf(signal);
  const runAll = async (tasks: readonly FactsTask[]): Promise<readonly Facts[]> => {
    if (pool !== null) return Promise.all(tasks.map((task) => pool.runFacts(task)));
    const facts: Facts[] = [];
    for (const task of tasks) {
      await turnOfLoop();
      if (signal.aborted) break;
      facts.push(runFacts(task));
    }
    return facts;
  };
  return {
    async evaluate(asks) {
      if (signal.aborted) return null;
      const tasks = asks.map(tasksOf);
      const whole = runAll(tasks.flat());
      // What is under way when the work is cut short ends with its thread, and nobody waits for it.
      whole.catch(() => {});
      const facts = await Promise.race([whole, aborted]);
      if (facts === null || signal.aborted) return null;
      let taken = 0;
      return tasks.map(({ length }) => {
        taken += length;
        return facts.slice(taken - length, taken);
      });
    },
    async end() {
      await pool?.end();
    },
  };
}

/** Replication k meets the same visitors whatever the settings (common random numbers). */
function tasksOf({ scenario, from, to, histograms }: Ask): readonly FactsTask[] {
  return Array.from({ length: to - from }, (_, i) => ({
    scenario,
    seed: replicationSeed(scenario.run.seed, from + i),
    histograms,
  }));
}

function abortOf(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    else signal.addEventListener("abort", () => resolve(null), { once: true });
  });
}
