// A calibration with a few of its costs set anew: those that a measured run of a whole site can tell. The others stay those of the
// calibration it began from.

import { exp } from "../../config/elementary.ts";
import { type Calibration, type Law, type OperationCost, storeOperations } from "../../config/scenario.ts";
import { lawMean, lawQuantile } from "../../workload/distributions.ts";

/** What is not part of the site's own work is laid on the visitor's way in process, and on the store elsewhere. */
export interface FreeCosts {
  /** Mean, ms on a core. */
  readonly requestCpuMs: number;
  /** Of the logarithm; 0 for a constant. */
  readonly requestSigma: number;
  /** In process: median of the way to and fro, ms. Elsewhere: how many times longer the store takes than in the base. */
  readonly beyond: number;
  /** Sigma of what `beyond` speaks of; 0 for the shape that the base has. */
  readonly beyondSigma: number;
}

export function freeCostsOf(base: Calibration, remote: boolean): FreeCosts {
  return {
    requestCpuMs: lawMean(base.requestCpuMs),
    requestSigma: 0,
    beyond: remote ? 1 : Math.max(0.01, lawQuantile(base.clientRoundTripMs, 0.5)),
    beyondSigma: 0,
  };
}

export function withCosts(base: Calibration, costs: FreeCosts, remote: boolean): Calibration {
  const { requestCpuMs, requestSigma, beyond, beyondSigma } = costs;
  const priced = { ...base, requestCpuMs: aroundMean(requestCpuMs, requestSigma) };
  if (!remote) {
    const clientRoundTripMs = aroundMean(beyond * exp((beyondSigma * beyondSigma) / 2), beyondSigma);
    return { ...priced, clientRoundTripMs };
  }
  const slower = (cost: OperationCost): OperationCost => ({
    ...cost,
    storeMs: times(cost.storeMs, beyond, beyondSigma),
    storeMsPerKiB: cost.storeMsPerKiB * beyond,
  });
  const operations = { ...base.operations };
  for (const operation of storeOperations) operations[operation] = slower(base.operations[operation]);
  return { ...priced, networkRoundTripMs: times(base.networkRoundTripMs, beyond, beyondSigma), operations };
}

function aroundMean(mean: number, sigma: number): Law {
  return mean <= 0 || sigma <= 0 ? { kind: "constant", value: Math.max(0, mean) } : { kind: "lognormal", mean, sigma };
}

/**
 * So many times as long. @param sigma of a log-normal law whose median is so many times the law's mean, so that more spread does not
 * move the median; 0 keeps the shape.
 */
export function times(law: Law, factor: number, sigma: number): Law {
  if (sigma > 0) return aroundMean(lawMean(law) * factor * exp((sigma * sigma) / 2), sigma);
  const max = "max" in law && law.max !== undefined ? { max: law.max * factor } : {};
  switch (law.kind) {
    case "constant":
      return { kind: "constant", value: law.value * factor };
    case "exponential":
      return { kind: "exponential", mean: law.mean * factor, ...max };
    case "lognormal":
      return { kind: "lognormal", mean: law.mean * factor, sigma: law.sigma, ...max };
    case "pareto":
      return { kind: "pareto", min: law.min * factor, shape: law.shape, ...max };
    case "empirical":
      return { kind: "empirical", quantiles: law.quantiles.map((value) => value * factor) };
  }
}
