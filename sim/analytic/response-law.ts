// How long requests take: an open network of the web cores and the store, each a queue at which turns arrive at random, and delays at
// which nobody waits. Where a request takes one turn at one core the mean is exact; elsewhere its waits are taken to be independent of each
// other, as they are in networks of exponential stations. Source: J. R. Jackson 1957; L. Kleinrock, Queueing Systems II, 1976, 4.

import type { Scenario } from "../../config/scenario.ts";
import { coresOf, isRemote, type RequestWork } from "./demands.ts";
import { addScaled, convolved, type Grid, type Lattice, latticeOf, latticeQuantile } from "./lattice-law.ts";
import { type StationWait, stationWait, waitLattice } from "./station-wait.ts";
import { momentsOfMixture, momentsOfSum } from "./time-sum.ts";

export interface Network {
  readonly works: readonly RequestWork[];
  /** Before a core of one worker process. */
  readonly cores: StationWait;
  /** null where sessions are in process or off. */
  readonly store: StationWait | null;
}

export interface NetworkRates {
  /** Requests of scenario time that are served. */
  readonly perSecond: number;
  /** Those that are turned away after their first turn. */
  readonly refusedPerSecond: number;
}

/** @returns null where a queue has no balance. */
export function networkOf(scenario: Scenario, works: readonly RequestWork[], rates: NetworkRates): Network | null {
  const { site, run, calibration } = scenario;
  const processes = coresOf(scenario) / site.coresPerWorker;
  const realPerMs = (rates.perSecond * run.timeScale) / 1000;
  const turned = works.flatMap(({ kind, core }) =>
    core.map((pieces) => ({ perMs: (realPerMs * kind.share) / processes, pieces })),
  );
  const refusedPerMs = (rates.refusedPerSecond * run.timeScale) / 1000 / processes;
  const refused = { perMs: refusedPerMs, pieces: [{ law: calibration.requestCpuMs, times: 1 }] };
  const cores = stationWait(site.coresPerWorker, refusedPerMs > 0 ? [...turned, refused] : turned);
  if (cores === null) return null;
  if (!isRemote(site.mode)) return { works, cores, store: null };
  const calls = works.flatMap(({ kind, store }) => store.map((pieces) => ({ perMs: realPerMs * kind.share, pieces })));
  const store = stationWait(calibration.storeConcurrency, calls);
  return store === null ? null : { works, cores, store };
}

export interface ResponseMean {
  readonly meanMs: number;
  /** The part of it that is spent in queues. */
  readonly waitedMs: number;
  readonly varianceMs2: number;
}

/** Of all requests that are served. The variance is that without waits, and theirs as if each were exponential. */
export function responseMean({ works, cores, store }: Network): ResponseMean {
  const parts = works.map(({ kind, core, store: calls, delays }) => ({
    share: kind.share,
    waitedMs: core.length * cores.waitMeanMs + calls.length * (store?.waitMeanMs ?? 0),
    moments: momentsOfSum([...core.flat(), ...calls.flat(), ...delays]),
  }));
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
const POINTS = 500;
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
  const grid = { stepMs: reachMs / POINTS, points: POINTS };
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
    return { valueMs: value, withoutWaitsMs: bare, offMs: grid.stepMs / 2 + (high - low) / 2 };
  });
}

function responseLattices({ works, cores, store }: Network, grid: Grid): { whole: Lattice; withoutWaits: Lattice } {
  const whole = new Float64Array(grid.points);
  const withoutWaits = new Float64Array(grid.points);
  const coreWaits = sums(waitLattice(cores, grid));
  const storeWaits = store === null ? null : sums(waitLattice(store, grid));
  const told = works.filter(({ kind }) => kind.share >= SHARE_MIN);
  const total = told.reduce((sum, { kind }) => sum + kind.share, 0);
  for (const { kind, core, store: calls, delays } of told) {
    const share = kind.share / total;
    const bare = latticeOf([...core.flat(), ...calls.flat(), ...delays], grid);
    addScaled(withoutWaits, bare, share);
    const waited = convolved(bare, coreWaits(core.length));
    const done = storeWaits === null || calls.length === 0 ? waited : convolved(waited, storeWaits(calls.length));
    addScaled(whole, done, share);
  }
  return { whole, withoutWaits };
}

/** The law of several independent waits, each number of them worked out once. */
function sums(wait: Lattice): (count: number) => Lattice {
  const known = [wait];
  return (count) => {
    while (known.length < count) known.push(convolved(known[known.length - 1], wait));
    return known[count - 1];
  };
}
