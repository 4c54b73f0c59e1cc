// The law of think times, by maximum likelihood over what the log can tell (fit-lattice.ts): constant, exponential, log-normal,
// Pareto; and the empirical one, for logs that none of them describes. Gaps longer than the session gap never show as think times,
// so the two laws with long tails are written with that as their largest value.

import { exp, log } from "../../config/elementary.ts";
import type { Law } from "../../config/scenario.ts";
import { lawCdf, lawMean } from "../distributions.ts";
import type { Tally } from "../log/tally.ts";
import { type Candidate, choose, type Fit } from "./candidates.ts";
import { chiSquareTest } from "./goodness-of-fit.ts";
import { chanceUpTo, createLattice, ksDistance, type Lattice, type LatticeLaw, logLikelihood } from "./lattice.ts";
import { maximise } from "./maximum.ts";

/** Pieces of the empirical law: half a per cent of the think times each. */
const EMPIRICAL_PIECES = 200;

/**
 * @param thinkMs gaps between requests of one session, whole milliseconds.
 * @returns laws in seconds.
 */
export function fitThinkSeconds(thinkMs: Tally, gapMs: number): Fit<Law> & { readonly resolutionSeconds: number } {
  const lattice = createLattice(thinkMs.entries());
  const { unitMs } = lattice;
  const laws = lattice.total === 0 ? [] : latticeLaws(lattice).map((law) => candidate(lattice, law, gapMs));
  const sample = {
    n: lattice.total,
    mean: thinkMs.mean() / 1000,
    standardError: thinkMs.standardError() / 1000,
  };
  const fit = choose(sample, laws, empirical(lattice, thinkMs));
  return { ...fit, resolutionSeconds: unitMs / 1000 };
}

function latticeLaws(lattice: Lattice): LatticeLaw[] {
  const last = lattice.counts.length - 1;
  const mean = latticeMean(lattice);
  // A constant time shows as at most two neighbouring whole numbers.
  if (lattice.high[last] - lattice.low[0] <= 1) return [constant(mean)];
  return [fitExponential(lattice, mean), fitLogNormal(lattice), fitPareto(lattice)];
}

function constant(value: number): LatticeLaw {
  return { law: { kind: "constant", value }, logDensity: () => Number.NEGATIVE_INFINITY };
}

function exponential(mean: number): LatticeLaw {
  return {
    law: { kind: "exponential", mean },
    logDensity: (x) => (x < 0 ? Number.NEGATIVE_INFINITY : -x / mean - log(mean)),
  };
}

function logNormal(mu: number, sigma: number): LatticeLaw {
  const peak = -log(sigma) - 0.5 * log(2 * Math.PI);
  return {
    law: { kind: "lognormal", mean: exp(mu + sigma ** 2 / 2), sigma },
    logDensity: (x) => (x <= 0 ? Number.NEGATIVE_INFINITY : peak - log(x) - ((log(x) - mu) / sigma) ** 2 / 2),
  };
}

function pareto(min: number, shape: number): LatticeLaw {
  return {
    law: { kind: "pareto", min, shape },
    logDensity: (x) => (x < min ? Number.NEGATIVE_INFINITY : log(shape) + shape * log(min) - (shape + 1) * log(x)),
  };
}

function fitExponential(lattice: Lattice, mean: number): LatticeLaw {
  const [logMean] = maximise(([m]) => logLikelihood(lattice, exponential(exp(m))), [log(mean)], 0.1);
  return exponential(exp(logMean));
}

function fitLogNormal(lattice: Lattice): LatticeLaw {
  const { mu, sigma } = logMoments(lattice);
  // The schema of scenario files ends at a sigma of 10.
  const likelihood = ([m, s]: readonly number[]) =>
    s > log(10) ? Number.NEGATIVE_INFINITY : logLikelihood(lattice, logNormal(m, exp(s)));
  const [fitted, logSigma] = maximise(likelihood, [mu, log(sigma)], 0.2);
  return logNormal(fitted, exp(logSigma));
}

