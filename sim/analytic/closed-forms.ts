// Which formulas apply to a scenario, with their sums written out, so that a report can set them beside the simulated figures.
// They describe a site in balance. Where the warm-up is shorter than a session lives, or the rate varies, filling-forms.ts has fewer;
// where visitors behave in a way no formula knows, none is given.

import type { CountLaw, Scenario } from "../../config/scenario.ts";
import { UNLIMITED_SESSIONS } from "../../config/session-settings.ts";
import type { ClosedForm } from "../../metrics/run-result.ts";
import { countMean, lawMean } from "../../workload/distributions.ts";
import { storesOf } from "../stores.ts";
import { COUNT_MAX } from "./arguments.ts";
import { fillingForms, NEGLECTED_MAX, say } from "./filling-forms.ts";
import { neglectedShare, refusalSwing } from "./neglected.ts";
import { SESSIONS_PER_VISIT_MAX, type SlidingSession, slidingSession } from "./sliding-session.ts";
import { erlangBBetween, SWEEP_SHARE_MAX, sweepBatch, sweepOf, sweptPlaces } from "./swept-places.ts";

/**
 * @returns by the key of the figure it stands beside (`storedSessionsMean`, `refusedShare`, …): its value in the unit of that figure,
 *   the formula's name, and its sum written out. Empty where no formula describes the scenario, or what they leave out would show.
 */
export function closedFormsOf(scenario: Scenario): Record<string, ClosedForm> {
  const session = sessionOf(scenario);
  if (session === null) return {};
  const perSecond = steadyRate(scenario);
  return perSecond !== null && inBalance(scenario, perSecond, session)
    ? balancedForms(scenario, perSecond, session)
    : fillingForms(scenario, session);
}

function inBalance(scenario: Scenario, perSecond: number, session: SlidingSession): boolean {
  const { workload, run } = scenario;
  const visitMs = (countMean(workload.requestsPerVisit) - 1) * lawMean(workload.thinkMs);
  if (run.warmupMs < session.storedMsPerVisit || run.warmupMs < visitMs) return false;
  return neglectedShare(scenario, perSecond, session) <= NEGLECTED_MAX;
}

function balancedForms(scenario: Scenario, perSecond: number, session: SlidingSession): Record<string, ClosedForm> {
  const { workload, site } = scenario;
  const requestsMean = countMean(workload.requestsPerVisit);
  const capped = site.sessionsMax < UNLIMITED_SESSIONS;
  const storedSeconds = session.storedMsPerVisit / 1000;
  const offered = perSecond * storedSeconds;
  const sum = `${say(perSecond)}/s × ${say(storedSeconds)} s`;
  const visits: Record<string, ClosedForm> = {
    visitsPerSecond: { value: perSecond, name: "arrival rate", sum: `${say(perSecond)}/s` },
  };
  const stores = storesOf(scenario);
  if (capped && !erlangApplies(scenario, session, offered / stores)) return visits;
  const perRequest = 1 + workload.parallel.share * workload.parallel.requests;
  const forms: Record<string, ClosedForm> = {
    ...visits,
    sessionLifetimeMeanSeconds: {
      value: storedSeconds / session.sessionsPerVisit,
      name: "sliding session",
      sum: `${say(storedSeconds)} s stored a visit ÷ ${say(session.sessionsPerVisit)} sessions a visit`,
    },
  };
  if (!capped) {
    return {
      ...forms,
      storedSessionsMean: { value: offered, name: "Little's law", sum: `${sum} = ${say(offered)}` },
      liveSessionsMean: {
        value: (perSecond * session.liveMsPerVisit) / 1000,
        name: "Little's law",
        sum: `${say(perSecond)}/s × ${say(session.liveMsPerVisit / 1000)} s`,
      },
      refusedShare: { value: 0, name: "no cap", sum: "no cap, none refused" },
      requestsPerSecond: {
        value: perSecond * requestsMean * perRequest,
        name: "arrival rate × requests a visit",
        sum: `${say(perSecond)}/s × ${say(requestsMean * perRequest)}`,
      },
    };
  }
  const places = sweptPlaces(site.sessionsMax, offered / stores, sweepBatch(site, perSecond / stores));
  const refused = erlangBBetween(places, offered / stores);
  const kept = 1 - refused;
  const swept = places < site.sessionsMax ? `, which sweeps make ${say(places)}` : "";
  return {
    ...forms,
    refusedShare: {
      value: refused,
      name: "Erlang B",
      sum: `${sum} = ${say(offered / stores)} erlang on ${site.sessionsMax} places${swept}${stores > 1 ? ", each store" : ""}`,
    },
    storedSessionsMean: { value: offered * kept, name: "Erlang B", sum: `${sum} × (1 − ${say(refused)})` },
    requestsPerSecond: {
      value: perSecond * (refused + requestsMean * perRequest * kept),
      name: "Erlang B",
      sum: `${say(perSecond)}/s × (${say(refused)} × 1 + ${say(kept)} × ${say(requestsMean * perRequest)})`,
    },
  };
}

