// A scenario at another load: the same visitors, only more or fewer of them, so that so many requests come in a real second.

import type { Scenario } from "../config/scenario.ts";
import { UNLIMITED_SESSIONS } from "../config/session-settings.ts";
import { expectedVisits } from "../sim/predict/expected-visits.ts";
import { countMean } from "../workload/distributions.ts";
import { scaleArrivals } from "../workload/scale-arrivals.ts";

/** Requests a real second that the scenario's visitors want in the measured part, on average, if nobody is refused. */
export function offeredPerSecond({ workload, run }: Scenario): number {
  const { arrivals, requestsPerVisit, parallel } = workload;
  const visits = expectedVisits(arrivals, run.durationMs) - expectedVisits(arrivals, run.warmupMs);
  const realSeconds = (run.durationMs - run.warmupMs) / run.timeScale / 1000;
  return (visits / realSeconds) * countMean(requestsPerVisit) * (1 + parallel.share * parallel.requests);
}

export interface ScenarioAtLoad {
  readonly scenario: Scenario;
  /** The arrivals were multiplied by this. */
  readonly factor: number;
}

/**
 * @param requestsPerSecond in real time, above 0.
 * @param scaleCap the cap grows and shrinks with the load, so that it refuses about the same share at each.
 */
export function scenarioAtLoad(base: Scenario, requestsPerSecond: number, scaleCap: boolean): ScenarioAtLoad {
  const factor = requestsPerSecond / offeredPerSecond(base);
  const { site, workload } = base;
  const capped = scaleCap && site.sessionsMax !== UNLIMITED_SESSIONS;
  return {
    factor,
    scenario: {
      ...base,
      site: capped ? { ...site, sessionsMax: Math.max(1, Math.round(site.sessionsMax * factor)) } : site,
      workload: { ...workload, arrivals: scaleArrivals(workload.arrivals, factor) },
    },
  };
}

/** The same load until about so many requests came in the measured part; warm-up and number of samples stay. Of steady arrivals. */
export function forRequests(scenario: Scenario, requests: number): Scenario {
  const { run } = scenario;
  const measuredMs = (requests / offeredPerSecond(scenario)) * 1000 * run.timeScale;
  const durationMs = run.warmupMs + measuredMs;
  return { ...scenario, run: { ...run, durationMs, sampleMs: (run.sampleMs * durationMs) / run.durationMs } };
}
