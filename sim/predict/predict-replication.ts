// What one replication will come to, worked out from means before it runs: how much happens, how much is there at once, what memory
// and time that takes. Right within a tenth for a steady load, rougher otherwise; never an average over luck that decides anything.

import { exp, expm1, log1p } from "../../config/elementary.ts";
import type { Scenario } from "../../config/scenario.ts";
import { countMean, lawCdf, lawMeanBelow } from "../../workload/distributions.ts";
import { expectedVisits, mostVisitsWithin } from "./expected-visits.ts";
import { requestLoad } from "./request-load.ts";

export interface Prediction {
  readonly visits: number;
  /** Of all kinds, those of refused visitors included. */
  readonly requests: number;
  /** Requests and removals of sessions, and the tries that find a session locked. */
  readonly events: number;
  /** Stored at once, at most. */
  readonly sessionsMax: number;
  /** Present at once, at most: thinking, or waiting for an answer. */
  readonly visitorsMax: number;
  /** Waiting for an answer at once, at most. */
  readonly requestsMax: number;
  /** Visits that wait at once for their turn to want another session, at most. */
  readonly parkedMax: number;
  /** Wanted a new session that there was no room for. */
  readonly refusedShare: number;
}

export function predictReplication(scenario: Scenario): Prediction {
  const { site, run, workload } = scenario;
  const { arrivals, parallel } = workload;
  const endMs = run.durationMs + run.drainMs;
  const load = requestLoad(scenario);
  const visits = expectedVisits(arrivals, run.durationMs);
  const perPage = 1 + parallel.share * parallel.requests;

  const pagesWanted = countMean(workload.requestsPerVisit);
  const pauseMs = Math.min(endMs, lawMeanBelow(workload.thinkMs, endMs) + load.responseMs);
  const visitMs = (pagesWanted - 1) * pauseMs;
  const pages = 1 + (pagesWanted - 1) * shareWithin(endMs / visitMs);

  const session = sessionOf(scenario, pages, pages * perPage);
  const offered = mostVisitsWithin(arrivals, session.lifeMs, endMs) * session.perVisit;
  const room = site.sessionsMax * load.stores;
  const refusedShare = offered > room ? 1 - room / offered : 0;
  const { whenRefused } = workload;
  const attempts = whenRefused.kind === "leave" ? 1 : 1 + whenRefused.attemptsMax;
  const retryMs = whenRefused.kind === "leave" ? 0 : lawMeanBelow(whenRefused.afterMs, endMs) * whenRefused.attemptsMax;

  const asked = visits * (1 - refusedShare) * pages * perPage;
  const served = Math.min(asked, load.requestsPerMs * endMs);
  const waiting = asked > served ? visits * (1 - refusedShare) * (1 - served / asked) : 0;
  const requests = served + perPage * waiting + visits * refusedShare * attempts;
  // Where a queue grows it is of visitors who have just come: whoever is served begins.
  const begun = Math.min(visits * (1 - refusedShare), served) * session.perVisit;
  const stored = waiting > 0 ? begun * Math.min(1, session.lifeMs / endMs) : offered;
  const sessionsMax = Math.min(room, stored, begun);
  const polls = (served / perPage) * parallel.share * load.pollsPerPage;
  const presentMs = visitMs * (1 - refusedShare) + retryMs * refusedShare + pauseMs;
  const visitorsMax = Math.min(visits, mostVisitsWithin(arrivals, presentMs, endMs) + waiting);
  // A visit that will want another session waits from one to the next; one that is refused, for its next try.
  const again = Math.min(1, session.perVisit - 1 + workload.withoutCookiesShare);
  const parkedMs = Math.min(endMs, again * (visitMs + session.lifeMs) + refusedShare * retryMs);
  return {
    visits,
    requests,
    events: requests + Math.max(0, begun - sessionsMax) + polls,
    sessionsMax,
    visitorsMax,
    requestsMax: Math.min(perPage * visitorsMax, perPage * waiting + (load.responseMs * asked) / endMs),
    parkedMax: mostVisitsWithin(arrivals, parkedMs, endMs),
    refusedShare,
  };
}

/** Of the later page views of visits that begin at any time, the share that comes before the end. @param lengths of a visit in the run. */
function shareWithin(lengths: number): number {
  if (lengths > 30) return 1 - 1 / lengths;
  return lengths < 1e-6 ? lengths / 2 : 1 - (1 - exp(-lengths)) / lengths;
}

interface SessionMeans {
  /** Sessions that a visit begins. */
  readonly perVisit: number;
  /** From start to removal. */
  readonly lifeMs: number;
}

/** @param pages, requests of a visit, within the run. */
function sessionOf({ site, workload, run }: Scenario, pages: number, requests: number): SessionMeans {
  const endMs = run.durationMs + run.drainMs;
  const timeoutMs = Math.min(site.timeoutMs ?? endMs, endMs);
  const removalMs = Math.min(endMs, (site.mode === "SQLServer" ? (site.deleteJobMs ?? endMs) : site.expirySweepMs) / 2);
  const { thinkMs, withoutCookiesShare, logoutShare } = workload;
  const kept = 1 - withoutCookiesShare;
  const processes = site.servers * site.workersPerServer;
  // Without affinity a visitor has a session in every process that he comes to.
  const first = site.mode === "InProc" && !site.affinity ? distinct(requests, processes) : 1;
  const perVisit = kept * (first + (pages - 1) * (1 - lawCdf(thinkMs, timeoutMs))) + withoutCookiesShare * requests;
  const waitedMs = (timeoutMs + removalMs) * (perVisit - kept * logoutShare);
  const movedMs = kept * (pages - 1) * lawMeanBelow(thinkMs, timeoutMs);
  return site.mode === "Off" ? { perVisit: 0, lifeMs: 0 } : { perVisit, lifeMs: (waitedMs + movedMs) / perVisit };
}

/** How many of so many places are hit by so many throws, on average. */
function distinct(throws: number, places: number): number {
  return places === 1 ? 1 : -places * expm1(throws * log1p(-1 / places));
}
