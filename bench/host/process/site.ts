// The site under test over a whole run: one worker process after another. A recycle is IIS's overlapped one: the new worker is up
// before the old one is let go, the old one finishes what it has begun, and the sessions it still stores then are lost.

import { createReadStream, createWriteStream, existsSync, rmSync } from "node:fs";
import { rename, rm, writeFile } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";
import { pauseProcess } from "../../servers/pause-process.ts";
import type { HostSettings } from "../host-settings.ts";
import type { HostSample } from "./host-control.ts";
import { type HostHandle, startHost } from "./start-host.ts";

/** One worker process, as far as it has been asked. */
export interface WorkerRecord {
  /** Its state when last asked; null before that. */
  sample: HostSample | null;
  /** Let go or dead: what it stores is lost. */
  retired: boolean;
  /** Its sessions × time when it was retired: what it holds while it finishes its last requests is lost already. */
  storedSessionMsUntilRetired: number | null;
}

export interface Site {
  /** All workers so far, in order; the last takes the requests. */
  readonly workers: readonly WorkerRecord[];
  /** Of the worker that takes requests; while there is none, http.sys would keep them: whoever asks waits for the next worker. */
  port(): number | Promise<number>;
  /** Tells the worker, and those to come, the moment by machineClock where scenario time is 0. */
  begin(startsAtMs: number): void;
  /** Asks the worker that takes requests now; null when it is dead. */
  sample(collect: boolean): Promise<HostSample | null>;
  recycle(): Promise<void>;
  /** kill -9 of the current worker, and a new one after `downMs`, as the process manager of IIS would start it. */
  crash(downMs: number, over: AbortSignal): Promise<void>;
  /** The current worker stands still (SIGSTOP) for `forMs`; what comes meanwhile waits in the system's queues, as in http.sys. */
  pause(forMs: number, over: AbortSignal): Promise<void>;
  /** Resolves with how the current worker died, should it. */
  readonly died: Promise<string>;
  /**
   * Ends every process, lets requests under way finish for `graceMs`, and puts the log in its place.
   * @returns what did not go as it should, one sentence each.
   */
  close(graceMs: number): Promise<string[]>;
  /** At once: no process and no unfinished file stays. Does nothing after a close. */
  kill(): void;
}

/** How long a recycled worker may take to finish its requests: IIS's shutdownTimeLimit. */
const SHUTDOWN_LIMIT_MS = 90_000;

interface Worker {
  readonly handle: HostHandle;
  readonly record: WorkerRecord;
}

/**
 * @param tellPort is told where requests go from now on, whenever that changes; null: nowhere, they wait. Nothing is let go or
 * killed before it has come through.
 * @returns once the first worker is up.
 */