/** Visits a second where the rate is steady and random; null otherwise. */
function steadyRate({ workload }: Scenario): number | null {
  return workload.arrivals.kind === "poisson" ? workload.arrivals.perSecond : null;
}

/** null where visitors do what the formula does not know. */
function sessionOf({ site, workload, run, faults }: Scenario): SlidingSession | null {
  const { pages, logoutShare, withoutCookiesShare, requestsPerVisit } = workload;
  const always = site.sessionStart
    ? pages.every((page) => page.session !== "none")
    : pages.every((page) => page.session === "read-write" && page.changedShare === 1);
  const logoutWorks = logoutShare === 0 || pages.every((page) => page.session === "read-write");
  // Waits for the lock lengthen a visit, of which the formula knows nothing.
  const stretched = run.fidelity === "requests" && workload.parallel.share > 0;
  // What is sent after a logout starts another session.
  const comesBack = logoutShare > 0 && workload.parallel.share > 0;
  const disturbed =
    stretched ||
    comesBack ||
    faults.length > 0 ||
    site.recycleEveryMs !== null ||
    (site.mode === "InProc" && !site.affinity);
  if (site.mode === "Off" || site.timeoutMs === null || !always || !logoutWorks || disturbed) return null;
  if (withoutCookiesShare > 0) return null;
  const revives = site.mode === "SQLServer";
  const sweepMs = revives ? site.deleteJobMs : site.expirySweepMs;
  if (sweepMs === null) return null;
  return slidingSession({
    requestsMean: countMean(requestsPerVisit),
    thinkMs: workload.thinkMs,
    timeoutMs: site.timeoutMs,
    sweepMs,
    revives,
    logoutShare,
    singleShare: chanceOfOne(requestsPerVisit),
  });
}

function chanceOfOne(law: CountLaw): number {
  if (law.kind === "fixed") return law.value === 1 ? 1 : 0;
  if (law.kind === "geometric") return 1 / law.mean;
  const total = law.weights.reduce((sum, weight) => sum + weight, 0);
  return law.values.reduce((sum, value, i) => sum + (value === 1 ? law.weights[i] : 0), 0) / total;
}

/** The same for places that are given back together because they were taken together, in the share refused. */
const SWING_MAX = 0.02;

/** Erlang B wants refused visitors to leave for good, each visit to be one stretch of one session, and places given back soon. */
function erlangApplies(scenario: Scenario, session: SlidingSession, offeredErlangs: number): boolean {
  const { site, workload } = scenario;
  const sweepMs = sweepOf(site);
  const leaves = workload.whenRefused.kind === "leave" && workload.logoutShare === 0;
  const single =
    session.sessionsPerVisit < SESSIONS_PER_VISIT_MAX && sweepMs <= SWEEP_SHARE_MAX * session.storedMsPerVisit;
  if (offeredErlangs > COUNT_MAX) return false;
  return leaves && single && refusalSwing(scenario, offeredErlangs, session) <= SWING_MAX;
}
