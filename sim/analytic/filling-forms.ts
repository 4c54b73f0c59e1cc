// The formulas for a site that is not in balance: a run that is still filling up from empty, a rate that varies. Visits are customers of
// M_t/G/∞, and the law of their stay is known where they have no memory (visit-stay.ts). With a cap that may be met, with other think
// times or other counts of requests only the visits themselves are told.

import type { Scenario } from "../../config/scenario.ts";
import { UNLIMITED_SESSIONS } from "../../config/session-settings.ts";
import type { ClosedForm } from "../../metrics/run-result.ts";
import { ratePeak } from "../../workload/arrivals.ts";
import { COUNT_MAX } from "./arguments.ts";
import { erlangB } from "./erlang.ts";
import { windowMeanOfArrivals, windowSumOfArrivals } from "./mg-infinity.ts";
import { neglectedWhileFilling } from "./neglected.ts";
import type { SlidingSession } from "./sliding-session.ts";
import { requestsByAge, type VisitWithoutMemory, visitStay } from "./visit-stay.ts";

/** Above this share of a visit's stored time what the formulas leave out shows in the figures. */
export const NEGLECTED_MAX = 0.01;

/** @param session of the scenario's visits, which do nothing that no formula knows. */
export function fillingForms(scenario: Scenario, session: SlidingSession): Record<string, ClosedForm> {
  const { workload, run, site } = scenario;
  const { arrivals } = workload;
  if (neglectedWhileFilling(scenario, ratePeak(arrivals), session) > NEGLECTED_MAX) return {};
  const seconds = (run.durationMs - run.warmupMs) / 1000;
  const inWindow = (byAge: (ageMs: number) => number) =>
    windowSumOfArrivals(arrivals, byAge, [], run.warmupMs, run.durationMs);
  const came = inWindow(() => 1);
  if (came === null) return {};
  const window = `${say(run.warmupMs / 60_000)} to ${say(run.durationMs / 60_000)} min`;
  const visits: Record<string, ClosedForm> = {
    visitsPerSecond: {
      value: came / seconds,
      name: "arrival rate",
      sum: `∫λ(t)dt over ${window} = ${say(came)} visits in ${say(seconds)} s`,
    },
  };
  const visit = withoutMemory(scenario);
  if (visit === null || site.timeoutMs === null || mayFill(scenario, session)) return visits;
  const { timeoutMs } = site;
  const meanThere = (sweepMs: number): ClosedForm => {
    const stay = visitStay({ ...visit, timeoutMs, sweepMs });
    return {
      value: windowMeanOfArrivals(arrivals, stay, run.warmupMs, run.durationMs) ?? Number.NaN,
      name: "M_t/G/∞ from empty",
      sum: `∫λ(t − u)P(S > u)du, mean over ${window}; E[S] = ${say(stay.meanMs / 1000)} s a visit`,
    };
  };
  const requests = inWindow((ageMs) => requestsByAge(visit, ageMs)) ?? Number.NaN;
  return {
    ...visits,
    storedSessionsMean: meanThere((site.mode === "SQLServer" ? site.deleteJobMs : site.expirySweepMs) ?? 0),
    liveSessionsMean: meanThere(0),
    ...(site.sessionsMax === UNLIMITED_SESSIONS
      ? { refusedShare: { value: 0, name: "no cap", sum: "no cap, none refused" } }
      : {}),
    requestsPerSecond: {
      value: requests / seconds,
      name: "M_t/G/∞ from empty",
      sum: `requests of ${say(visit.requestsMean)} a visit that fall into ${window}`,
    },
  };
}

/** Were the busiest time to last, as many would be refused that it shows. Else the cap is as good as none. */
function mayFill({ site, workload }: Scenario, session: SlidingSession): boolean {
  if (site.sessionsMax === UNLIMITED_SESSIONS) return false;
  const stores = site.mode === "InProc" ? site.servers * site.workersPerServer : 1;
  const erlangs = (ratePeak(workload.arrivals) * session.storedMsPerVisit) / 1000 / stores;
  return erlangs > COUNT_MAX || erlangB(site.sessionsMax, erlangs) > 1e-6;
}

/** null where how long a visit has lasted tells how long it will go on, or it ends or spreads in other ways. */
function withoutMemory({ workload }: Scenario): VisitWithoutMemory | null {
  const { requestsPerVisit, thinkMs, logoutShare, parallel } = workload;
  if (requestsPerVisit.kind !== "geometric" || thinkMs.kind !== "exponential" || thinkMs.max !== undefined) return null;
  if (logoutShare > 0 || parallel.share > 0) return null;
  return { requestsMean: requestsPerVisit.mean, thinkMeanMs: thinkMs.mean };
}

/** Six significant digits, plainly. */
export function say(value: number): string {
  return String(Number(value.toPrecision(6)));
}
