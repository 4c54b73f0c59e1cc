// The parts of a scenario that the estimate of rare refusals rests on, and the scenarios it refuses: rather no number than a wrong one.

import { InputError, type Problem } from "../../config/problem.ts";
import type { Scenario } from "../../config/scenario.ts";
import { UNLIMITED_SESSIONS } from "../../config/session-settings.ts";
import { ratePeak } from "../../workload/arrivals.ts";
import { storesOf } from "../stores.ts";
import { lossesOf } from "../strokes.ts";

export interface RareSite {
  readonly stores: number;
  /** 0: places are given back at any moment. */
  readonly sweepMs: number;
}

export function rareSiteOf(scenario: Scenario): RareSite {
  const { site } = scenario;
  return {
    stores: storesOf(scenario),
    sweepMs: (site.mode === "SQLServer" ? site.deleteJobMs : site.expirySweepMs) ?? 0,
  };
}

/** @throws InputError with all that stands in the way. */
export function refuseUntreatable(scenario: Scenario): void {
  const { site, workload, run } = scenario;
  const problems: Problem[] = [];
  if (run.fidelity !== "population") {
    problems.push({
      at: "run.fidelity",
      given: run.fidelity,
      expected: "population: rare refusals are estimated with requests that take no time",
      mend: "write population; where the site is not overloaded, its sessions live as long",
    });
  }
  if (site.mode === "Off") {
    problems.push({
      at: "the mode of the site",
      given: site.mode,
      expected: "InProc, StateServer, SQLServer or Custom",
      mend: "choose the one that keeps the sessions",
    });
  }
  if (site.sessionsMax >= UNLIMITED_SESSIONS) {
    problems.push({
      at: "site.sessionsMax",
      given: "",
      expected: "a cap: without one nobody is refused",
      mend: "give the number of sessions the site may hold",
    });
  }
  const { kind } = workload.arrivals;
  if (kind === "constant" || kind === "trace") {
    problems.push({
      at: "workload.arrivals.kind",
      given: kind,
      expected: "poisson, ramp, step, profile or burst: visits that come at random",
      mend: "write poisson with the mean rate, or simulate without the estimate",
    });
  } else if (ratePeak(workload.arrivals) === 0) {
    problems.push({ at: "workload.arrivals", given: "a rate of 0", expected: "visits", mend: "raise the rate" });
  }
  if (workload.withoutCookiesShare > 0) {
    problems.push({
      at: "workload.withoutCookiesShare",
      given: String(workload.withoutCookiesShare),
      expected:
        "0: few visitors who pile up many sessions fill the store, and runs with more visitors do not show them",
      mend: "leave it out, or simulate many replications",
    });
  }
  if (lossesOf(scenario).length > 0) {
    problems.push({
      at: "site.recycleEveryMinutes and faults",
      given: "sessions lost within the run",
      expected: "none: sessions that are lost all at once come back all at once, which no tilt foresees",
      mend: "leave them out, or simulate many replications",
    });
  }
  const { sweepMs } = rareSiteOf(scenario);
  if (run.durationMs - run.warmupMs < sweepMs) {
    problems.push({
      at: "run.durationMinutes",
      given: `${run.durationMs / 60_000}, of which ${(run.durationMs - run.warmupMs) / 60_000} are measured`,
      expected: "more: no sweep falls into the measured part for certain",
      mend: `measure ${sweepMs / 60_000} minutes at least`,
    });
  }
  if (problems.length > 0) throw new InputError(`Cannot estimate rare refusals of "${scenario.name}"`, problems);
}
