// A log cut into stretches of equal length, each as busy as the number of its requests says. By their number, not by how long they
// took: stretches chosen for short times would show short times.

import type { LogTimes } from "./log-times.ts";

export interface LogBins {
  /** Real time. */
  readonly widthMs: number;
  /** The bin of a request. */
  binOf(i: number): number;
  /** Columns: all requests, pages, and the sums of the pages' times and of everybody's. Bins without a request are left out. */
  readonly requests: Float64Array;
  readonly pages: Float64Array;
  readonly pagesTookMs: Float64Array;
  /** Mean of all requests. */
  readonly meanTookMs: number;
}

/** So much longer than a request that hardly any lies in two bins. */
const TIMES_A_REQUEST = 20;
const REAL_MIN_MS = 1000;
/** Moments are logged in whole seconds. */
const LOGGED_MIN_MS = 10_000;
const REAL_MAX_MS = 600_000;
/** What comes by chance more or less than usual is then a twentieth. */
const REQUESTS_WANTED = 400;
/** So many stretches are needed to tell busy ones from quiet ones. */
const STRETCHES_MIN = 48;

/** @param timeScale the log's moments run so many times faster than the times that requests took. */
export function binsOf(times: LogTimes, timeScale: number): LogBins {
  const count = times.count();
  let sum = 0;
  let firstMs = Number.POSITIVE_INFINITY;
  let lastMs = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count; i++) {
    sum += times.tookMs(i);
    firstMs = Math.min(firstMs, times.atMs(i));
    lastMs = Math.max(lastMs, times.atMs(i));
  }
  const widthMaxMs = Math.min(REAL_MAX_MS, (lastMs - firstMs) / timeScale / STRETCHES_MIN);
  const meanTookMs = count === 0 ? 0 : sum / count;
  let widthMs = Math.max(REAL_MIN_MS, LOGGED_MIN_MS / timeScale, TIMES_A_REQUEST * meanTookMs);
  let places = placesOf(times, firstMs, widthMs * timeScale);
  while (count / places.size < REQUESTS_WANTED && widthMs * 2 <= widthMaxMs) {
    widthMs *= 2;
    places = placesOf(times, firstMs, widthMs * timeScale);
  }
  const loggedMs = widthMs * timeScale;
  const binOf = (i: number) => places.get(Math.floor((times.atMs(i) - firstMs) / loggedMs))!;
  const requests = new Float64Array(places.size);
  const pages = new Float64Array(places.size);
  const pagesTookMs = new Float64Array(places.size);
  for (let i = 0; i < count; i++) {
    const bin = binOf(i);
    requests[bin]!++;
    if (!times.isPage(i)) continue;
    pages[bin]!++;
    pagesTookMs[bin]! += times.tookMs(i);
  }
  return { widthMs, binOf, requests, pages, pagesTookMs, meanTookMs };
}

/** Stretches in which something came, numbered in the order they are met. */
function placesOf(times: LogTimes, firstMs: number, loggedMs: number): ReadonlyMap<number, number> {
  const places = new Map<number, number>();
  for (let i = 0; i < times.count(); i++) {
    const stretch = Math.floor((times.atMs(i) - firstMs) / loggedMs);
    if (!places.has(stretch)) places.set(stretch, places.size);
  }
  return places;
}

export interface QuietBins {
  readonly quiet: Uint8Array;
  /** Requests at the site at one time in the busiest of them, by Little's law. */
  readonly concurrency: number;
  /** They are as quiet as was hoped for; else the quietest there are. */
  readonly enough: boolean;
}

const PAGES_ENOUGH = 500;
const QUIET = [0.02, 0.05, 0.1, 0.2];

export function quietBins(bins: LogBins): QuietBins {
  const { requests, pages, widthMs, meanTookMs } = bins;
  const concurrencyOf = (count: number) => (count / widthMs) * meanTookMs;
  const total = pages.reduce((sum, count) => sum + count, 0);
  const choose = (requestsMax: number) => {
    const quiet = new Uint8Array(requests.length);
    let chosen = 0;
    for (let bin = 0; bin < requests.length; bin++) {
      if (requests[bin]! > requestsMax) continue;
      quiet[bin] = 1;
      chosen += pages[bin]!;
    }
    return { quiet, chosen };
  };
  for (const limit of QUIET) {
    const { quiet, chosen } = choose((limit * widthMs) / Math.max(1e-9, meanTookMs));
    if (chosen >= Math.min(PAGES_ENOUGH, total)) return { quiet, concurrency: limit, enough: true };
  }
  const levels = [...new Set(requests)].sort((a, b) => a - b);
  for (const level of levels) {
    const { quiet, chosen } = choose(level);
    if (chosen >= Math.max(total / 10, Math.min(PAGES_ENOUGH, total))) {
      return { quiet, concurrency: concurrencyOf(level), enough: false };
    }
  }
  return {
    quiet: new Uint8Array(requests.length).fill(1),
    concurrency: concurrencyOf(levels.at(-1) ?? 0),
    enough: false,
  };
}
