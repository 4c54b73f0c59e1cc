// How long one run of a comparison takes: runs are many, so each is short where the driver lets us choose, and where it does not the
// user is told beforehand what his time will be enough for.

import { RUNS_OF_BLOCK } from "../../bench/against/turns.ts";
import type { Scenario } from "../../config/scenario.ts";
import type { RunResult } from "../../metrics/run-result.ts";
import type { BenchCommandOptions } from "../bench/bench-options.ts";
import { ycsbPath, ycsbShortPath } from "../load-scenario.ts";

/** Of a comparison that is told nothing else. */
export const BUDGET_MINUTES = 10;
/** Of micro: half of it is warm-up of the process and its compiler; what one run is less exact by, many runs make up for. */
const MICRO_SECONDS = 1.5;
const MICRO_STATE_BYTES = 4_096;
/** No fewer can tell a regression of one metric among a dozen. */
const BLOCKS_WANTED = 13;
/** Starting processes and servers, and ending them. */
const AROUND_A_RUN_MS = 3_000;
/** Each side's first run is not measured. */
const FIRST_RUNS = 2;

/** What is run where no scenario is named; an experiment takes its site and store from it, and no length. */
export function defaultScenario({ driver = "journeys" }: BenchCommandOptions): string {
  return driver === "journeys" ? ycsbShortPath : ycsbPath;
}

/** Runs of micro as short as a comparison wants them, unless the user says otherwise. */
export function shortened<T extends BenchCommandOptions>(options: T): T {
  if (options.driver !== "micro") return options;
  return {
    ...options,
    seconds: options.seconds ?? MICRO_SECONDS,
    stateBytes: options.stateBytes ?? [MICRO_STATE_BYTES],
  };
}

/** Turns of a run of micro in a comparison: each of three places in a turn for each of three measurements, and four times that. */
const MICRO_TURNS = 12;
const MICRO_SESSIONS = 300;
const MICRO_SESSIONS_MIN = 18;
/** What a session of a turn takes beside its measured calls. */
const PREPARING = 2;

/**
 * The same number of sessions in every run, whichever side is slower and whatever the machine does: the time of a call hangs on it.
 * @param result of a first run.
 * @returns null where the driver has no such turns, or was told.
 */
export function sessionsOfTurns(
  { study }: RunResult,
  { sessions, seconds = MICRO_SECONDS }: BenchCommandOptions,
): number | null {
  if (study?.kind !== "micro" || sessions !== undefined) return null;
  const ofSession = study.calls.reduce((sum, { meanMs }) => sum + meanMs.value, 0);
  const fitting = (1000 * seconds) / MICRO_TURNS / (PREPARING * ofSession);
  return Math.round(Math.min(MICRO_SESSIONS, Math.max(MICRO_SESSIONS_MIN, fitting)));
}

/** @returns what to tell where so many blocks as a verdict needs do not fit into the time; null where they do, or nobody knows. */
export function tooLong(
  { run }: Scenario,
  { driver = "journeys" }: BenchCommandOptions,
  budgetMs: number,
): string | null {
  if (driver !== "journeys") return null;
  const turnMs = run.durationMs / run.timeScale + AROUND_A_RUN_MS;
  const neededMs = (FIRST_RUNS + BLOCKS_WANTED * RUNS_OF_BLOCK) * turnMs;
  if (neededMs <= budgetMs) return null;
  const fitting = Math.max(0, Math.floor((budgetMs / turnMs - FIRST_RUNS) / RUNS_OF_BLOCK));
  const needed = Math.ceil(neededMs / 60_000);
  return (
    `A run takes about ${Math.round(turnMs / 1000)} s, so that ${fitting} blocks of ${RUNS_OF_BLOCK} runs fit into ` +
    `${budgetMs / 60_000} minutes; to tell a regression of one metric among a dozen takes about ${BLOCKS_WANTED}. ` +
    `Mend: --budget-minutes ${needed}, a shorter scenario, or a higher --time-scale.`
  );
}
