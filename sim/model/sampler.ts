// The time series of a simulated run: levels as their mean since the sample before (a level read at the moment would beat with the
// sweeps), counts since the sample before.

import type { Scenario } from "../../config/scenario.ts";
import type { Counters, TimeSeries } from "../../metrics/run-result.ts";
import { memoryWithDeadSpace } from "../dead-space.ts";
import { memoryModel } from "../memory-model.ts";
import type { SessionTable } from "./session-table.ts";

export interface Sampler {
  /** Takes every sample due up to a moment of the model, which has not happened yet. */
  until(nowMs: number, sessions: SessionTable): void;
  /** Before this moment of the model none is due. */
  quietUntilMs(): number;
  series(): TimeSeries;
}

/** Moments of the run and of the compressed clock may be apart by this share. */
const ROUNDING = 1e-12;

export function createSampler(scenario: Scenario, counters: Counters): Sampler {
  const { run } = scenario;
  const memoryOf = memoryModel(scenario);
  const atMs: number[] = [];
  const columns: Record<string, number[]> = {
    stored: [],
    live: [],
    started: [],
    refused: [],
    expired: [],
    abandoned: [],
    lost: [],
    requests: [],
    completed: [],
    failed: [],
    memoryBytes: [],
  };
  const countsBefore = {
    started: 0,
    refused: 0,
    expired: 0,
    abandoned: 0,
    lost: 0,
    requests: 0,
    completed: 0,
    failed: 0,
  };
  const storedBytes: number[] = [];
  /** Sessions written anew or removed. */
  const replaced: number[] = [];
  let replacedBefore = 0;
  const areasBefore = { stored: 0, live: 0, storedBytes: 0 };
  const lengthMs = run.sampleMs / run.timeScale;

  function meanSince(sessions: SessionTable, name: "stored" | "live" | "storedBytes", nowMs: number): number {
    const tally = sessions[name];
    if (nowMs === 0) return tally.level;
    const area = tally.area(nowMs);
    const mean = (area - areasBefore[name]) / lengthMs;
    areasBefore[name] = area;
    return mean;
  }

  function take(nowMs: number, sessions: SessionTable): void {
    const stored = meanSince(sessions, "stored", nowMs);
    columns.stored.push(stored);
    columns.live.push(meanSince(sessions, "live", nowMs));
    storedBytes.push(meanSince(sessions, "storedBytes", nowMs));
    columns.memoryBytes.push(memoryOf(stored, storedBytes[storedBytes.length - 1]));
    const { storeCalls, started, expired, abandoned, lost } = counters;
    const replacedByNow = storeCalls.setAndReleaseItemExclusive - started + expired + abandoned + lost;
    replaced.push(Math.max(0, replacedByNow - replacedBefore));
    replacedBefore = replacedByNow;
    for (const name of Object.keys(countsBefore) as (keyof typeof countsBefore)[]) {
      columns[name].push(counters[name] - countsBefore[name]);
      countsBefore[name] = counters[name];
    }
  }

  return {
    until(nowMs, sessions) {
      // The last sample falls on the end of the run, whatever the rounding of the compressed clock.
      const reachedMs = Math.min(nowMs * run.timeScale * (1 + 4 * Number.EPSILON), run.durationMs);
      while (atMs.length * run.sampleMs <= reachedMs) {
        const sampleAtMs = atMs.length * run.sampleMs;
        atMs.push(sampleAtMs);
        take(sampleAtMs / run.timeScale, sessions);
      }
    },
    quietUntilMs: () => ((atMs.length * run.sampleMs) / run.timeScale) * (1 - ROUNDING),
    series() {
      const memoryBytes = memoryWithDeadSpace(scenario, { stored: columns.stored, storedBytes, replaced });
      return { atMs, columns: memoryBytes === null ? columns : { ...columns, memoryBytes } };
    },
  };
}
