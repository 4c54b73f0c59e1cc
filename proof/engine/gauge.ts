// A run watched from within its process: its time, what the collector took of it, the arrays it held, the memory it peaked at. Nothing
// here costs the run anything that shows: the collector's account is kept by Node, and memory is read a few times a second at most.

import { existsSync, readFileSync } from "node:fs";
import { type PerformanceEntry, PerformanceObserver } from "node:perf_hooks";
import { setImmediate as turnOfLoop } from "node:timers/promises";
import type { Reading } from "./reading.ts";

const LOOK_EVERY_MS = 50;

/** Linux counts into a process's highest what its parent had when it was started; its own stands in /proc. */
function residentMaxBytes(): number {
  const own = existsSync(STATUS) ? /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(STATUS, "utf8")) : null;
  return 1024 * (own === null ? process.resourceUsage().maxRSS : Number(own[1]));
}

const STATUS = "/proc/self/status";

/**
 * @param work is told to call `look` now and then; every call but a few is for nothing.
 */
export async function gauge(work: (look: () => void) => Pick<Reading, "events" | "sessionsMax">): Promise<Reading> {
  const collections: PerformanceEntry[] = [];
  const observer = new PerformanceObserver((list) => collections.push(...list.getEntries()));
  observer.observe({ entryTypes: ["gc"] });
  const held = process.memoryUsage().arrayBuffers;
  let most = held;
  let lookAtMs = 0;
  const look = () => {
    const nowMs = performance.now();
    if (nowMs < lookAtMs) return;
    lookAtMs = nowMs + LOOK_EVERY_MS;
    most = Math.max(most, process.memoryUsage().arrayBuffers);
  };
  const beganMs = performance.now();
  const { events, sessionsMax } = work(look);
  const endedMs = performance.now();
  most = Math.max(most, process.memoryUsage().arrayBuffers);
  await turnOfLoop();
  await turnOfLoop();
  collections.push(...observer.takeRecords());
  observer.disconnect();
  const during = collections.filter(({ startTime }) => startTime >= beganMs && startTime <= endedMs);
  return {
    events,
    sessionsMax,
    runMs: endedMs - beganMs,
    gcMs: during.reduce((sum, { duration }) => sum + duration, 0),
    arrayBytes: most - held,
    rssMaxBytes: residentMaxBytes(),
  };
}
