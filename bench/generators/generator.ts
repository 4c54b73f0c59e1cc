// What sends the visitors' requests, as the runner sees it: one process or several, the visits and their pages are the same.

import { percentileMs } from "../../metrics/latency-histogram.ts";
import type { JourneyDriver } from "../drivers/journeys/journeys.ts";

export interface Generator {
  /** Where the site takes new requests from now on; null: nowhere, they wait until it does. @returns once that is so. */
  tellPort(port: number | null): Promise<void>;
  /**
   * Stores the sessions of a fixed population, where the scenario has one, before anybody comes.
   * @throws InputError when the site does not take them.
   */
  populate(signal: AbortSignal, onStored: (stored: number) => void): Promise<void>;
  /** @param startsAtMs scenario time 0, by machineClock. @returns the visitors, who come when `run` is called. */
  begin(startsAtMs: number): JourneyDriver;
  /** Brings the driver's counts up to date. */
  recount(): Promise<void>;
  /**
   * The load is over: what is under way may be answered for `graceMs`, then it is cut off. Counts, histograms and outcomes of the
   * driver are whole from then on. `death`: how a process of it ended that should not have, its part being missed.
   */
  finish(graceMs: number): Promise<{ readonly health: GeneratorHealth; readonly death: string | null }>;
  /** Resolves when a process of it ends without having been asked to. */
  readonly died: Promise<void>;
  /** At once. */
  kill(): void;
}

/** How well one process kept its moments; of starts in the measured part. */
export interface GeneratorHealth {
  /** Busy share of its thread, polling for the next moment left out. */
  readonly busyShare: number;
  /** null where the runner watches the process itself. */
  readonly loopDelayP99Ms: number | null;
  /** null when it started nothing. */
  readonly startLagP50Ms: number | null;
  readonly startLagP99Ms: number | null;
  readonly startLagMaxMs: number | null;
  /** Share of starts that were later than an open loop may be. */
  readonly lateShare: number;
}

/** @param busyShare of its thread. @param loopDelayP99Ms null where the runner watches the process itself. */
export function healthOf(
  { histograms, counts }: JourneyDriver,
  busyShare: number,
  loopDelayP99Ms: number | null,
): GeneratorHealth {
  const { startLag } = histograms;
  return {
    busyShare,
    loopDelayP99Ms,
    startLagP50Ms: percentileMs(startLag, 50),
    startLagP99Ms: percentileMs(startLag, 99),
    startLagMaxMs: percentileMs(startLag, 100),
    lateShare: startLag.totalCount === 0 ? 0 : counts.lateStarts / startLag.totalCount,
  };
}

/** Each figure of the one where it is worst: a load is no better than its worst part. @param all none: nothing was sent. */
export function worstOf(all: readonly GeneratorHealth[]): GeneratorHealth {
  const worst = (of: (health: GeneratorHealth) => number | null) => {
    const known = all.map(of).filter((value) => value !== null);
    return known.length === 0 ? null : Math.max(...known);
  };
  return {
    busyShare: worst((health) => health.busyShare) ?? 0,
    loopDelayP99Ms: worst((health) => health.loopDelayP99Ms),
    startLagP50Ms: worst((health) => health.startLagP50Ms),
    startLagP99Ms: worst((health) => health.startLagP99Ms),
    startLagMaxMs: worst((health) => health.startLagMaxMs),
    lateShare: worst((health) => health.lateShare) ?? 0,
  };
}
