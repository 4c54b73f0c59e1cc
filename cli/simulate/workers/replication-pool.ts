// Worker threads that run replications, and what becomes of one that fails.

import path from "node:path";
import { Tinypool } from "tinypool";
import { InputError } from "../../../config/problem.ts";
import type { RunRecord } from "../../../metrics/run-record.ts";
import type { PointOutcome } from "../../../metrics/sweep/point.ts";
import type { Facts } from "../../../planning/plan/facts.ts";
import type { FactsTask } from "./facts-worker.ts";
import { type PackedRecord, unpackRecord } from "./packed-record.ts";
import type { PointTask } from "./point-worker.ts";
import type { ReplicationTask } from "./replication-worker.ts";

export interface ReplicationPool {
  /** @throws InputError when a thread had not enough memory; any other error is the replication's own. */
  run(task: ReplicationTask): Promise<RunRecord>;
  /** All replications of a scenario in one thread. @throws as run does. */
  runPoint(task: PointTask): Promise<PointOutcome>;
  /** One replication, of which only what a plan needs leaves the thread. @throws as run does. */
  runFacts(task: FactsTask): Promise<Facts>;
  /** Ends the threads at once, whatever they do. */
  end(): Promise<void>;
}

/** The sources run as they are, the build as JavaScript. */
const workerFile = (name: string) => path.join(import.meta.dirname, `${name}${path.extname(import.meta.filename)}`);
const worker = workerFile("replication-worker");
const pointWorker = workerFile("point-worker");
const factsWorker = workerFile("facts-worker");

/** Threads are kept while there is no work for them. */
const IDLE_MS = 3_600_000;

/** @param heapMegabytesMax of each thread: a thread that needs more ends, and not the process. */
export function createReplicationPool(threads: number, heapMegabytesMax: number): ReplicationPool {
  const pool = new Tinypool({
    filename: worker,
    // A thread that died is started again for the next task, and not before.
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: IDLE_MS,
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytesMax },
  });
  // A thread that cannot even start has no task to fail, and would be waited for in vain.
  const startFailed = new Promise<never>((_, reject) => pool.on("error", reject));
  startFailed.catch(() => {});
  const carryOut = async (task: unknown, filename: string): Promise<unknown> => {
    try {
      return await Promise.race([pool.run(task, { filename }), startFailed]);
    } catch (error) {
      throw isOutOfMemory(error) ? outOfMemory(threads) : error;
    }
  };
  return {
    run: async (task) => unpackRecord((await carryOut(task, worker)) as PackedRecord),
    runPoint: async (task) => (await carryOut(task, pointWorker)) as PointOutcome,
    runFacts: async (task) => (await carryOut(task, factsWorker)) as Facts,
    async end() {
      // The pool's own destroy breaks on a thread that dies meanwhile.
      await Promise.all(pool.threads.map((thread) => thread.terminate()));
    },
  };
}

function isOutOfMemory(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? error.code : "";
  return (
    code === "ERR_WORKER_OUT_OF_MEMORY" ||
    /array buffer allocation failed|invalid (typed )?array (buffer )?length/i.test(error.message)
  );
}

function outOfMemory(threads: number): InputError {
  return new InputError("Cannot run", [
    {
      at: "a replication",
      given: "larger than the memory of its thread",
      expected: threads === 1 ? "one that fits" : `${threads} that fit side by side`,
      mend: `${threads === 1 ? "raise --memory-limit" : "give --workers 1"}, or make it smaller: fewer visits a second, a shorter run, a lower cap`,
    },
  ]);
}
