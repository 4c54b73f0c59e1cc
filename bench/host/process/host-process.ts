// The worker process of the bench: one HTTP host, told what to do over IPC. It listens on the loopback address only, and it ends
// when its parent does, whatever way the parent ended: nothing is ever left behind.

import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { assert } from "../../../config/assert.ts";
import { machineClock } from "../../clock.ts";
import { openSessionStore } from "../../providers/open-session-store.ts";
import { type HttpHost, startHttpHost } from "../http-host.ts";
import { type AccessLog, openAccessLog } from "../iis-log.ts";
import type { HostCommand, HostReport, HostSample } from "./host-control.ts";

const loopDelay = monitorEventLoopDelay({ resolution: 20 });
let host: HttpHost | undefined;
let log: AccessLog | null = null;
/** Spent on collections that samples asked for: no part of what the site costs. */
let collectingCpuMs = 0;
let startsAtMs = Number.POSITIVE_INFINITY;

process.on("disconnect", () => void endWithParent());
process.on("message", (command: HostCommand) => void obey(command).catch(fail));

async function obey(command: HostCommand): Promise<void> {
  switch (command.kind) {
    case "start": {
      const { settings } = command;
      log = settings.logPath === null ? null : openAccessLog(settings.logPath, settings.timeScale);
      const runAgeMs = () => machineClock() - startsAtMs;
      host = await startHttpHost({
        settings,
        clock: machineClock,
        delay: (ms) => sleep(ms),
        openStore: openSessionStore,
        log,
        runAgeMs,
        fault: fail,
      });
      loopDelay.enable();
      report({ kind: "ready", port: host.port });
      break;
    }
    case "begin":
      startsAtMs = command.startsAtMs;
      break;
    case "sample":
      report({ kind: "sampled", ticket: command.ticket, sample: await takeSample(command.collect) });
      break;
    case "stop":
      await host?.close(command.graceMs);
      await log?.close();
      report({ kind: "stopped", sample: await takeSample(true) }, () => process.exit(0));
  }
}

async function takeSample(collect: boolean): Promise<HostSample> {
  assert(host !== undefined, "a host is started before it is asked");
  const collectingFromMs = machineClock();
  const cpuBeforeMs = cpuMs();
  if (collect) globalThis.gc?.();
  const atMs = machineClock();
  // Counts and what is stored are of one moment; only a store's own count may take longer.
  const counts = host.counts(atMs);
  const asked = host.census();
  const storedMax = host.takeStoredMax();
  collectingCpuMs += cpuMs() - cpuBeforeMs;
  const { heapUsed, rss } = process.memoryUsage();
  const loopDelayMaxMs = loopDelay.max / 1e6;
  loopDelay.reset();
  const cpuMsNow = cpuMs() - collectingCpuMs;
  const census = await asked;
  return {
    atMs,
    stored: census?.stored ?? null,
    live: census?.live ?? null,
    storedMax,
    counts,
    heapUsedBytes: heapUsed,
    rssBytes: rss,
    cpuMs: cpuMsNow,
    collectedMs: collect ? atMs - collectingFromMs : 0,
    loopDelayMaxMs,
  };
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function report(message: HostReport, then: () => void = () => undefined): void {
  process.send?.(message, then);
}

function fail(error: unknown): void {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  report({ kind: "failed", message }, () => process.exit(1));
}

async function endWithParent(): Promise<void> {
  await log?.discard();
  process.exit(0);
}
