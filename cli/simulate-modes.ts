// One scenario simulated in one mode after another: in the main thread, or its replications over worker threads. An interrupt ends the
// threads at once and keeps the replications that had ended; the main thread is the simulation's alone, and an interrupt ends it.

import os from "node:os";
import type { Scenario } from "../config/scenario.ts";
import type { Settings } from "../config/session-settings.ts";
import type { RunResult } from "../metrics/run-result.ts";
import { nextRound } from "../sim/replication-plan.ts";
import { concludeSimulation, simulate } from "../sim/simulate.ts";
import { describeEnvironment } from "./environment.ts";
import { createInterrupt, type Interrupt } from "./interrupt.ts";
import { commandLine } from "./options.ts";
import { createProgress, type Progress } from "./progress.ts";
import { createReplicationPool, type ReplicationPool } from "./workers/replication-pool.ts";
import { runRounds } from "./workers/run-rounds.ts";

export interface ThreadOptions {
  /** Threads at most; left out, as many as there are cores. */
  readonly workers?: number;
  readonly quiet?: boolean;
}

export interface Simulated {
  readonly results: readonly RunResult[];
  /** Every scenario ran to its end. */
  readonly complete: boolean;
}

/** @param scenarios in the order of the results. */
export async function simulateModes(
  scenarios: readonly Scenario[],
  settings: Settings | null,
  options: ThreadOptions,
): Promise<Simulated> {
  const results: RunResult[] = [];
  const threads = Math.min(
    options.workers ?? os.availableParallelism(),
    Math.max(...scenarios.map((scenario) => nextRound(scenario, []).length)),
  );
  const pooled = threads > 1 ? startThreads(threads, options) : null;
  try {
    for (const scenario of scenarios) {
      const result = await simulateOne(scenario, settings, options, pooled);
      if (result !== null) results.push(result);
      if (result === null || !result.complete) return { results, complete: false };
    }
    return { results, complete: true };
  } finally {
    await pooled?.pool.end();
    pooled?.interrupt.release();
  }
}

interface Threads {
  readonly pool: ReplicationPool;
  readonly interrupt: Interrupt;
}

function startThreads(threads: number, { quiet }: ThreadOptions): Threads {
  const interrupt = createInterrupt(() => {
    if (quiet !== true) process.stderr.write("\nEnding the run; what has ended by now is kept.\n");
  });
  return { interrupt, pool: createReplicationPool(threads) };
}

/** @returns null when it was ended before there was anything to tell. */
async function simulateOne(
  scenario: Scenario,
  settings: Settings | null,
  options: ThreadOptions,
  threads: Threads | null,
): Promise<RunResult | null> {
  const startedAt = new Date();
  const progress = createProgress(`simulating ${scenario.site.mode}`, options.quiet === true);
  const about = {
    settings,
    command: commandLine(),
    environment: () => describeEnvironment(startedAt, (Date.now() - startedAt.getTime()) / 1000),
  };
  try {
    if (threads === null) return simulate(scenario, { ...about, onProgress: progress.update });
    return await inThreads(scenario, threads, progress, about);
  } finally {
    progress.stop();
  }
}

async function inThreads(
  scenario: Scenario,
  { pool, interrupt }: Threads,
  progress: Progress,
  about: Parameters<typeof concludeSimulation>[2],
): Promise<RunResult | null> {
  const { signal } = interrupt;
  const onProgress = (share: number) => {
    if (!signal.aborted) progress.update(share);
  };
  const { records, complete } = await runRounds(scenario, { pool, signal, onProgress });
  return records.length === 0 ? null : concludeSimulation(scenario, records, { ...about, complete });
}
