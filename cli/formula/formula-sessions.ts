// Formulas of sessions: one with sliding expiry, and how many there are where nobody is refused.

import type { Command } from "commander";
import type { CountLaw, Law } from "../../config/scenario.ts";
import { notNegative, positive, requireAll, whole } from "../../sim/analytic/arguments.ts";
import { mgInfinityMean } from "../../sim/analytic/mg-infinity.ts";
import { poissonQuantile } from "../../sim/analytic/poisson.ts";
import { sessionLife } from "../../sim/analytic/session-life.ts";
import { SESSIONS_PER_VISIT_MAX, type SlidingSession, slidingSession } from "../../sim/analytic/sliding-session.ts";
import { stayOf } from "../../sim/analytic/stay.ts";
import { erlangBBetween, SWEEP_SHARE_MAX, sweptPlaces } from "../../sim/analytic/swept-places.ts";
import { type Answer, formulaCommand } from "./formula-command.ts";

interface SessionGiven {
  readonly timeoutMinutes: number;
  readonly thinkMeanSeconds: number;
  readonly requestsMean: number;
  readonly thinkLaw?: "exponential" | "constant" | "lognormal";
  readonly thinkSigma?: number;
  readonly requestsLaw?: "geometric" | "fixed";
  readonly sweepSeconds?: number;
  readonly revives?: true;
  readonly arrivalsPerSecond?: number;
  readonly places?: number;
}

export function slidingSessionCommand(): Command {
  return formulaCommand<SessionGiven>({
    name: "sliding-session",
    title: "Sliding session",
    summary: "requests and lifetime of a session, and how many a rate of visits keeps stored",
    arguments: [
      { name: "timeoutMinutes", about: "from the last request to the expiry", needed: true },
      { name: "thinkMeanSeconds", about: "mean time from one request to the next", needed: true },
      { name: "requestsMean", about: "mean requests of a visit, at least 1", needed: true },
      { name: "thinkLaw", about: "exponential where left out", kind: ["exponential", "constant", "lognormal"] },
      { name: "thinkSigma", about: "of a lognormal law: sigma of the logarithm; 1 where left out" },
      {
        name: "requestsLaw",
        about: "geometric where left out; fixed: every visit alike",
        kind: ["geometric", "fixed"],
      },
      { name: "sweepSeconds", about: "expired sessions are removed by a scan this often; 0 where left out" },
      { name: "revives", about: "an expired session still stored comes back at an access (SQLServer)", kind: "flag" },
      { name: "arrivalsPerSecond", about: "visits, Poisson: also how many sessions there are" },
      { name: "places", about: "with --arrivals-per-second: also the share refused at this cap" },
    ],
    equation:
      "E[requests] = 1/(1 − s), E[lifetime] = T + qm/(1 − s), s = qF(T), m = E[X; X < T]; a visit is live for T + (E[K] − 1)E[min(X, T)] and stored for d/2 longer a scan.",
    source:
      "renewal argument, geometric counts; for fixed ones the same sums gap by gap. Sessions refused: Erlang B, 1917, less the places that stand empty after a scan",
    examples: [
      "--timeout-minutes 20 --think-mean-seconds 30 --requests-mean 10",
      "--timeout-minutes 20 --think-mean-seconds 30 --requests-mean 10 --arrivals-per-second 50 --places 70000",
      "--timeout-minutes 5 --think-law lognormal --think-mean-seconds 60 --think-sigma 1.5 --requests-mean 8 --sweep-seconds 20",
    ],
    solve: solveSession,
  });
}

function solveSession(given: SessionGiven): Answer[] {
  const { requestsMean, sweepSeconds = 0, arrivalsPerSecond } = given;
  checkSession(given);
  const timeoutMs = given.timeoutMinutes * 60_000;
  const thinkMs = thinkLawOf(given);
  const fixed = given.requestsLaw === "fixed";
  const requestsPerVisit: CountLaw = fixed
    ? { kind: "fixed", value: requestsMean }
    : { kind: "geometric", mean: requestsMean };
  const life = sessionLife({ requestsPerVisit, thinkMs, timeoutMs });
  const visit = slidingSession({
    requestsMean,
    thinkMs,
    timeoutMs,
    sweepMs: sweepSeconds * 1000,
    revives: given.revives === true,
    logoutShare: 0,
    singleShare: 0,
  });
  return [
    { key: "requestsPerSession", value: life.requestsMean },
    { key: "lifetimeSecondsMean", value: life.lifetimeMeanMs / 1000, unit: "s" },
    { key: "lifetimeSecondsStdDev", value: Math.sqrt(life.lifetimeVarianceMs2) / 1000, unit: "s" },
    { key: "endedInGapShare", value: life.endedInGapShare, unit: "share" },
    { key: "sessionsPerVisit", value: visit.sessionsPerVisit },
    { key: "liveSecondsPerVisit", value: visit.liveMsPerVisit / 1000, unit: "s" },
    { key: "storedSecondsPerVisit", value: visit.storedMsPerVisit / 1000, unit: "s" },
    ...(arrivalsPerSecond === undefined ? [] : sessionsThere(arrivalsPerSecond, visit, sweepSeconds, given.places)),
  ];
}

