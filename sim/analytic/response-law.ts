// How long requests take: an open network of the web cores and the store, each a queue at which turns arrive at random, and delays at
// which nobody waits. Where a request takes one turn at one core this is exact. Elsewhere its waits are taken to be independent of each
// other, as in networks of exponential stations (J. R. Jackson 1957), but for one thing: a request that is soon back from reading its
// session finds those who were before it before it again, and waits for both turns as for one.

import { exp } from "../../config/elementary.ts";
import type { Scenario } from "../../config/scenario.ts";
import { coresOf, isRemote, type RequestWork } from "./demands.ts";
import { addScaled, convolved, type Grid, type Lattice, latticeOf, latticeQuantile, nothing } from "./lattice-law.ts";
import { type StationWait, stationWait, type Turn, waitLattice } from "./station-wait.ts";
import { momentsOfMixture, momentsOfSum, type Piece } from "./time-sum.ts";
import type { WakingLaw } from "./waking-law.ts";

export interface Network {
  readonly works: readonly RequestWork[];
  /** Part of each request's first turn; null where nothing is. */
  readonly waking: WakingLaw | null;
  /** Before the cores of one worker process. */
  readonly cores: Queue;
  /** Before one partition; null where sessions are in process or off. */
  readonly store: Queue | null;
}

export interface Queue {
  /** As it is met turn by turn. */
  readonly apart: StationWait;
  /** As if all turns of a request up to its page were one. */
  readonly atOnce: StationWait;
}

export interface NetworkRates {
  /** Requests of scenario time that are served. */
  readonly perSecond: number;
  /** Those that are turned away after their first turn. */
  readonly refusedPerSecond: number;
}

/** @param waking of the scenario; null where it has none. @returns null where a queue has no balance. */
export function networkOf(
  scenario: Scenario,
  works: readonly RequestWork[],
  rates: NetworkRates,
  waking: WakingLaw | null,
): Network | null {
  const { site, run, calibration } = scenario;
  const processes = coresOf(scenario) / site.coresPerWorker;
  const realPerMs = (rates.perSecond * run.timeScale) / 1000;
  const refusedPerMs = (rates.refusedPerSecond * run.timeScale) / 1000 / processes;
  const woken = waking === null ? [] : [{ law: waking.law, times: 1 }];
  const refused = { perMs: refusedPerMs, pieces: [{ law: calibration.requestCpuMs, times: 1 }, ...woken] };
  const atCores = works.map(({ kind, core: [first, ...others], turnsToPage }) => {
    const perMs = (realPerMs * kind.share) / processes;
    const turns = [[...first, ...woken], ...others];
    return { perMs, turns, merged: [turns.slice(0, turnsToPage).flat(), ...turns.slice(turnsToPage)] };
  });
  const cores = queueOf(site.coresPerWorker, atCores, refusedPerMs > 0 ? [refused] : []);
  if (cores === null) return null;
  if (!isRemote(site.mode)) return { works, waking, cores, store: null };
  const atStore = works.map(({ kind, store }) => {
    const perMs = (realPerMs * kind.share) / scenario.store.partitions;
    return { perMs, turns: store, merged: store };
  });
  const store = queueOf(calibration.storeConcurrency, atStore, []);
  return store === null ? null : { works, waking, cores, store };
}

interface Visitors {
  readonly perMs: number;
  readonly turns: readonly (readonly Piece[])[];
  readonly merged: readonly (readonly Piece[])[];
}

function queueOf(servers: number, visitors: readonly Visitors[], others: readonly Turn[]): Queue | null {
  const as = (turnsOf: (one: Visitors) => readonly (readonly Piece[])[]) => {
    const turns = visitors.flatMap((one) => turnsOf(one).map((pieces): Turn => ({ perMs: one.perMs, pieces })));
    return stationWait(servers, [...turns, ...others]);
  };
  const apart = as(({ turns }) => turns);
  const merges = visitors.some(({ turns, merged }) => turns.length > merged.length);
  const atOnce = merges ? as(({ merged }) => merged) : apart;
  return apart === null || atOnce === null ? null : { apart, atOnce };
}

