// Does the generator start its work when it is due? Starts by the pace of every bench, at a rate, with nothing else to do or with a
// real request each, at equal distances or as they come.

import { createHistogram, type Histogram, percentileMs, recordMs } from "../../metrics/latency-histogram.ts";
import { createArrivals } from "../../workload/arrivals.ts";
import { watchBusy } from "../busy-share.ts";
import { machineClock } from "../clock.ts";
import { createPace, machineTimers } from "../pace.ts";
import { aborted } from "../waiting.ts";
import { type Check, timeText } from "./check.ts";
import { fullestSlot } from "./slots.ts";

export interface PacingTrial {
  readonly arrivals: "constant" | "poisson";
  readonly perSecond: number;
  readonly durationMs: number;
  /** What each start does; it does not wait for it. */
  readonly work: (index: number) => void;
}

export interface PacingFigures {
  readonly starts: number;
  /** The fullest 100 ms, wherever they begin, against their fair share. */
  readonly slotShareMax: number;
  readonly lagP50Ms: number;
  readonly lagP99Ms: number;
  readonly lagMaxMs: number;
  /** Of the thread, polling for the next moment left out. */
  readonly busyShare: number;
}

const SLOT_MS = 100;
const LEAD_IN_MS = 50;
const SEED = 1;
const SLOT_SHARE_MAX = 2;
const LAG_P50_MAX_MS = 0.05;
const LAG_P99_MAX_MS = 5;

/** @returns null when `signal` came first. */
export async function measurePacing(trial: PacingTrial, signal: AbortSignal): Promise<PacingFigures | null> {
  const { perSecond, durationMs, work } = trial;
  const source = createArrivals({ kind: trial.arrivals, perSecond }, SEED);
  const pace = createPace(machineTimers(machineClock));
  const lags: Histogram = createHistogram();
  const startsAtMs: number[] = [];
  const over = new AbortController();
  const originMs = machineClock() + LEAD_IN_MS;
  const busyShare = watchBusy(pace.polledMs);
  const all = new Promise<void>((resolve) => {
    function arrange(index: number): void {
      const atMs = source.nextAtMs();
      if (atMs >= durationMs) {
        resolve();
        return;
      }
      pace.at(originMs + atMs, (lagMs) => {
        startsAtMs.push(originMs + atMs + lagMs);
        recordMs(lags, lagMs);
        work(index);
        arrange(index + 1);
      });
    }
    arrange(0);
  });
  try {
    await Promise.race([all, aborted(signal, over.signal)]);
  } finally {
    over.abort();
    pace.stop();
  }
  if (signal.aborted) return null;
  return {
    starts: startsAtMs.length,
    slotShareMax: fullestSlot(startsAtMs, SLOT_MS, perSecond),
    lagP50Ms: percentileMs(lags, 50) ?? 0,
    lagP99Ms: percentileMs(lags, 99) ?? 0,
    lagMaxMs: percentileMs(lags, 100) ?? 0,
    busyShare: busyShare(),
  };
}

export function judgePacing(name: string, figures: PacingFigures): Check {
  const { starts, slotShareMax, lagP50Ms, lagP99Ms, lagMaxMs, busyShare } = figures;
  return {
    name,
    held: slotShareMax <= SLOT_SHARE_MAX && lagP50Ms <= LAG_P50_MAX_MS && lagP99Ms <= LAG_P99_MAX_MS,
    goal: `no ${SLOT_MS} ms above ${SLOT_SHARE_MAX} × their share; start lag p50 ≤ ${timeText(LAG_P50_MAX_MS)}, p99 ≤ ${timeText(LAG_P99_MAX_MS)}`,
    said:
      `${starts} starts, fullest ${SLOT_MS} ms ${slotShareMax.toFixed(2)} × their share; start lag p50 ${timeText(lagP50Ms)}, ` +
      `p99 ${timeText(lagP99Ms)}, max ${timeText(lagMaxMs)}; thread busy ${(busyShare * 100).toFixed(0)} %`,
    figures: { ...figures },
  };
}
