// The worker process of the bench: one HTTP host, told what to do over IPC. It listens on the loopback address only, and it ends
// when its parent does, whatever way the parent ended: nothing is ever left behind.

import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { assert } from "../../config/assert.ts";
import { machineClock } from "../clock.ts";
import { openSessionStore } from "../providers/open-session-store.ts";
import { StoreError } from "../providers/store-error.ts";
import { measureRoundsPerMs } from "./burn.ts";
import type { HostCommand, HostReport, HostSample } from "./host-control.ts";
import { type HttpHost, startHttpHost } from "./http-host.ts";
import { type AccessLog, openAccessLog } from "./iis-log.ts";

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
      const roundsPerMs = measureRoundsPerMs();
      host = await startHttpHost({
        settings,
        clock: machineClock,
        delay: (ms) => sleep(ms),
        openStore: openSessionStore,
        roundsPerMs,
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
      report({ kind: "sampled", ticket: command.ticket, sample: takeSample(command.collect) });
      break;
    case "stop":
      await host?.close(command.graceMs);
      await log?.close();
      report({ kind: "stopped", sample: takeSample(true) }, () => process.exit(0));
  }
}

function takeSample(collect: boolean): HostSample {
  assert(host !== undefined, "a host is started before it is asked");
  const collectingFromMs = machineClock();
  const cpuBeforeMs = cpuMs();
  if (collect) globalThis.gc?.();
  const atMs = machineClock();
  const counts = host.counts(atMs);
  collectingCpuMs += cpuMs() - cpuBeforeMs;
  const { heapUsed, rss } = process.memoryUsage();
  const loopDelayMaxMs = loopDelay.max / 1e6;
  loopDelay.reset();
  return {
    atMs,
    stored: host.stored(),
    live: host.live(),
    storedMax: host.takeStoredMax(),
    counts,
    heapUsedBytes: heapUsed,
    rssBytes: rss,
    cpuMs: cpuMs() - collectingCpuMs,
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
  const message = messageOf(error);
  report({ kind: "failed", message }, () => process.exit(1));
}

/** A store that cannot be opened is told as it is; a fault of ours with where it happened. */
function messageOf(error: unknown): string {
  if (error instanceof StoreError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

async function endWithParent(): Promise<void> {
  await log?.discard();
  process.exit(0);
}