/** How a kind of request waits at a station. */
interface Returns {
  /** Waits that are independent of each other, whatever else. */
  readonly single: number;
  /** Turns that may be met as one. */
  readonly together: number;
  /** Chance that the queue has forgotten what it was between them. */
  readonly forgotten: number;
}

function meanWaitMs({ apart, atOnce }: Queue, { single, together, forgotten }: Returns): number {
  const joint = forgotten * together * apart.waitMeanMs + (1 - forgotten) * atOnce.waitMeanMs;
  return single * apart.waitMeanMs + (together === 0 ? 0 : joint);
}

/** What a kind of request does, and how it waits. */
interface Walk {
  readonly share: number;
  readonly pieces: readonly Piece[];
  readonly atCores: Returns;
  readonly atStore: Returns;
}

function walkOf({ cores, waking }: Network, { kind, core, turnsToPage, store: calls, delays }: RequestWork): Walk {
  const { relaxationMs } = cores.apart;
  const callsMs = momentsOfSum(calls.slice(0, kind.before.length).flat()).mean;
  const ways = calls.length === 0 ? 0 : kind.before.length / calls.length;
  const betweenMs = callsMs + ways * momentsOfSum(delays.filter(({ law }) => law !== kind.page.waitMs).slice(1)).mean;
  const forgotten = turnsToPage === 1 || relaxationMs === 0 ? 1 : 1 - exp(-betweenMs / relaxationMs);
  return {
    share: kind.share,
    pieces: [...core.flat(), ...(waking === null ? [] : [{ law: waking.law, times: 1 }]), ...calls.flat(), ...delays],
    atCores: { single: core.length - turnsToPage, together: turnsToPage, forgotten },
    atStore: { single: calls.length, together: 0, forgotten: 1 },
  };
}

export interface ResponseMean {
  readonly meanMs: number;
  /** The part of it that is spent in queues. */
  readonly waitedMs: number;
  readonly varianceMs2: number;
}

/** Of all requests that are served. The variance is that without waits, and theirs as if each were exponential. */
export function responseMean(network: Network): ResponseMean {
  const parts = network.works.map((work) => {
    const { share, pieces, atCores, atStore } = walkOf(network, work);
    const atStoreMs = network.store === null ? 0 : meanWaitMs(network.store, atStore);
    return { share, waitedMs: meanWaitMs(network.cores, atCores) + atStoreMs, moments: momentsOfSum(pieces) };
  });
  const waitedMs = parts.reduce((sum, one) => sum + one.share * one.waitedMs, 0);
  const work = momentsOfMixture(parts);
  return {
    meanMs: work.mean + waitedMs,
    waitedMs,
    varianceMs2: work.square - work.mean * work.mean + 2 * waitedMs * waitedMs,
  };
}

export interface ResponseQuantile {
  readonly valueMs: number;
  /** The same were nobody to wait. */
  readonly withoutWaitsMs: number;
  /** By how much it may be off because times stand on a lattice, or because chances are off by a hundredth of what lies beyond. */
  readonly offMs: number;
}

/** Points of a lattice: work grows with their square. */
const POINTS = 260;
/** Each time is spread over two points, and a sum of several over some more. */
const BLUR_STEPS = 1.5;
/** Kinds of requests rarer than this are not seen in a percentile of ours. */
const SHARE_MIN = 1e-5;
/** From this share on the tail alone is looked at. */
const TAIL_FROM = 0.97;
const WIDENINGS_MAX = 6;

/**
 * The response times that shares of all requests do not exceed, in the order of `shares`, which rise.
 * @returns null for one of which the tail is too long to be seen on a lattice.
 */
