// What the machine gives the generator to work with: how fine its clock is, how late an idle event loop wakes, and who else is there.

import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { machineFindings } from "../audit/audit-machine.ts";
import type { MachineEvidence } from "../audit/machine-watch.ts";
import { machineClock } from "../clock.ts";
import { type Check, timeText } from "./check.ts";

export interface ClockFigures {
  /** The smallest step that the clock was seen to make. */
  readonly resolutionMs: number;
  /** How late timers of an event loop with nothing else to do were. */
  readonly idleDelayP50Ms: number;
  readonly idleDelayP99Ms: number;
  readonly idleDelayMaxMs: number;
}

const READINGS = 100_000;
const IDLE_MS = 1_500;
const TIMER_MS = 5;
/** A start lag of 50 µs is to be told from none. */
const RESOLUTION_MAX_MS = 0.01;
/** Later than this a request would be late by the audit's measure, with nobody at work. */
const IDLE_DELAY_P99_MAX_MS = 5;

/** @returns null when `signal` came first. */
export async function measureClocks(signal: AbortSignal): Promise<ClockFigures | null> {
  const loop = monitorEventLoopDelay({ resolution: TIMER_MS });
  loop.enable();
  await delay(IDLE_MS, undefined, { signal }).catch(() => undefined);
  loop.disable();
  if (signal.aborted) return null;
  const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - TIMER_MS);
  return {
    resolutionMs: smallestStepMs(),
    idleDelayP50Ms: late(loop.percentile(50)),
    idleDelayP99Ms: late(loop.percentile(99)),
    idleDelayMaxMs: late(loop.max),
  };
}

function smallestStepMs(): number {
  let smallest = Number.POSITIVE_INFINITY;
  let last = machineClock();
  for (let i = 0; i < READINGS; i++) {
    const now = machineClock();
    if (now > last) smallest = Math.min(smallest, now - last);
    last = now;
  }
  return smallest;
}

export function judgeClocks(figures: ClockFigures): Check {
  const { resolutionMs, idleDelayP50Ms, idleDelayP99Ms, idleDelayMaxMs } = figures;
  return {
    name: "clock and idle event loop",
    held: resolutionMs <= RESOLUTION_MAX_MS && idleDelayP99Ms <= IDLE_DELAY_P99_MAX_MS,
    goal: `clock steps ≤ ${timeText(RESOLUTION_MAX_MS)}; timers late p99 ≤ ${timeText(IDLE_DELAY_P99_MAX_MS)}`,
    said:
      `the clock's smallest step is ${timeText(resolutionMs)}; timers of an idle loop late p50 ${timeText(idleDelayP50Ms)}, ` +
      `p99 ${timeText(idleDelayP99Ms)}, max ${timeText(idleDelayMaxMs)}`,
    figures: { ...figures },
  };
}

/** By the rules of every run's audit, over the whole of the selftest. @param loadAverage of the last minute when it began. */
export function judgeMachine(machine: MachineEvidence, loadAverage: number): Check {
  const findings = [...machineFindings(machine)];
  const { otherLoadShare, stealShare, clockStepMs } = machine;
  const share = (value: number | null) => (value === null ? "not known here" : `${(value * 100).toFixed(1)} %`);
  return {
    name: "the machine meanwhile",
    held: findings.length === 0,
    goal: "no other work to speak of, no clock step, no time stolen, no swapping",
    said:
      `processors used by others ${share(otherLoadShare)}, stolen by the hypervisor ${share(stealShare)}, largest clock step ` +
      `${timeText(Math.abs(clockStepMs))}, load average before ${loadAverage.toFixed(2)}` +
      `${findings.length === 0 ? "" : `. ${findings.map(({ text }) => text).join(" ")}`}`,
    figures: { ...machine, loadAverage },
  };
}
