// How the time that pages take grows with how many come: a part that waits for no core, and a part that queues for one of so many.
// Where the log shows no growth, it cannot tell the two apart.
// Source: Denning and Buzen, The operational analysis of queueing network models, 1978 (service demand); Allen, Probability, Statistics and
// Queueing Theory, 2nd ed., 1990 (M/G/c by Allen and Cunneen).

import { power } from "../../config/elementary.ts";
import { erlangC } from "../../sim/analytic/erlang-c.ts";
import type { LogBins } from "./log-bins.ts";
import type { Moments } from "./log-law.ts";

export interface Growth {
  /** On a core. */
  readonly coreMs: number;
  readonly coreMsLow: number;
  readonly coreMsHigh: number;
  /** Without one. */
  readonly waitMs: number;
  /** Pages differ in what they take of a core alone; else in both parts alike. */
  readonly coreVaries: boolean;
  readonly cores: number;
  /** Numbers of cores that fit as well. */
  readonly coresLikely: readonly number[];
  /** Of the cores together a page takes so much: no more than 1000 / this come through in a second. */
  readonly demandMs: number;
  readonly demandMsLow: number;
  readonly demandMsHigh: number;
  /** Highest share of the cores that was busy. */
  readonly utilisationMax: number;
}

/** Pages that came at about one rate. */
export interface LoadGroup {
  readonly pagesPerMs: number;
  readonly meanMs: number;
  readonly standardError: number;
}

const GROUPS = 12;
const CORES = [1, 2, 4, 8, 16, 32, 64];
/** Between the shortest and the longest time on a core, and again around the best. */
const STEPS = 60;
const FINE = 1.15;
/** A core's time is looked for from this share of a page's time on. */
const SHARE_MIN = 0.01;
const UTILISATION_MAX = 0.97;
/** Twice the logarithm of the likelihood: beyond chance, and the 95 % region of core, wait and number of cores together. */
const SURE = 12;
const LIKELY = 7.81;
/** The formula of the queue is an approximation: no group is believed to be closer to it, relative to its mean. */
const MODEL_ERROR = 0.01;
/** More than this no law of pages varies that one would plan with. */
const VARIATION_MAX = 5;

/** @returns equal parts of the pages, the quietest stretches first; those of too few stretches to know their error are left out. */
export function loadGroups({ requests, pages, pagesTookMs, widthMs }: LogBins): readonly LoadGroup[] {
  const order = [...pages.keys()]
    .filter((bin) => pages[bin]! > 0)
    .sort((a, b) => pages[a]! - pages[b]! || requests[a]! - requests[b]!);
  const total = pages.reduce((sum, count) => sum + count, 0);
  const groups: LoadGroup[] = [];
  let members: number[] = [];
  let seen = 0;
  for (const [i, bin] of order.entries()) {
    members.push(bin);
    seen += pages[bin]!;
    const next = order[i + 1];
    const full = seen >= ((groups.length + 1) * total) / GROUPS && next !== undefined && pages[next] !== pages[bin];
    if (!full && next !== undefined) continue;
    if (members.length >= 3) groups.push(groupOf(members, pages, pagesTookMs, widthMs));
    members = [];
  }
  return groups;
}

function groupOf(members: readonly number[], pages: Float64Array, tookMs: Float64Array, widthMs: number): LoadGroup {
  const count = members.reduce((sum, bin) => sum + pages[bin]!, 0);
  const meanMs = members.reduce((sum, bin) => sum + tookMs[bin]!, 0) / count;
  const squares = members.reduce((sum, bin) => {
    const beside = tookMs[bin]! - meanMs * pages[bin]!;
    return sum + beside * beside;
  }, 0);
  // A page meets the rate of its own stretch: stretches count by their pages.
  const rate = members.reduce((sum, bin) => sum + pages[bin]! * pages[bin]!, 0) / count / widthMs;
  return {
    pagesPerMs: rate,
    meanMs,
    standardError: Math.sqrt((squares * members.length) / (members.length - 1)) / count,
  };
}

interface Candidate {
  readonly cores: number;
  readonly coreMs: number;
  readonly waitMs: number;
  readonly coreVaries: boolean;
  readonly misfit: number;
}

