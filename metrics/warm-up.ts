// When a run that began empty has forgotten it. Two views of one series: MSER-5 names a moment, Welch's curve lets the eye judge.
// Sources: White, Simulation 69 (1997): MSER; White, Cobb and Spratt, WSC 2000: batches of 5. Welch, The statistical analysis of
// simulation results, in Computer Performance Modeling Handbook (1983); Law, Simulation Modeling and Analysis, 5th ed., 9.5.1.

import { isRecycled } from "../config/recycling.ts";
import type { Scenario } from "../config/scenario.ts";
import { meanOf } from "./confidence.ts";
import type { Interval } from "./estimate.ts";
import type { TimeSeries } from "./run-result.ts";

/** MSER-5 speaks of means of so many consecutive values. */
const BATCH = 5;
const BATCHES_MIN = 10;

/**
 * MSER-5: the number of values to leave out at the start so that the mean of the rest has the smallest standard error.
 * @param values evenly spaced in time.
 * @returns a multiple of 5; null where it would leave out half of them or more, which means that the series has not settled, and
 *   for fewer than 50 values.
 */
export function mser5(values: readonly number[]): number | null {
  const count = Math.floor(values.length / BATCH);
  if (count < BATCHES_MIN) return null;
  const means = Array.from({ length: count }, (_, i) => meanOf(values.slice(i * BATCH, (i + 1) * BATCH)));
  // From the end backwards, mean and sum of squares grow by one value a step (Welford).
  let best = Number.POSITIVE_INFINITY;
  let cut = 0;
  let mean = 0;
  let squares = 0;
  for (let first = count - 1; first >= 0; first--) {
    const kept = count - first;
    const distance = means[first] - mean;
    mean += distance / kept;
    squares += distance * (means[first] - mean);
    // The last few are alike by chance.
    if (kept < BATCH) continue;
    const error = squares / (kept * kept);
    if (error <= best) {
      best = error;
      cut = first;
    }
  }
  return cut * 2 >= count ? null : cut * BATCH;
}

/**
 * Welch's curve: each value is the mean of itself and up to `window` neighbours on either side, near the start of as many as there
 * are; the last `window` places have no value.
 * @param values means over replications, evenly spaced in time.
 */
export function welchCurve(values: readonly number[], window: number): number[] {
  const sums = [0];
  for (const value of values) sums.push(sums[sums.length - 1] + value);
  return Array.from({ length: Math.max(0, values.length - window) }, (_, i) => {
    const reach = Math.min(i, window);
    return (sums[i + reach + 1] - sums[i - reach]) / (2 * reach + 1);
  });
}

/** A column of sessions over time, seen with the warm-up chosen and with that of MSER-5. */
export interface Settling {
  readonly column: "stored" | "live";
  /** Scenario time; null where MSER-5 finds none in the first half of the run. */
  readonly settledAtMs: number | null;
  /** Mean after the warm-up chosen, and after MSER-5's; the second half where it has none. */
  readonly meanChosen: number;
  readonly meanSettled: number;
}

/** @returns for stored and live sessions, where they are known throughout; empty for a scenario that has nothing to settle to. */
export function settlingOf(scenario: Scenario, series: TimeSeries): readonly Settling[] {
  if (!isSteady(scenario)) return [];
  return (["stored", "live"] as const).flatMap((column) => {
    // The first sample is taken at the very start and covers nothing.
    const values = (series.columns[column] ?? []).slice(1).filter((value) => value !== null);
    if (values.length === 0 || values.length < series.atMs.length - 1) return [];
    const cut = mser5(values);
    const chosen = values.filter((_, i) => series.atMs[i + 1] > scenario.run.warmupMs);
    if (chosen.length === 0) return [];
    return [
      {
        column,
        settledAtMs: cut === null ? null : series.atMs[cut],
        meanChosen: meanOf(chosen),
        meanSettled: meanOf(values.slice(cut ?? values.length >> 1)),
      },
    ];
  });
}

/** Whoever comes at one rate to a site that nothing befalls; else there is no level that a run would settle at. */
function isSteady({ workload, site, faults }: Scenario): boolean {
  const { kind } = workload.arrivals;
  return (kind === "poisson" || kind === "constant") && !isRecycled(site) && faults.length === 0;
}

/** Less than this is no matter, whatever the intervals say. */
const SHIFT_MIN = 0.005;
/** MSER-5 looks for a part that is unusual: by one half-width it was so in 4 of 60 runs that had settled. */
const HALF_WIDTHS = 1.5;
/** Where there is no interval to tell what chance may do. */
const SHIFT_BY_CHANCE = 0.02;

/**
 * Does the start still show in the mean? The shift has to be more than chance makes of it.
 * @param interval of the mean after the warm-up chosen.
 */
export function startShows(
  { settledAtMs, meanChosen, meanSettled }: Settling,
  warmupMs: number,
  interval: Interval | undefined,
): boolean {
  if (settledAtMs !== null && settledAtMs <= warmupMs) return false;
  const byChance =
    interval === undefined ? SHIFT_BY_CHANCE * meanSettled : (HALF_WIDTHS * (interval.high - interval.low)) / 2;
  return Math.abs(meanSettled - meanChosen) > Math.max(byChance, SHIFT_MIN * meanSettled);
}
