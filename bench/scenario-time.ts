// Where a load stands in scenario time, which runs run.timeScale times as fast as the clock.

import type { Scenario } from "../config/scenario.ts";
import { machineClock } from "./clock.ts";

export interface UnderWay {
  readonly scenario: Pick<Scenario, "run">;
  /** Scenario time 0, by machineClock. */
  readonly startsAtMs: number;
}

/** @param atMs by machineClock. @returns scenario time. */
export function scenarioMoment({ startsAtMs, scenario }: UnderWay, atMs: number): number {
  return (atMs - startsAtMs) * scenario.run.timeScale;
}

/** Of duration and drain, the share that is over: 0 to 1 and, when answers are late, a little more. */
export function shareOver(load: UnderWay): number {
  const { durationMs, drainMs } = load.scenario.run;
  return Math.max(0, scenarioMoment(load, machineClock())) / (durationMs + drainMs);
}
