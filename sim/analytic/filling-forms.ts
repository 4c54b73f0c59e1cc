// The formulas for a site that is not in balance: a run that is still filling up from empty, a rate that varies. Visits are customers of
// M_t/G/∞; the law of their stay is known (visit-stay.ts) or can be worked out (visit-lattice.ts) where each request is followed by
// another with the same chance. With a cap that may be met, or other counts of requests, only the visits themselves are told.

import type { Scenario } from "../../config/scenario.ts";
import { UNLIMITED_SESSIONS } from "../../config/session-settings.ts";
import type { ClosedForm } from "../../metrics/run-result.ts";
import { ratePeak } from "../../workload/arrivals.ts";
import { countMean } from "../../workload/distributions.ts";
import { storesOf } from "../stores.ts";
import { COUNT_MAX } from "./arguments.ts";
import { arrivalsBetween } from "./arrival-rate.ts";
import { windowSumOfArrivals } from "./mg-infinity.ts";
import { neglectedWhileFilling } from "./neglected.ts";
import type { SlidingSession } from "./sliding-session.ts";
import { erlangBBetween, sweepBatch, sweepOf, sweptPlaces } from "./swept-places.ts";
import { visitLattice } from "./visit-lattice.ts";
import { requestsByAge, type VisitWithoutMemory, visitStay } from "./visit-stay.ts";

/** Above this share of a visit's stored time what the formulas leave out shows in the figures. */
export const NEGLECTED_MAX = 0.01;

/** @param session of the scenario's visits, which do nothing that no formula knows. */
export function fillingForms(scenario: Scenario, session: SlidingSession): Record<string, ClosedForm> {
  const { workload, run, site } = scenario;
  if (neglectedWhileFilling(scenario, ratePeak(workload.arrivals), session) > NEGLECTED_MAX) return {};
  const came = arrivalsBetween(workload.arrivals, run.warmupMs, run.durationMs);
  if (came === null) return {};
  const seconds = (run.durationMs - run.warmupMs) / 1000;
  const window = `${say(run.warmupMs / 60_000)} to ${say(run.durationMs / 60_000)} min`;
  const visits: Record<string, ClosedForm> = {
    visitsPerSecond: {
      value: came / seconds,
      name: "arrival rate",
      sum: `∫λ(t)dt over ${window} = ${say(came)} visits in ${say(seconds)} s`,
    },
  };
  const sums = mayFill(scenario, session) ? null : sumsOf(scenario);
  if (sums === null) return visits;
  const name = "M_t/G/∞ from empty";
  const tolerance = neglectedWhileFilling(scenario, ratePeak(workload.arrivals), session) + UNSETTLED_MAX;
  const mean = (sum: number, stayMs: number): ClosedForm => ({
    value: sum / (seconds * 1000),
    name,
    sum: `∫λ(t − u)P(S > u)du, mean over ${window}; E[S] = ${say(stayMs / 1000)} s a visit`,
    tolerance,
  });
  const requestsMean = countMean(workload.requestsPerVisit);
  return {
    ...visits,
    storedSessionsMean: mean(sums.storedMs, session.storedMsPerVisit),
    liveSessionsMean: mean(sums.liveMs, session.liveMsPerVisit),
    ...(site.sessionsMax === UNLIMITED_SESSIONS
      ? { refusedShare: { value: 0, name: "no cap", sum: "no cap, none refused" } }
      : {}),
    requestsPerSecond: {
      value: sums.requests / seconds,
      name,
      sum: `of ${say(requestsMean)} requests a visit, those that fall into ${window}`,
      tolerance,
    },
  };
}

function inWindow({ workload, run }: Scenario, byAge: (ageMs: number) => number, breaksMs: readonly number[]) {
  return windowSumOfArrivals(workload.arrivals, byAge, breaksMs, run.warmupMs, run.durationMs, 1e-7);
}

/** What all visits together bring about in the measured part. */
interface Sums {
  readonly storedMs: number;
  readonly liveMs: number;
  readonly requests: number;
}

/** null where how long a visit has lasted tells how long it will go on, it ends or spreads in other ways, or the lattice is too coarse. */
function sumsOf(scenario: Scenario): Sums | null {
  const { requestsPerVisit, thinkMs, logoutShare, parallel } = scenario.workload;
  if (requestsPerVisit.kind !== "geometric" || logoutShare > 0 || parallel.share > 0) return null;
  if (thinkMs.kind === "exponential" && thinkMs.max === undefined) {
    return exactSums(scenario, { requestsMean: requestsPerVisit.mean, thinkMeanMs: thinkMs.mean });
  }
  const [coarse, fine] = [STEPS / 2, STEPS].map((steps) => latticeSums(scenario, requestsPerVisit.mean, steps));
  const settled = (key: keyof Sums) => Math.abs(fine[key] - coarse[key]) <= UNSETTLED_MAX * fine[key];
  return settled("storedMs") && settled("liveMs") && settled("requests") ? fine : null;
}

const STEPS = 2000;

/** Between a lattice and one half as fine; a third of it is left of the error. */
const UNSETTLED_MAX = 1e-3;

function exactSums(scenario: Scenario, visit: VisitWithoutMemory): Sums {
  const timeoutMs = scenario.site.timeoutMs ?? 0;
  const there = (sweepMs: number) => {
    const stay = visitStay({ ...visit, timeoutMs, sweepMs });
    return inWindow(scenario, stay.meanBelowMs, stay.breaksMs) ?? Number.NaN;
  };
  const requests = inWindow(scenario, (ageMs) => requestsByAge(visit, ageMs), []) ?? Number.NaN;
  return { storedMs: there(sweepOf(scenario.site)), liveMs: there(0), requests };
}

function latticeSums(scenario: Scenario, requestsMean: number, steps: number): Sums {
  const { site, workload, run } = scenario;
  const timeoutMs = site.timeoutMs ?? 0;
  const visit = { requestsMean, thinkMs: workload.thinkMs, timeoutMs, untilMs: run.durationMs, steps };
  const stored = visitLattice({ ...visit, sweepMs: sweepOf(scenario.site) });
  const live = visitLattice({ ...visit, sweepMs: 0 });
  const sum = (byAge: (ageMs: number) => number) => inWindow(scenario, byAge, [timeoutMs]) ?? Number.NaN;
  return { storedMs: sum(stored.storedBelowMs), liveMs: sum(live.storedBelowMs), requests: sum(stored.requestsByAge) };
}

/** Were the busiest time to last, as many would be refused that it shows. Else the cap is as good as none. */
export function mayFill(scenario: Scenario, session: SlidingSession): boolean {
  const { site, workload } = scenario;
  if (site.sessionsMax === UNLIMITED_SESSIONS) return false;
  const perSecond = ratePeak(workload.arrivals) / storesOf(scenario);
  const erlangs = (perSecond * session.storedMsPerVisit) / 1000;
  if (erlangs > COUNT_MAX) return true;
  return erlangBBetween(sweptPlaces(site.sessionsMax, erlangs, sweepBatch(site, perSecond)), erlangs) > 1e-6;
}

/** Six significant digits, plainly. */
export function say(value: number): string {
  return String(Number(value.toPrecision(6)));
}
