// The search for costs under which a simulation answers as a run did: few trials, for each is a simulation.
// Source: Hooke and Jeeves, "Direct search" solution of numerical and statistical problems, 1961.

import type { FreeCosts } from "./costs.ts";

export const SMALLEST_COST_MS = 0.001;
const SIGMA_MIN = 0.02;
const SIGMA_MAX = 2.5;
const FIRST_STEP = 2;
/** The step, a factor, at which the search ends. */
const FINE_ENOUGH = 1.03;

/**
 * One cost after another is made larger or smaller by a factor while that helps; the factor shrinks when nothing does.
 * @param free those that may change; at most `trialsMax` trials, or a few more to end a round.
 * @returns null when it was ended early.
 */
export async function descend(
  start: FreeCosts,
  free: readonly (keyof FreeCosts)[],
  trialsMax: number,
  lossAt: (costs: FreeCosts) => Promise<number | null>,
): Promise<FreeCosts | null> {
  let best = { ...start, ...(free.includes("requestSigma") ? { requestSigma: 0.2 } : {}) };
  let loss = await lossAt(best);
  if (loss === null) return null;
  const factors = new Map(free.map((name) => [name, FIRST_STEP]));
  const within = (name: keyof FreeCosts, value: number) =>
    name === "beyondSigma" || name === "requestSigma"
      ? Math.min(SIGMA_MAX, Math.max(SIGMA_MIN, value))
      : Math.max(SMALLEST_COST_MS, value);
  for (let trials = 1; trials < trialsMax && [...factors.values()].some((factor) => factor > FINE_ENOUGH); ) {
    for (const name of free) {
      const factor = factors.get(name)!;
      let helped = false;
      for (const step of [factor, 1 / factor]) {
        const tried = { ...best, [name]: within(name, best[name] * step) };
        if (tried[name] === best[name]) continue;
        const found = await lossAt(tried);
        trials++;
        if (found === null) return null;
        if (found >= loss) continue;
        best = tried;
        loss = found;
        helped = true;
        break;
      }
      if (!helped) factors.set(name, Math.sqrt(factor));
    }
  }
  return best;
}