/** The smallest value lies less than a unit above the smallest one seen; the likelihood may have several hills in it. */
function fitPareto(lattice: Lattice): LatticeLaw {
  const minMax = lattice.low[0] + 1;
  const starts = lattice.low[0] > 0 ? [0.999 * minMax, lattice.low[0], 0.5 * lattice.low[0]] : [0.9, 0.3, 0.1, 0.01];
  const { mu } = logMoments(lattice);
  const likelihood = ([m, a]: readonly number[]) =>
    m >= log(minMax) || m < log(1e-4) ? Number.NEGATIVE_INFINITY : logLikelihood(lattice, pareto(exp(m), exp(a)));
  let best: number[] = [];
  let bestValue = Number.NEGATIVE_INFINITY;
  for (const min of starts) {
    const shape = 1 / Math.max(0.05, mu - log(min));
    const found = maximise(likelihood, [log(min), log(shape)], -0.1);
    const value = likelihood(found);
    if (value > bestValue) {
      best = found;
      bestValue = value;
    }
  }
  return pareto(exp(best[0]), exp(best[1]));
}

function latticeMean({ low, high, counts, total }: Lattice): number {
  return counts.reduce((sum, count, i) => sum + (count * (low[i] + high[i])) / 2, 0) / total;
}

/** Mean and standard deviation of the logarithms, a 0 taken as 0.4: where a search for the maximum begins. */
function logMoments({ low, high, counts, total }: Lattice): { mu: number; sigma: number } {
  const logs = counts.map((_, i) => log(Math.max(0.4, (low[i] + high[i]) / 2)));
  const mu = logs.reduce((sum, log, i) => sum + counts[i] * log, 0) / total;
  const variance = logs.reduce((sum, of, i) => sum + counts[i] * (of - mu) ** 2, 0) / total;
  return { mu, sigma: Math.max(0.1, Math.sqrt(variance)) };
}

function candidate(lattice: Lattice, fitted: LatticeLaw, gapMs: number): Candidate<Law> {
  const parameters = fitted.law.kind === "lognormal" || fitted.law.kind === "pareto" ? 2 : 1;
  const likelihood = logLikelihood(lattice, fitted);
  const upTo = (k: number) => chanceUpTo(fitted.law, k);
  // Each cell with the empty whole numbers before it; the last one with all that lies beyond.
  const expected = lattice.high.map((high, i) => {
    const below = i === 0 ? 0 : upTo(lattice.high[i - 1]);
    return lattice.total * ((i === lattice.high.length - 1 ? 1 : upTo(high)) - below);
  });
  const law = inSeconds(fitted.law, lattice.unitMs / 1000, gapMs / 1000);
  return {
    law,
    parameters,
    mean: lawMean(law),
    logLikelihood: likelihood,
    aic: 2 * parameters - 2 * likelihood,
    ksDistance: ksDistance(lattice, upTo),
    chiSquare: chiSquareTest(lattice.counts, expected, parameters),
  };
}

function inSeconds(law: LatticeLaw["law"], unit: number, max: number): Law {
  switch (law.kind) {
    case "constant":
      return { kind: "constant", value: law.value * unit };
    case "exponential":
      return { kind: "exponential", mean: law.mean * unit };
    case "lognormal":
      return { kind: "lognormal", mean: law.mean * unit, sigma: law.sigma, max };
    case "pareto":
      return { kind: "pareto", min: law.min * unit, shape: law.shape, max };
  }
}

/**
 * The log's own quantiles, straight lines between them. The last point is set so that the mean is that of the log: with the largest
 * value there, a straight line up to it would make the few longest pauses far too long.
 */
function empirical(lattice: Lattice, thinkMs: Tally): Candidate<Law> {
  if (lattice.total === 0) {
    const never: Law = { kind: "constant", value: 0 };
    return { law: never, parameters: null, mean: 0, logLikelihood: null, aic: null, ksDistance: 0, chiSquare: null };
  }
  const { values, counts } = thinkMs.entries();
  const quantiles: number[] = [];
  let seen = counts[0];
  let place = 0;
  for (let i = 0; i <= EMPIRICAL_PIECES; i++) {
    while (seen < (i / EMPIRICAL_PIECES) * lattice.total && place < values.length - 1) seen += counts[++place];
    quantiles.push(values[place] / 1000);
  }
  const inner = quantiles.slice(1, -1).reduce((sum, value) => sum + value, 0) + quantiles[0] / 2;
  const before = quantiles[EMPIRICAL_PIECES - 1];
  quantiles[EMPIRICAL_PIECES] = Math.max(before, 2 * ((thinkMs.mean() / 1000) * EMPIRICAL_PIECES - inner));
  const law: Law = { kind: "empirical", quantiles };
  const unitSeconds = lattice.unitMs / 1000;
  return {
    law,
    parameters: null,
    mean: lawMean(law),
    logLikelihood: null,
    aic: null,
    ksDistance: ksDistance(lattice, (k) => lawCdf(law, k * unitSeconds)),
    chiSquare: null,
  };
}
