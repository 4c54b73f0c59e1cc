// The wait before a station of several servers at which turns of many kinds arrive at random: M/G/c. Of one server it is exact
// (Pollaczek and Khinchine); of several, Lee and Longton's approximation for the mean, and for the law that those who wait do so as before
// one server that is c times as fast, which has the same mean.

import { erlangC } from "./erlang-c.ts";
import { addScaled, type Grid, geometricSum, type Lattice, latticeOf, nothing, residual } from "./lattice-law.ts";
import { type Moments, momentsOfMixture, momentsOfSum, type Piece } from "./time-sum.ts";

/** A turn at a station: its work, and how many such turns come in a real millisecond. */
export interface Turn {
  readonly perMs: number;
  readonly pieces: readonly Piece[];
}

export interface StationWait {
  readonly servers: number;
  readonly utilisation: number;
  /** Chance that a turn has to wait. */
  readonly waitShare: number;
  readonly waitMeanMs: number;
  /** How long the queue takes to forget what it was. */
  readonly relaxationMs: number;
  readonly service: Moments;
  readonly turns: readonly Turn[];
}

/**
 * @returns null where the queue has no balance: more work than the servers can do, or turns whose length has no variance.
 * Source: A. M. Lee, P. A. Longton, Queueing processes associated with airline passenger check-in, Operational Research Quarterly 10, 1959:
 * W(M/G/c) = (1 + cs²)/2 × W(M/M/c).
 */
export function stationWait(servers: number, turns: readonly Turn[]): StationWait | null {
  const perMs = turns.reduce((sum, turn) => sum + turn.perMs, 0);
  const moments = turns.map(({ pieces }) => momentsOfSum(pieces));
  const service =
    perMs === 0
      ? { mean: 0, square: 0, cube: 0 }
      : momentsOfMixture(turns.map((turn, i) => ({ share: turn.perMs / perMs, moments: moments[i] })));
  const erlangs = perMs * service.mean;
  if (!(erlangs < servers) || !Number.isFinite(service.square)) return null;
  const idle = { utilisation: 0, waitShare: 0, waitMeanMs: 0, relaxationMs: 0 };
  const about = { servers, service, turns };
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

/** The law of the wait. Source: H. C. Tijms, A First Course in Stochastic Models, 2003, 9.6. */
export function waitLattice(wait: StationWait, grid: Grid): Lattice {
  const { servers, utilisation, waitShare, service, turns } = wait;
  if (waitShare === 0) return nothing(grid);
  const perMs = turns.reduce((sum, turn) => sum + turn.perMs, 0);
  const faster = new Float64Array(grid.points);
  for (const { perMs: rate, pieces } of turns) {
    const shortened = pieces.map(({ law, times }) => ({ law, times: times / servers }));
    addScaled(faster, latticeOf(shortened, grid), rate / perMs);
  }
  const left = residual(faster, grid, service.mean / servers);
  // Of one server this is the wait itself; of several, what is left of it for those who wait, which is the sum but for its 0.
  const waits = geometricSum(left, utilisation);
  const scale = waitShare / utilisation;
  for (let k = 0; k < waits.length; k++) waits[k] *= scale;
  waits[0] += 1 - scale;
  return waits;
}
