// What a visitor does, visit by visit: how many pages, which, how long between them, how much state. Every answer is a lookup by
// (visit, step, request), never a draw in order, so that a slower site meets the same people.
// Steps count page views from 0; request 0 of a step is the page itself, 1 … n are those it sends in parallel once loaded.

import type { PageKind, Workload } from "../config/scenario.ts";
import { countQuantile, lawQuantile } from "./distributions.ts";
import { createDraws } from "./random-stream.ts";

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
}

/** Requests of one step get their own place in the sequence of draws; no page sends so many at once. */
const REQUESTS_PER_STEP_MAX = 64;

export function createJourneys(workload: Workload, seed: number): Journeys {
  const named = (name: string) => createDraws(seed, name);
  const counts = named("requests per visit");
  const thinks = named("think times");
  const parallels = named("parallel requests");
  const pages = named("pages");
  const changes = named("changes");
  const cpus = named("page cpu");
  const waits = named("page waits");
  const sizes = named("state sizes");
  const logouts = named("logouts");
  const cookies = named("cookies");
  const retries = named("retries");
  const shareTotal = workload.pages.reduce((sum, page) => sum + page.share, 0);
  const place = (step: number, request: number) => step * REQUESTS_PER_STEP_MAX + request;

  function pageOf(visit: number, step: number, request: number): PageKind {
    if (workload.pages.length === 1) return workload.pages[0];
    let left = pages.at(visit, place(step, request)) * shareTotal;
    for (const page of workload.pages) {
      left -= page.share;
      if (left < 0) return page;
    }
    return workload.pages[workload.pages.length - 1];
  }

  return {
    pageOf,
    requestsOf: (visit) => countQuantile(workload.requestsPerVisit, counts.at(visit, 0)),
    thinkMs: (visit, step) => lawQuantile(workload.thinkMs, thinks.at(visit, step)),
    parallelRequests(visit, step) {
      const { share, requests } = workload.parallel;
      return share > 0 && parallels.at(visit, step) < share ? requests : 0;
    },
    changes(visit, step, request) {
      const page = pageOf(visit, step, request);
      return page.session === "read-write" && changes.at(visit, place(step, request)) < page.changedShare;
    },
    cpuMs: (visit, step, request) =>
      lawQuantile(pageOf(visit, step, request).cpuMs, cpus.at(visit, place(step, request))),
    waitMs: (visit, step, request) =>
      lawQuantile(pageOf(visit, step, request).waitMs, waits.at(visit, place(step, request))),
    stateBytes: (visit) => Math.round(lawQuantile(workload.stateBytes, sizes.at(visit, 0))),
    logsOut: (visit) => workload.logoutShare > 0 && logouts.at(visit, 0) < workload.logoutShare,
    withoutCookies: (visit) => workload.withoutCookiesShare > 0 && cookies.at(visit, 0) < workload.withoutCookiesShare,
    retryAfterMs(visit, attempt) {
      const rule = workload.whenRefused;
      if (rule.kind === "leave" || attempt > rule.attemptsMax) return null;
      return lawQuantile(rule.afterMs, retries.at(visit, attempt));
    },
  };
}