/**
 * @param own a page's own times: mean, and standard deviation by mean.
 * @param cores null where nobody says how many there are.
 * @returns null where no growth beyond chance can be seen.
 */
export function growthOf(groups: readonly LoadGroup[], own: Moments, cores: number | null): Growth | null {
  const known = groups
    .filter(({ standardError }) => standardError > 0)
    .map((group) => ({ ...group, standardError: Math.max(group.standardError, MODEL_ERROR * group.meanMs) }));
  if (known.length < 4) return null;
  const flat = misfitOf(known, () => 0);
  const candidates = (cores === null ? CORES : [cores]).flatMap((count) =>
    [false, true].flatMap((coreVaries) => candidatesOf(known, count, own, coreVaries)),
  );
  if (candidates.length === 0) return null;
  const best = candidates.reduce((least, one) => (one.misfit < least.misfit ? one : least));
  // What no model of this kind explains makes everything less sure.
  const scale = Math.max(1, best.misfit / Math.max(1, known.length - 3));
  if (flat.misfit - best.misfit < SURE * scale) return null;
  const likely = candidates.filter(({ misfit }) => misfit - best.misfit <= LIKELY * scale);
  const demands = likely.map((one) => one.coreMs / one.cores);
  const alike = likely.filter((one) => one.cores === best.cores).map(({ coreMs }) => coreMs);
  const busiest = Math.max(...known.map(({ pagesPerMs }) => pagesPerMs));
  return {
    coreMs: best.coreMs,
    coreMsLow: Math.min(...alike),
    coreMsHigh: Math.max(...alike),
    waitMs: best.waitMs,
    coreVaries: best.coreVaries,
    cores: best.cores,
    coresLikely: [...new Set(likely.map((one) => one.cores))],
    demandMs: best.coreMs / best.cores,
    demandMsLow: Math.min(...demands),
    demandMsHigh: Math.max(...demands),
    utilisationMax: (busiest * best.coreMs) / best.cores,
  };
}

function candidatesOf(
  groups: readonly LoadGroup[],
  cores: number,
  own: Moments,
  coreVaries: boolean,
): readonly Candidate[] {
  const busiest = Math.max(...groups.map(({ pagesPerMs }) => pagesPerMs));
  const quietest = Math.min(...groups.map(({ meanMs }) => meanMs));
  const most = Math.min(1.1 * quietest, (UTILISATION_MAX * cores) / busiest);
  const least = SHARE_MIN * quietest;
  if (most <= least) return [];
  const candidate = (coreMs: number): Candidate => {
    const variation = coreVaries ? Math.min(VARIATION_MAX, (own.variation * own.mean) / coreMs) : own.variation;
    const timeMs = (group: LoadGroup) => coreMs + queueMs(cores, coreMs, group.pagesPerMs, variation);
    const { misfit, waitMs } = misfitOf(groups, timeMs);
    return { cores, coreMs, waitMs, coreVaries, misfit };
  };
  const between = (low: number, high: number) =>
    Array.from({ length: STEPS + 1 }, (_, step) => candidate(low * power(high / low, step / STEPS)));
  const coarse = between(least, most);
  const best = coarse.reduce((closest, one) => (one.misfit < closest.misfit ? one : closest));
  return [...coarse, ...between(Math.max(least, best.coreMs / FINE), Math.min(most, best.coreMs * FINE))];
}

function queueMs(cores: number, coreMs: number, pagesPerMs: number, variation: number): number {
  const erlangs = pagesPerMs * coreMs;
  const exponential = (erlangC(cores, erlangs) * coreMs) / (cores - erlangs);
  return (exponential * (1 + variation * variation)) / 2;
}

/** Weighted squares between what was seen and the model with the wait that fits best. */
function misfitOf(
  groups: readonly LoadGroup[],
  modelMs: (group: LoadGroup) => number,
): { readonly misfit: number; readonly waitMs: number } {
  let weights = 0;
  let sum = 0;
  for (const group of groups) {
    const weight = 1 / (group.standardError * group.standardError);
    weights += weight;
    sum += weight * (group.meanMs - modelMs(group));
  }
  const waitMs = Math.max(0, sum / weights);
  let misfit = 0;
  for (const group of groups) {
    const error = (group.meanMs - modelMs(group) - waitMs) / group.standardError;
    misfit += error * error;
  }
  return { misfit, waitMs };
}
