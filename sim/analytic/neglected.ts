// What the closed forms leave out, as a share of the time that a visit's sessions are stored: the time requests take, slides of the
// expiry too small to be recorded, and visits that began before the run did and are missing from it. Where the share is large a
// formula describes another site, and is not given.

import { exp } from "../../config/elementary.ts";
import type { CountLaw, Law, Scenario } from "../../config/scenario.ts";
import { countMean, countQuantile, lawCdf, lawMean, lawQuantile } from "../../workload/distributions.ts";
import { storesOf } from "../stores.ts";
import type { SlidingSession } from "./sliding-session.ts";

/** @param perSecond visits. @returns at least 0; Infinity where queues grow without end. */
export function neglectedShare(scenario: Scenario, perSecond: number, session: SlidingSession): number {
  return neglectedWhileFilling(scenario, perSecond, session) + fillingShare(scenario);
}

/** The same for formulas that know which visits began before the run did. @param perSecond visits, at the busiest time. */
export function neglectedWhileFilling(scenario: Scenario, perSecond: number, session: SlidingSession): number {
  const workMs = scenario.run.fidelity === "population" ? 0 : visitWorkMs(scenario, perSecond);
  return workMs / session.storedMsPerVisit + slideShare(scenario);
}

/** Time that the requests of a visit take, queues included, in scenario time. */
function visitWorkMs(scenario: Scenario, perSecond: number): number {
  const { site, workload, calibration, run } = scenario;
  const { operations, storeConcurrency } = calibration;
  const requests = countMean(workload.requestsPerVisit);
  const shares = workload.pages.reduce((sum, page) => sum + page.share, 0);
  const pageMean = (of: "cpuMs" | "waitMs") =>
    workload.pages.reduce((sum, page) => sum + (page.share / shares) * lawMean(page[of]), 0);
  const kib = lawMean(workload.stateBytes) / 1024;
  const calls = [operations.getItemExclusive, operations.setAndReleaseItemExclusive];
  const coreMs =
    (calibration.pageCpuFactor ?? 1) * pageMean("cpuMs") +
    lawMean(calibration.requestCpuMs) +
    calls.reduce((sum, cost) => sum + cost.webCpuMs + cost.webCpuMsPerKiB * kib, 0);
  const remote = site.mode !== "InProc";
  const storeMs = remote ? calls.reduce((sum, cost) => sum + lawMean(cost.storeMs) + cost.storeMsPerKiB * kib, 0) : 0;
  const networkMs = remote ? calls.length * lawMean(calibration.networkRoundTripMs) : 0;
  const perRealMs = (perSecond * requests * run.timeScale) / 1000;
  const cores = site.servers * site.workersPerServer * site.coresPerWorker;
  const requestMs =
    queued(coreMs, perRealMs / cores) +
    queued(storeMs, perRealMs / (storesOf(scenario) * storeConcurrency)) +
    networkMs +
    (calibration.waking?.cpuMsMax ?? 0) +
    pageMean("waitMs");
  return requests * requestMs * run.timeScale;
}

/** Time at a server that takes `perMs` such works a millisecond, waiting included, as if all works were exponential. */
function queued(workMs: number, perMs: number): number {
  const load = workMs * perMs;
  return load < 1 ? workMs / (1 - load) : Number.POSITIVE_INFINITY;
}

/** An unrecorded slide brings the expiry forward by less than the least that is recorded. */
function slideShare({ site, workload }: Scenario): number {
  if (site.mode === "SQLServer" || site.expirySlideMinMs === 0 || site.timeoutMs === null) return 0;
  return (lawCdf(workload.thinkMs, site.expirySlideMinMs) * site.expirySlideMinMs) / site.timeoutMs;
}

/**
 * The part of all visits' time that belongs to visits still missing in the measured part, as if the time from a visit's first request
 * to its last had an exponential tail.
 */
function fillingShare(scenario: Scenario): number {
  const { run } = scenario;
  const idleMs = idleOf(scenario);
  const walk = walkOf(scenario);
  if (walk.mean === 0) return 0;
  const tailMs = walk.square / walk.mean / 2;
  const missing = exp(-Math.max(0, run.warmupMs - idleMs) / tailMs);
  const averaged = Math.min(1, tailMs / (run.durationMs - run.warmupMs));
  return (walk.mean / (walk.mean + idleMs)) * missing * averaged;
}