function checkSession(given: SessionGiven): void {
  const { requestsMean, requestsLaw, places, arrivalsPerSecond } = given;
  const mend = "give it";
  requireAll("a sliding session", [
    positive("timeoutMinutes", given.timeoutMinutes),
    positive("thinkMeanSeconds", given.thinkMeanSeconds),
    requestsLaw === "fixed" ? whole("requestsMean", requestsMean, 1, 1e6) : null,
    requestsMean >= 1
      ? null
      : { at: "requestsMean", given: String(requestsMean), expected: "at least 1", mend: "change it" },
    given.thinkSigma === undefined ? null : positive("thinkSigma", given.thinkSigma),
    given.thinkSigma !== undefined && given.thinkLaw !== "lognormal"
      ? {
          at: "thinkSigma",
          given: String(given.thinkSigma),
          expected: "none but with --think-law lognormal",
          mend: "add that, or leave it out",
        }
      : null,
    notNegative("sweepSeconds", given.sweepSeconds ?? 0),
    notNegative("arrivalsPerSecond", arrivalsPerSecond ?? 0),
    places === undefined ? null : whole("places", places),
    places !== undefined && arrivalsPerSecond === undefined
      ? { at: "arrivalsPerSecond", given: "", expected: "visits a second beside --places", mend }
      : null,
  ]);
}

function thinkLawOf({ thinkLaw = "exponential", thinkMeanSeconds, thinkSigma = 1 }: SessionGiven): Law {
  const mean = thinkMeanSeconds * 1000;
  if (thinkLaw === "constant") return { kind: "constant", value: mean };
  return thinkLaw === "lognormal" ? { kind: "lognormal", mean, sigma: thinkSigma } : { kind: "exponential", mean };
}

/** How many are stored is Poisson: of one visit no two sessions are stored at a time. */
function sessionsThere(
  arrivalsPerSecond: number,
  visit: SlidingSession,
  sweepSeconds: number,
  places: number | undefined,
): Answer[] {
  const stored = (arrivalsPerSecond * visit.storedMsPerVisit) / 1000;
  return [
    { key: "liveSessionsMean", value: (arrivalsPerSecond * visit.liveMsPerVisit) / 1000 },
    { key: "storedSessionsMean", value: stored },
    { key: "storedSessionsP999", value: poissonQuantile(0.999, stored) },
    ...(places === undefined ? [] : [refusedAt(places, stored, arrivalsPerSecond, sweepSeconds, visit)]),
  ];
}

/** Erlang B wants each visit to meet the cap once, and removals not too far apart. */
function refusedAt(
  places: number,
  erlangs: number,
  arrivalsPerSecond: number,
  sweepSeconds: number,
  visit: SlidingSession,
): Answer {
  const unknown = (why: string): Answer => ({ key: "refusedShare", value: null, why });
  if (visit.sessionsPerVisit >= SESSIONS_PER_VISIT_MAX) {
    return unknown("Erlang B wants a visit to open one session; simulate it");
  }
  if (sweepSeconds * 1000 > SWEEP_SHARE_MAX * visit.storedMsPerVisit) {
    return unknown("Erlang B wants places to be given back sooner after the expiry; simulate it");
  }
  const usable = sweptPlaces(places, erlangs, arrivalsPerSecond * sweepSeconds);
  return { key: "refusedShare", value: erlangBBetween(usable, erlangs), unit: "share" };
}

export function mgInfinityCommand(): Command {
  return formulaCommand<{
    arrivalsPerSecond: number;
    staySecondsMean: number;
    atSeconds?: number;
    stayLaw?: "exponential" | "constant";
  }>({
    name: "mg-infinity",
    title: "M/G/∞",
    summary: "how many are there where there is room for all, in balance or while it fills up",
    arguments: [
      { name: "arrivalsPerSecond", about: "Poisson arrivals", needed: true },
      { name: "staySecondsMean", about: "how long each stays, on average", needed: true },
      { name: "atSeconds", about: "so long after the first came; in balance where left out" },
      {
        name: "stayLaw",
        about: "matters while it fills up; exponential where left out",
        kind: ["exponential", "constant"],
      },
    ],
    equation: "m(t) = λ ∫ P(S > u)du from 0 to t, λE[S] in balance; how many are there is Poisson with that mean.",
    source: "L. Takács, Introduction to the Theory of Queues, 1962, section 3.2",
    examples: [
      "--arrivals-per-second 50 --stay-seconds-mean 1470",
      "--arrivals-per-second 50 --stay-seconds-mean 1470 --stay-law constant --at-seconds 600",
    ],
    solve: ({ arrivalsPerSecond, staySecondsMean, atSeconds, stayLaw }) => {
      requireAll("M/G/∞", [
        notNegative("arrivalsPerSecond", arrivalsPerSecond),
        positive("staySecondsMean", staySecondsMean),
        notNegative("atSeconds", atSeconds ?? 0),
      ]);
      const ms = staySecondsMean * 1000;
      const stay = stayOf(stayLaw === "constant" ? { kind: "constant", value: ms } : { kind: "exponential", mean: ms });
      const mean = mgInfinityMean(arrivalsPerSecond, stay, atSeconds === undefined ? undefined : atSeconds * 1000);
      return [
        { key: "customersMean", value: mean },
        { key: "customersP99", value: poissonQuantile(0.99, mean) },
        { key: "customersP999", value: poissonQuantile(0.999, mean) },
      ];
    },
  });
}
