// The site under test over a whole run: one worker process after another. A recycle is IIS's overlapped one: the new worker is up
// before the old one is let go, the old one finishes what it has begun, and the sessions it still stores then are lost.

import { createReadStream, createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { assert } from "../../config/assert.ts";
import type { HostSample } from "./host-control.ts";
import type { HostSettings } from "./host-settings.ts";
import { type HostHandle, startHost } from "./start-host.ts";

/** One worker process, as far as it has been asked. */
export interface WorkerRecord {
  /** Its state when last asked; null before that. */
  sample: HostSample | null;
  /** Let go or dead: what it stores is lost. */
  retired: boolean;
}

export interface Site {
  /** All workers so far, in order; the last takes the requests. */
  readonly workers: readonly WorkerRecord[];
  port(): number;
  pids(): number[];
  /** Tells the worker, and those to come, the moment by machineClock where scenario time is 0. */
  begin(startsAtMs: number): void;
  /** Asks the worker that takes requests now; null when it is dead. */
  sample(collect: boolean): Promise<HostSample | null>;
  recycle(): Promise<void>;
  /** Resolves with how the current worker died, should it. */
  readonly died: Promise<string>;
  /** Ends every process, lets requests under way finish for `graceMs`, and puts the log in its place. */
  close(graceMs: number): Promise<void>;
  /** At once: no process and no unfinished file stays. */
  kill(): Promise<void>;
}

/** How long a recycled worker may take to finish its requests: IIS's shutdownTimeLimit. */
const SHUTDOWN_LIMIT_MS = 90_000;

interface Worker {
  readonly handle: HostHandle;
  readonly record: WorkerRecord;
}

/** @returns once the first worker is up. */
export async function openSite(settings: HostSettings): Promise<Site> {
  const workers: Worker[] = [];
  let scenarioStartsAtMs: number | null = null;
  const letGo: Promise<void>[] = [];
  let reportDeath: (how: string) => void = () => undefined;
  const died = new Promise<string>((resolve) => {
    reportDeath = resolve;
  });

  async function addWorker(): Promise<void> {
    const handle = await startHost({ ...settings, logPath: workerLog(settings, workers.length) });
    const worker: Worker = { handle, record: { sample: null, retired: false } };
    workers.push(worker);
    if (scenarioStartsAtMs !== null) handle.begin(scenarioStartsAtMs);
    handle.died.then((how) => {
      worker.record.retired = true;
      reportDeath(how);
    });
  }

  function current(): Worker {
    return workers[workers.length - 1];
  }

  async function retire({ handle, record }: Worker): Promise<void> {
    record.sample = (await handle.sample(false)) ?? record.sample;
    record.retired = true;
    letGo.push(
      handle.stop(SHUTDOWN_LIMIT_MS).then((last) => {
        record.sample = last ?? record.sample;
      }),
    );
  }

  await addWorker();
  return {
    died,
    get workers() {
      return workers.map((worker) => worker.record);
    },
    port: () => current().handle.port,
    begin(startsAtMs) {
      scenarioStartsAtMs = startsAtMs;
      current().handle.begin(startsAtMs);
    },
    pids: () => workers.map((worker) => worker.handle.pid),
    async sample(collect) {
      const { handle, record } = current();
      const sample = await handle.sample(collect);
      record.sample = sample ?? record.sample;
      return sample;
    },
    async recycle() {
      const old = current();
      await addWorker();
      await retire(old);
    },
    async close(graceMs) {
      const { handle, record } = current();
      record.sample = (await handle.stop(graceMs)) ?? record.sample;
      await Promise.all(letGo);
      if (settings.logPath !== null) await joinLogs(settings.logPath, settings, workers.length);
    },
    async kill() {
      for (const { handle } of workers) handle.kill();
      await Promise.all(workers.map((_, index) => removeLog(settings, index)));
    },
  };
}

function workerLog(settings: HostSettings, index: number): string | null {
  return settings.logPath === null ? null : `${settings.logPath}.worker${index + 1}`;
}

async function removeLog(settings: HostSettings, index: number): Promise<void> {
  const path = workerLog(settings, index);
  if (path === null) return;
  await rm(path, { force: true });
  await rm(`${path}.part`, { force: true });
}

/** One log of one site: the workers' logs one after another, each with its own head, as after a restart of IIS. */
async function joinLogs(logPath: string, settings: HostSettings, workerCount: number): Promise<void> {
  const partPath = `${logPath}.part`;
  const whole = createWriteStream(partPath);
  for (let index = 0; index < workerCount; index++) {
    const path = workerLog(settings, index);
    assert(path !== null, "a site with a log has a log for each worker");
    await pipeline(createReadStream(path), whole, { end: index === workerCount - 1 });
  }
  await rename(partPath, logPath);
  for (let index = 0; index < workerCount; index++) await removeLog(settings, index);
}
