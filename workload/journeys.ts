// What a visitor does, visit by visit: how many pages, which, how long between them, how much state. Every answer is a lookup by
// (visit, step, request), never a draw in order, so that a slower site meets the same people.
// Steps count page views from 0; request 0 of a step is the page itself, 1 … n are those it sends in parallel once loaded.

import type { PageKind, Workload } from "../config/scenario.ts";
import { countSampler, lawSampler } from "./distributions.ts";
import { createDraws, type Draws } from "./random-stream.ts";

export interface Journeys {
  /** Page views of this visit, at least 1. */
  requestsOf(visit: number): number;
  /** Between the end of page view `step` and the start of the next. */
  thinkMs(visit: number, step: number): number;
  parallelRequests(visit: number, step: number): number;
  pageOf(visit: number, step: number, request: number): PageKind;
  /** The request changes session state. */
  changes(visit: number, step: number, request: number): boolean;
  cpuMs(visit: number, step: number, request: number): number;
  waitMs(visit: number, step: number, request: number): number;
  /** Whole bytes, at least 0. */
  stateBytes(visit: number): number;
  /** The last request of the visit abandons the session. */
  logsOut(visit: number): boolean;
  withoutCookies(visit: number): boolean;
  /** How long a refused visitor waits before attempt 1, 2, …; null when there is no further attempt. */
  retryAfterMs(visit: number, attempt: number): number | null;
  /** Who meets a failed page goes on as if it had come. */
  readonly bearsFailures: boolean;
  /** Else how long he waits before attempt 1, 2, … at the page of a step; null when he leaves. */
  failedRetryAfterMs(visit: number, step: number, attempt: number): number | null;
}

/** Requests of one step get their own place in the sequence of draws; no page sends so many at once. */
export const REQUESTS_PER_STEP_MAX = 64;

/** Attempts at one page get their own place in the sequence of draws; nobody tries so often. */
const ATTEMPTS_PER_STEP_MAX = 1024;

/** What think times are drawn from. */
export function thinkDraws(seed: number, mirrored: boolean): Draws {
  return createDraws(seed, "think times", mirrored);
}

/** No store takes a longer item: its length is a number of 32 bits. */
export const STATE_BYTES_MAX = 4_294_967_295;

export function createJourneys(workload: Workload, seed: number, mirrored = false): Journeys {
  const named = (name: string) => createDraws(seed, name, mirrored);
  const counts = named("requests per visit");
  const thinks = thinkDraws(seed, mirrored);
  const parallels = named("parallel requests");
  const pages = named("pages");
  const changes = named("changes");
  const cpus = named("page cpu");
  const waits = named("page waits");
  const sizes = named("state sizes");
  const logouts = named("logouts");
  const cookies = named("cookies");
  const retries = named("retries");
  const failedRetries = named("retries after failures");
  const count = countSampler(workload.requestsPerVisit);
  const think = lawSampler(workload.thinkMs);
  const stateBytes = lawSampler(workload.stateBytes);
  const work = workload.pages.map((page) => ({ cpuMs: lawSampler(page.cpuMs), waitMs: lawSampler(page.waitMs) }));
  const retryAfter = workload.whenRefused.kind === "leave" ? null : lawSampler(workload.whenRefused.afterMs);
  const { whenFailed } = workload;
  const failedRetryAfter = whenFailed?.kind === "retry" ? lawSampler(whenFailed.afterMs) : null;
  const shareTotal = workload.pages.reduce((sum, page) => sum + page.share, 0);
  const place = (step: number, request: number) => step * REQUESTS_PER_STEP_MAX + request;

  function pageNumberOf(visit: number, step: number, request: number): number {
    const last = workload.pages.length - 1;
    if (last === 0) return 0;
    let left = pages.at(visit, place(step, request)) * shareTotal;
    for (let number = 0; number < last; number++) {
      left -= workload.pages[number].share;
      if (left < 0) return number;
    }
    return last;
  }

  const pageOf = (visit: number, step: number, request: number) => workload.pages[pageNumberOf(visit, step, request)];

  return {
    pageOf,
    requestsOf: (visit) => count(counts.bitsAt(visit, 0)),
    thinkMs: (visit, step) => think(thinks.bitsAt(visit, step)),
    parallelRequests(visit, step) {
      const { share, requests } = workload.parallel;
      return share > 0 && parallels.at(visit, step) < share ? requests : 0;
    },
    changes(visit, step, request) {
      const page = pageOf(visit, step, request);
      if (page.session !== "read-write") return false;
      return page.changedShare === 1 || changes.at(visit, place(step, request)) < page.changedShare;
    },
    cpuMs: (visit, step, request) =>
      work[pageNumberOf(visit, step, request)].cpuMs(cpus.bitsAt(visit, place(step, request))),
    waitMs: (visit, step, request) =>
      work[pageNumberOf(visit, step, request)].waitMs(waits.bitsAt(visit, place(step, request))),
    stateBytes: (visit) => Math.min(Math.round(stateBytes(sizes.bitsAt(visit, 0))), STATE_BYTES_MAX),
    logsOut: (visit) => workload.logoutShare > 0 && logouts.at(visit, 0) < workload.logoutShare,
    withoutCookies: (visit) => workload.withoutCookiesShare > 0 && cookies.at(visit, 0) < workload.withoutCookiesShare,
    retryAfterMs(visit, attempt) {
      const rule = workload.whenRefused;
      if (retryAfter === null || rule.kind === "leave" || attempt > rule.attemptsMax) return null;
      return retryAfter(retries.bitsAt(visit, attempt));
    },
    bearsFailures: whenFailed === undefined,
    failedRetryAfterMs(visit, step, attempt) {
      if (failedRetryAfter === null || whenFailed?.kind !== "retry" || attempt > whenFailed.attemptsMax) return null;
      return failedRetryAfter(failedRetries.bitsAt(visit, step * ATTEMPTS_PER_STEP_MAX + attempt));
    },
  };
}