/**
 * Share of all requests that are missing in the measured part, since their visits would have begun before the run did; 1 where queues grow
 * without end and every visit is held up.
 */
export function missingRequestsShare(scenario: Scenario, visitsPerSecond: number): number {
  const { workload, run } = scenario;
  const gaps = gapMoments(workload.requestsPerVisit);
  const think = thinkMoments(workload.thinkMs, Math.max(run.durationMs, 10 * lawMean(workload.thinkMs)));
  const walkMs = gaps.mean * think.mean;
  const square = gaps.mean * (think.square - think.mean * think.mean) + gaps.square * think.mean * think.mean;
  const workMs = run.fidelity === "population" ? 0 : visitWorkMs(scenario, visitsPerSecond);
  if (workMs === Number.POSITIVE_INFINITY) return 1;
  const tailMs = (walkMs === 0 ? 0 : square / walkMs / 2) + workMs;
  if (tailMs === 0) return 0;
  const averaged = Math.min(1, tailMs / (run.durationMs - run.warmupMs));
  return (gaps.mean / (gaps.mean + 1)) * exp(-run.warmupMs / tailMs) * averaged;
}

/**
 * How far the refused share may be off at a cap far below the need. From empty, the places fill at once and are given back all
 * together a lifetime later, again and again, until lives of different length have blurred it; a run sees a broken number of turns.
 * @param offeredErlangs of one store.
 */
export function refusalSwing(scenario: Scenario, offeredErlangs: number, session: SlidingSession): number {
  const { run, site } = scenario;
  const full = Math.max(0, 1 - site.sessionsMax / offeredErlangs);
  const lifeMs = session.storedMsPerVisit;
  const walk = walkOf(scenario);
  const spread = (walk.square - walk.mean * walk.mean) / (lifeMs * lifeMs);
  // The first harmonic of the turns, blurred once a life.
  const left = exp((-2 * Math.PI * Math.PI * spread * run.warmupMs) / lifeMs);
  return full * (1 - full) * left * Math.min(1, lifeMs / (run.durationMs - run.warmupMs));
}

/** How long a session is stored after its last request, at most. */
function idleOf({ site }: Scenario): number {
  return (site.timeoutMs ?? 0) + (site.mode === "SQLServer" ? (site.deleteJobMs ?? 0) : site.expirySweepMs);
}

/** Moments of the time from a visit's first request to its last, ms. */
function walkOf(scenario: Scenario): Moments {
  const { requestsPerVisit, thinkMs } = scenario.workload;
  const gaps = gapMoments(requestsPerVisit);
  // Beyond this a think time only delays what is a session of its own.
  const think = thinkMoments(thinkMs, Math.max(idleOf(scenario), 10 * lawMean(thinkMs)));
  return {
    mean: gaps.mean * think.mean,
    square: gaps.mean * (think.square - think.mean * think.mean) + gaps.square * think.mean * think.mean,
  };
}

interface Moments {
  readonly mean: number;
  readonly square: number;
}

// The two below are one loop written twice, where one that takes the quantile as a function would do: of two such functions V8 13.6
// (Node 24) at times calls the other, when the loop is optimised beside a running program and memory is collected between its calls.

const PIECES = 2000;

/** Mean and mean square of the gaps between a visit's requests. */
function gapMoments(requestsPerVisit: CountLaw): Moments {
  let mean = 0;
  let square = 0;
  for (let i = 0; i < PIECES; i++) {
    const gaps = countQuantile(requestsPerVisit, (i + 0.5) / PIECES) - 1;
    mean += gaps / PIECES;
    square += (gaps * gaps) / PIECES;
  }
  return { mean, square };
}

/** Mean and mean square of a think time, none above the longest. */
function thinkMoments(thinkMs: Law, longestMs: number): Moments {
  let mean = 0;
  let square = 0;
  for (let i = 0; i < PIECES; i++) {
    const ms = Math.min(longestMs, lawQuantile(thinkMs, (i + 0.5) / PIECES));
    mean += ms / PIECES;
    square += (ms * ms) / PIECES;
  }
  return { mean, square };
}
