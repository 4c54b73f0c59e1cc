// The runner's side of the saturation threads: start them, give orders, read what they have completed, and see that none stays.

import { Worker } from "node:worker_threads";
import { scriptBeside } from "../../fork-script.ts";
import type { SaturationCounts, SaturationOrder, SaturationReport, SaturationTask } from "./saturation-thread.ts";

export interface ThreadCounts extends SaturationCounts {
  /** Of the busiest thread, since `measure`. */
  readonly busyShare: number;
}

export interface SaturationThreads {
  /** From here on every visitor asks as fast as he is answered. */
  load(): void;
  /** From here on busy shares are taken. */
  measure(): void;
  /** Requests completed under load so far, by all threads. */
  completed(): number;
  /** Ends the load. @returns all counts, sign-ins included. */
  stop(): Promise<ThreadCounts>;
  /** Rejects when a thread fails. */
  readonly failed: Promise<never>;
  /** At once; does no harm after a stop. */
  kill(): Promise<void>;
}

/** @param parts.connections shared out among `threads`. @returns when all visitors have signed in. */
export async function openSaturationThreads({
  threads,
  connections,
  ...parts
}: Omit<SaturationTask, "firstVisit" | "completed"> & { readonly threads: number }): Promise<SaturationThreads> {
  const script = scriptBeside(import.meta.url, "saturation-thread");
  const crew = Array.from({ length: threads }, (_, index) => {
    const firstVisit = Math.round((connections * index) / threads);
    const completed = new Int32Array(new SharedArrayBuffer(4));
    const task: SaturationTask = {
      ...parts,
      firstVisit,
      connections: Math.round((connections * (index + 1)) / threads) - firstVisit,
      completed,
    };
    return { worker: new Worker(script, { workerData: task }), completed };
  });
  const failed = Promise.race(crew.map(({ worker }) => failureOf(worker)));
  failed.catch(() => undefined);
  const tell = (order: SaturationOrder) => {
    for (const { worker } of crew) worker.postMessage(order);
  };
  const hear = <K extends SaturationReport["kind"]>(kind: K) =>
    Promise.race([Promise.all(crew.map(({ worker }) => next(worker, kind))), failed]);
  const kill = async () => {
    await Promise.all(crew.map(({ worker }) => worker.terminate()));
  };
  try {
    await hear("signed-in");
  } catch (error) {
    await kill();
    throw error;
  }
  return {
    failed,
    load: () => tell("load"),
    measure: () => tell("measure"),
    completed: () => crew.reduce((sum, { completed }) => sum + Atomics.load(completed, 0), 0),
    async stop() {
      tell("stop");
      const reports = await hear("stopped");
      const all = reports.map(({ counts }) => counts).reduce(addCounts);
      return { ...all, busyShare: Math.max(...reports.map(({ busyShare }) => busyShare)) };
    },
    kill,
  };
}

/** Rejects when the thread fails, or ends; none ends before it is told to, and then nobody asks any more. */
function failureOf(worker: Worker): Promise<never> {
  return new Promise((_, reject) => {
    worker.once("error", reject);
    worker.once("exit", (code) => reject(new Error(`a thread of the generator ended by itself, exit code ${code}`)));
  });
}

type Report<K extends SaturationReport["kind"]> = Extract<SaturationReport, { kind: K }>;

function next<K extends SaturationReport["kind"]>(worker: Worker, kind: K): Promise<Report<K>> {
  return new Promise((resolve) => {
    const hear = (message: SaturationReport) => {
      if (message.kind !== kind) return;
      worker.off("message", hear);
      resolve(message as Report<K>);
    };
    worker.on("message", hear);
  });
}

function addCounts(a: SaturationCounts, b: SaturationCounts): SaturationCounts {
  const failures = { ...a.failures };
  for (const [kind, count] of Object.entries(b.failures)) failures[kind] = (failures[kind] ?? 0) + count;
  return {
    requests: a.requests + b.requests,
    completed: a.completed + b.completed,
    failures,
    refusedSeen: a.refusedSeen + b.refusedSeen,
    redirects: a.redirects + b.redirects,
  };
}
