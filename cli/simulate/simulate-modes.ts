// One scenario simulated in one mode after another: in the main thread, or its replications over worker threads. An interrupt ends the
// threads at once and keeps the replications that had ended. What is over at once runs in the main thread, and an interrupt ends it.

import os from "node:os";
import type { Scenario } from "../../config/scenario.ts";
import type { Settings } from "../../config/session-settings.ts";
import type { RunRecord } from "../../metrics/run-record.ts";
import type { RunResult } from "../../metrics/run-result.ts";
import { describeSize, predictRun, type RunLimits, refuseOversized } from "../../sim/predict/predict-run.ts";
import { concludeSimulation, runReplications } from "../../sim/simulate.ts";
import { describeEnvironment } from "../environment.ts";
import { createInterrupt, type Interrupt } from "../interrupt.ts";
import { commandLine } from "../options.ts";
import { createProgress, type Progress } from "../progress.ts";
import { createReplicationPool, type ReplicationPool } from "./workers/replication-pool.ts";
import { runRounds } from "./workers/run-rounds.ts";

export interface ThreadOptions {
  /** Threads; left out, as many as there are cores, replications and memory for, and none for what is over at once. */
  readonly workers?: number;
  /** Megabytes; a run predicted to need more is refused. Left out, most of the machine's. */
  readonly memoryLimit?: number;
  /** Hours; a run predicted to take longer is refused. */
  readonly timeLimit?: number;
  readonly quiet?: boolean;
}

export interface Simulated {
  readonly results: readonly RunResult[];
  /** What each result sums up. */
  readonly records: readonly (readonly RunRecord[])[];
  /** Every scenario ran to its end. */
  readonly complete: boolean;
}

/** @param scenarios in the order of the results. @throws InputError for one that is predicted to pass the limits. */
export async function simulateModes(
  scenarios: readonly Scenario[],
  settings: Settings | null,
  options: ThreadOptions,
): Promise<Simulated> {
  const limits = limitsOf(options);
  const threads = Math.max(...scenarios.map((scenario) => threadsFor(scenario, options, limits)));
  for (const scenario of scenarios) refuseOversized(scenario, threads, limits);
  const results: RunResult[] = [];
  const records: (readonly RunRecord[])[] = [];
  const atOnce = scenarios.every((scenario) => predictRun(scenario, threads).seconds < AT_ONCE_SECONDS);
  const pooled = threads > 1 || !atOnce ? startThreads(threads, limits, options) : null;
  try {
    for (const scenario of scenarios) {
      tellSize(scenario, threads, options);
      const one = await simulateOne(scenario, settings, options, pooled);
      if (one === null) return { results, records, complete: false };
      results.push(one.result);
      records.push(one.records);
      if (!one.result.complete) return { results, records, complete: false };
    }
    return { results, records, complete: true };
  } finally {
    await pooled?.pool.end();
    pooled?.interrupt.release();
  }
}

/** Below this, threads would take longer to start than they save. */
const AT_ONCE_SECONDS = 0.5;
const TOLD_FROM_SECONDS = 2;
const MEMORY_SHARE = 0.7;
const TIME_LIMIT_HOURS = 24;

/** What this machine has, and what the options say over it. */
export function limitsOf({ memoryLimit, timeLimit }: Pick<ThreadOptions, "memoryLimit" | "timeLimit">): RunLimits {
  // A container may have less than the machine.
  const allowed = process.constrainedMemory();
  const memoryBytes = allowed > 0 ? Math.min(allowed, os.totalmem()) : os.totalmem();
  return {
    bytesMax: memoryLimit === undefined ? MEMORY_SHARE * memoryBytes : memoryLimit * 1e6,
    secondsMax: (timeLimit ?? TIME_LIMIT_HOURS) * 3600,
  };
}

function threadsFor(scenario: Scenario, { workers }: ThreadOptions, { bytesMax }: RunLimits): number {
  const { replications, seconds } = predictRun(scenario, 1);
  if (workers !== undefined) return Math.min(workers, replications);
  if (seconds < AT_ONCE_SECONDS) return 1;
  let threads = Math.min(os.availableParallelism(), replications);
  while (threads > 1 && predictRun(scenario, threads).bytes > bytesMax) threads--;
  return threads;
}

function tellSize(scenario: Scenario, threads: number, { quiet }: ThreadOptions): void {
  const size = predictRun(scenario, threads);
  if (quiet === true || size.seconds < TOLD_FROM_SECONDS) return;
  process.stderr.write(`simulating ${scenario.site.mode}: about ${describeSize(size)}\n`);
}

interface Threads {
  readonly pool: ReplicationPool;
  readonly interrupt: Interrupt;
}

function startThreads(threads: number, { bytesMax }: RunLimits, { quiet }: ThreadOptions): Threads {
  const interrupt = createInterrupt(() => {
    if (quiet !== true) process.stderr.write("\nEnding the run; what has ended by now is kept.\n");
  });
  return { interrupt, pool: createReplicationPool(threads, Math.ceil(bytesMax / threads / 1e6)) };
}

interface One {
  readonly result: RunResult;
  readonly records: readonly RunRecord[];
}

/** @returns null when it was ended before there was anything to tell. */
async function simulateOne(
  scenario: Scenario,
  settings: Settings | null,
  options: ThreadOptions,
  threads: Threads | null,
): Promise<One | null> {
  const startedAt = new Date();
  const progress = createProgress(`simulating ${scenario.site.mode}`, options.quiet === true);
  const about = {
    settings,
    command: commandLine(),
    environment: () => describeEnvironment(startedAt, (Date.now() - startedAt.getTime()) / 1000),
  };
  try {
    if (threads === null) {
      const records = runReplications(scenario, { onProgress: progress.update });
      return { records, result: concludeSimulation(scenario, records, about) };
    }
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
): Promise<One | null> {
  const { signal } = interrupt;
  const onProgress = (share: number) => {
    if (!signal.aborted) progress.update(share);
  };
  const { records, complete } = await runRounds(scenario, { pool, signal, onProgress });
  return records.length === 0
    ? null
    : { records, result: concludeSimulation(scenario, records, { ...about, complete }) };
}
