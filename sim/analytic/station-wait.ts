// The wait before a station of several servers at which turns of many kinds arrive at random: M/G/c. Of one server it is exact
// (Pollaczek and Khinchine); of several, Lee and Longton's approximation for the mean, and for the law that those who wait do so as before
// one server that is c times as fast, which has the same mean. One server may take longer over a turn that finds it idle.

import { assert } from "../../config/assert.ts";
import type { Law } from "../../config/scenario.ts";
import { erlangC } from "./erlang-c.ts";
import {
  addScaled,
  convolved,
  type Grid,
  geometricSum,
  type Lattice,
  latticeOf,
  nothing,
  residual,
} from "./lattice-law.ts";
import { type Moments, momentsOfMixture, momentsOfSum, type Piece } from "./time-sum.ts";

/** A turn at a station: its work, and how many such turns come in a real millisecond. */
export interface Turn {
  readonly perMs: number;
  readonly pieces: readonly Piece[];
}

/** What a turn takes more that finds the server idle. */
export interface Waking {
  readonly law: Law;
  /** Of such turns, those that have to wake it. */
  readonly share: number;
}

export interface StationWait {
  readonly servers: number;
  readonly utilisation: number;
  /** Chance that a turn has to wait. */
  readonly waitShare: number;
  readonly waitMeanMs: number;
  /** How long the queue takes to forget what it was. */
  readonly relaxationMs: number;
  /** Of a turn that wakes nobody. */
  readonly service: Moments;
  readonly turns: readonly Turn[];
  readonly waking: Waking | null;
}

/**
 * @param waking of one server.
 * @returns null where the queue has no balance: more work than the servers can do, or turns whose length has no variance.
 * Source: A. M. Lee, P. A. Longton, Queueing processes associated with airline passenger check-in, Operational Research Quarterly 10, 1959:
 * W(M/G/c) = (1 + cs²)/2 × W(M/M/c).
 */
export function stationWait(servers: number, turns: readonly Turn[], waking: Waking | null = null): StationWait | null {
  assert(waking === null || servers === 1, "one server alone is woken");
  const perMs = turns.reduce((sum, turn) => sum + turn.perMs, 0);
  const moments = turns.map(({ pieces }) => momentsOfSum(pieces));
  const service =
    perMs === 0
      ? { mean: 0, square: 0, cube: 0 }
      : momentsOfMixture(turns.map((turn, i) => ({ share: turn.perMs / perMs, moments: moments[i] })));
  const erlangs = perMs * service.mean;
  if (!(erlangs < servers) || !Number.isFinite(service.square)) return null;
  const idle = { utilisation: 0, waitShare: 0, waitMeanMs: 0, relaxationMs: 0 };
  const about = { servers, service, turns, waking };
  if (waking !== null && perMs > 0) return { ...about, ...wokenWait(perMs, service, waking) };
  if (erlangs === 0) return { ...about, ...idle };
  const waitShare = erlangC(servers, erlangs);
  const residualMs = service.square / (2 * service.mean);
  const free = 1 - erlangs / servers;
  return {
    ...about,
    utilisation: erlangs / servers,
    waitShare,
    waitMeanMs: (waitShare * residualMs) / (servers * free),
    relaxationMs: (2 * residualMs) / (servers * free * free),
  };
}

/**
 * Who waits does so for what is left of the turn that woke the server, and then as before a server that is never woken.
 * Source: P. D. Welch, On a generalized M/G/1 queuing process in which the first customer of each busy period receives exceptional
 * service, Operations Research 12, 1964.
 */
function wokenWait(perMs: number, service: Moments, waking: Waking) {
  const first = firstTurn(service, waking);
  const own = perMs * service.mean;
  const waitShare = (perMs * first.mean) / (1 - own + perMs * first.mean);
  const residualMs = service.mean === 0 ? 0 : service.square / (2 * service.mean);
  const firstResidualMs = first.mean === 0 ? 0 : first.square / (2 * first.mean);
  return {
    utilisation: waitShare,
    waitShare,
    waitMeanMs: waitShare * (firstResidualMs + (own * residualMs) / (1 - own)),
    relaxationMs: (2 * Math.max(residualMs, firstResidualMs)) / ((1 - own) * (1 - own)),
  };
}

/** Mean and mean square of a turn that finds the server idle. */
function firstTurn(service: Moments, { law, share }: Waking) {
  const more = momentsOfSum([{ law, times: 1 }]);
  return {
    mean: service.mean + share * more.mean,
    square: service.square + 2 * service.mean * share * more.mean + share * more.square,
  };
}

/** The law of the wait. Source: H. C. Tijms, A First Course in Stochastic Models, 2003, 9.6. */
export function waitLattice(wait: StationWait, grid: Grid): Lattice {
  const { servers, utilisation, waitShare, service, turns, waking } = wait;
  if (waitShare === 0) return nothing(grid);
  const perMs = turns.reduce((sum, turn) => sum + turn.perMs, 0);
  const faster = new Float64Array(grid.points);
  for (const { perMs: rate, pieces } of turns) {
    const shortened = pieces.map(({ law, times }) => ({ law, times: times / servers }));
    addScaled(faster, latticeOf(shortened, grid), rate / perMs);
  }
  const left = residual(faster, grid, service.mean / servers);
  // Of one server this is the wait itself; of several, what is left of it for those who wait, which is the sum but for its 0.
  const waits = waking === null ? geometricSum(left, utilisation) : afterWaking(wait, waking, faster, left, grid);
  const scale = waking === null ? waitShare / utilisation : waitShare;
  for (let k = 0; k < waits.length; k++) waits[k] *= scale;
  waits[0] += 1 - scale;
  return waits;
}

/** The wait of those who have to. @param turn its law. @param left what is left of one when it is met. */
function afterWaking(wait: StationWait, waking: Waking, turn: Lattice, left: Lattice, grid: Grid): Lattice {
  const { service, turns } = wait;
  const first = convolved(turn, latticeOf([{ law: waking.law, times: 1 }], grid));
  for (let k = 0; k < first.length; k++) first[k] = waking.share * first[k] + (1 - waking.share) * turn[k];
  const firstLeft = residual(first, grid, firstTurn(service, waking).mean);
  const perMs = turns.reduce((sum, one) => sum + one.perMs, 0);
  return convolved(firstLeft, geometricSum(left, perMs * service.mean));
}