export function responseQuantiles(network: Network, shares: readonly number[]): readonly (ResponseQuantile | null)[] {
  const { meanMs, varianceMs2 } = responseMean(network);
  if (!Number.isFinite(varianceMs2)) return shares.map(() => null);
  let reachMs = meanMs + 6 * Math.sqrt(varianceMs2);
  const tails = shares.filter((share) => share > TAIL_FROM);
  const found = new Map<number, ResponseQuantile | null>();
  let wide = read(network, reachMs, tails);
  for (let i = 0; i < WIDENINGS_MAX && wide.some((one) => one === null); i++) {
    reachMs *= 2;
    wide = read(network, reachMs, tails);
  }
  for (const [i, share] of tails.entries()) found.set(share, wide[i]);
  const middles = shares.filter((share) => share <= TAIL_FROM);
  if (middles.length > 0) {
    // On a finer lattice, which need not reach so far.
    let nearMs = wide.find((one) => one !== null)?.valueMs ?? reachMs;
    let near = read(network, nearMs, middles);
    for (let i = 0; i < WIDENINGS_MAX && near.some((one) => one === null); i++) {
      nearMs *= 2;
      near = read(network, nearMs, middles);
    }
    for (const [i, share] of middles.entries()) found.set(share, near[i]);
  }
  return shares.map((share) => found.get(share) ?? null);
}

function read(network: Network, reachMs: number, shares: readonly number[]): readonly (ResponseQuantile | null)[] {
  if (shares.length === 0) return [];
  const grid: Grid = { stepMs: reachMs / POINTS, points: POINTS, known: new Map() };
  const { whole, withoutWaits } = responseLattices(network, grid);
  return shares.map((share) => {
    const slack = 0.01 * Math.min(share, 1 - share);
    const [value, low, high, bare] = [
      latticeQuantile(whole, share, grid),
      latticeQuantile(whole, share - slack, grid),
      latticeQuantile(whole, share + slack, grid),
      latticeQuantile(withoutWaits, share, grid),
    ];
    if (value === null || low === null || high === null || bare === null) return null;
    return { valueMs: value, withoutWaitsMs: bare, offMs: BLUR_STEPS * grid.stepMs + (high - low) / 2 };
  });
}

function responseLattices(network: Network, grid: Grid): { whole: Lattice; withoutWaits: Lattice } {
  const whole = new Float64Array(grid.points);
  const withoutWaits = new Float64Array(grid.points);
  const coreWaits = waitsAt(network.cores, grid);
  const storeWaits = network.store === null ? null : waitsAt(network.store, grid);
  const told = network.works.filter(({ kind }) => kind.share >= SHARE_MIN);
  const total = told.reduce((sum, { kind }) => sum + kind.share, 0);
  for (const { walks, atCores, atStore } of alikeInWaits(told.map((work) => walkOf(network, work)))) {
    const bare = new Float64Array(grid.points);
    for (const { share, pieces } of walks) addScaled(bare, latticeOf(pieces, grid), share / total);
    addScaled(withoutWaits, bare, 1);
    const waited = convolved(bare, coreWaits(atCores));
    addScaled(whole, storeWaits === null || atStore.single === 0 ? waited : convolved(waited, storeWaits(atStore)), 1);
  }
  return { whole, withoutWaits };
}

interface Alike {
  readonly walks: Walk[];
  readonly atCores: Returns;
  readonly atStore: Returns;
}

/** Kinds that wait alike, whose laws without waits can be added before the waits are. */
function alikeInWaits(walks: readonly Walk[]): readonly Alike[] {
  const groups: Alike[] = [];
  const same = (a: Returns, b: Returns) =>
    a.single === b.single && a.together === b.together && a.forgotten === b.forgotten;
  for (const walk of walks) {
    const known = groups.find((group) => same(group.atCores, walk.atCores) && same(group.atStore, walk.atStore));
    if (known === undefined) groups.push({ walks: [walk], atCores: walk.atCores, atStore: walk.atStore });
    else known.walks.push(walk);
  }
  return groups;
}

/** The law of all that a kind of request waits at a station. */
function waitsAt({ apart, atOnce }: Queue, grid: Grid): (returns: Returns) => Lattice {
  const sums = [nothing(grid), waitLattice(apart, grid)];
  const once = apart === atOnce ? sums[1] : waitLattice(atOnce, grid);
  const sumOf = (turns: number) => {
    while (sums.length <= turns) sums.push(convolved(sums[sums.length - 1], sums[1]));
    return sums[turns];
  };
  return ({ single, together, forgotten }) => {
    if (together === 0) return sumOf(single);
    const joint = new Float64Array(grid.points);
    addScaled(joint, sumOf(together), forgotten);
    addScaled(joint, once, 1 - forgotten);
    return convolved(joint, sumOf(single));
  };
}