export async function openSite(
  settings: HostSettings,
  tellPort: (port: number | null) => Promise<void> = async () => undefined,
): Promise<Site> {
  const workers: Worker[] = [];
  let scenarioStartsAtMs: number | null = null;
  let successor: Promise<number> | null = null;
  let killed = false;
  const letGo: Promise<void>[] = [];
  const troubles: string[] = [];
  let reportDeath: (how: string) => void = () => undefined;
  const died = new Promise<string>((resolve) => {
    reportDeath = resolve;
  });

  async function startWorker(): Promise<Worker> {
    const handle = await startHost({ ...settings, logPath: workerLog(settings, workers.length) });
    if (killed) handle.kill();
    const worker: Worker = { handle, record: { sample: null, retired: false, storedSessionMsUntilRetired: null } };
    if (scenarioStartsAtMs !== null) handle.begin(scenarioStartsAtMs);
    handle.died.then((how) => {
      worker.record.retired = true;
      reportDeath(how);
    });
    return worker;
  }

  function current(): Worker {
    return workers[workers.length - 1];
  }

  async function retire({ handle, record }: Worker): Promise<void> {
    record.retired = true;
    record.sample = (await handle.sample(false)) ?? record.sample;
    record.storedSessionMsUntilRetired = record.sample?.counts.storedSessionMs ?? 0;
    letGo.push(stop({ handle, record }, SHUTDOWN_LIMIT_MS));
  }

  async function stop({ handle, record }: Worker, graceMs: number): Promise<void> {
    const last = await handle.stop(graceMs);
    if (last === null) troubles.push(`A host process did not stop as told: ${await handle.ended}.`);
    record.sample = last ?? record.sample;
  }

  /** One worker more than are known may be starting. */
  function kill(): void {
    killed = true;
    process.off("exit", kill);
    for (const { handle } of workers) handle.kill();
    for (const path of unfinishedLogs(settings, workers.length + 1)) rmSync(path, { force: true });
  }

  process.once("exit", kill);
  try {
    workers.push(await startWorker());
    await tellPort(current().handle.port);
  } catch (error) {
    kill();
    throw error;
  }
  return {
    died,
    get workers() {
      return workers.map((worker) => worker.record);
    },
    port: () => successor ?? current().handle.port,
    begin(startsAtMs) {
      scenarioStartsAtMs = startsAtMs;
      current().handle.begin(startsAtMs);
    },
    async sample(collect) {
      const { handle, record } = current();
      const sample = await handle.sample(collect);
      record.sample = sample ?? record.sample;
      return sample;
    },
    async recycle() {
      const old = current();
      workers.push(await startWorker());
      await tellPort(current().handle.port);
      await retire(old);
    },
    async crash(downMs, over) {
      const { handle, record } = current();
      record.sample = (await handle.sample(false)) ?? record.sample;
      await tellPort(null);
      handle.kill();
      record.retired = true;
      record.storedSessionMsUntilRetired = record.sample?.counts.storedSessionMs ?? 0;
      const next = handle.ended
        .then(() => delay(downMs, undefined, { signal: over }).catch(() => undefined))
        .then(() => (over.aborted ? null : startWorker()));
      successor = next.then((worker) => (worker ?? current()).handle.port);
      const worker = await next;
      if (worker !== null) workers.push(worker);
      successor = null;
      if (worker !== null) await tellPort(worker.handle.port);
    },
    async pause(forMs, over) {
      const goOn = pauseProcess(current().handle.pid);
      await delay(forMs, undefined, { signal: over }).catch(() => undefined);
      goOn();
    },
    async close(graceMs) {
      if (!current().record.retired) await stop(current(), graceMs);
      await Promise.all(letGo);
      if (settings.logPath === null) return troubles;
      await joinLogs(settings.logPath, settings, workers.length).catch((error: Error) => {
        troubles.push(`The access log could not be written: ${error.message}.`);
      });
      return troubles;
    },
    kill,
  };
}

function workerLog(settings: HostSettings, index: number): string | null {
  return settings.logPath === null ? null : `${settings.logPath}.worker${index + 1}`;
}

function workerLogs(settings: HostSettings, workerCount: number): string[] {
  return Array.from({ length: workerCount }, (_, index) => workerLog(settings, index)).filter((path) => path !== null);
}

function unfinishedLogs(settings: HostSettings, workerCount: number): string[] {
  if (settings.logPath === null) return [];
  const ofWorkers = workerLogs(settings, workerCount);
  return [`${settings.logPath}.part`, ...ofWorkers, ...ofWorkers.map((path) => `${path}.part`)];
}

/** One log of one site: the workers' logs one after another, each with its own head, as after a restart of IIS. A dead worker left none. */
async function joinLogs(logPath: string, settings: HostSettings, workerCount: number): Promise<void> {
  const paths = workerLogs(settings, workerCount).filter((path) => existsSync(path));
  const partPath = `${logPath}.part`;
  await writeFile(partPath, "");
  for (const path of paths) await pipeline(createReadStream(path), createWriteStream(partPath, { flags: "a" }));
  await rename(partPath, logPath);
  for (const path of unfinishedLogs(settings, workerCount)) await rm(path, { force: true });
}
