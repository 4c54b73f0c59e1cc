// The time series of a simulated run: levels as their mean since the sample before (a level read at the moment would beat with the
// sweeps), counts since the sample before.

import type { Scenario } from "../../config/scenario.ts";
import type { Counters, TimeSeries } from "../../metrics/run-result.ts";
import { memoryModel } from "../memory-model.ts";
import type { SiteModel } from "./site.ts";

export interface Sampler {
  /** Takes every sample due up to a moment of the model, which has not happened yet. */
  until(nowMs: number): void;
  series(): TimeSeries;
}

export function createSampler(options: { scenario: Scenario; model: SiteModel; counters: Counters }): Sampler {
  const { scenario, model, counters } = options;
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
  const areasBefore = { stored: 0, live: 0, storedBytes: 0 };
  const lengthMs = run.sampleMs / run.timeScale;

  function meanSince(name: "stored" | "live" | "storedBytes", nowMs: number): number {
    const tally = model.sessions[name];
    if (nowMs === 0) return tally.level;
    const area = tally.area(nowMs);
    const mean = (area - areasBefore[name]) / lengthMs;
    areasBefore[name] = area;
    return mean;
  }

  function take(nowMs: number): void {
    const stored = meanSince("stored", nowMs);
    columns.stored.push(stored);
    columns.live.push(meanSince("live", nowMs));
    columns.memoryBytes.push(memoryOf(stored, meanSince("storedBytes", nowMs)));
    for (const name of Object.keys(countsBefore) as (keyof typeof countsBefore)[]) {
      columns[name].push(counters[name] - countsBefore[name]);
      countsBefore[name] = counters[name];
    }
  }

  return {
    until(nowMs) {
      // The last sample falls on the end of the run, whatever the rounding of the compressed clock.
      const reachedMs = Math.min(nowMs * run.timeScale * (1 + 4 * Number.EPSILON), run.durationMs);
      while (atMs.length * run.sampleMs <= reachedMs) {
        const sampleAtMs = atMs.length * run.sampleMs;
        atMs.push(sampleAtMs);
        take(sampleAtMs / run.timeScale);
      }
    },
    series: () => ({ atMs, columns }),
  };
}
