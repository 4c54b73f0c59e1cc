// How a machine spoils measurements: what consecutive runs of one program differ by, in the ways that are seen on real machines and that
// tests for independent, normal, steady values do not expect. Each noise draws its own parameters, so that no two are alike.
// Source: Kalibera and Jones, Rigorous benchmarking in reasonable time (ISMM 2013); Barrett et al., Virtual machine warmup blows hot and
// cold (OOPSLA 2017); Duplyakin et al., In datacenter performance, the only constant is change (CCGrid 2020).

import { exp } from "../../config/elementary.ts";
import type { Stream } from "../../workload/random-stream.ts";
import { between, betweenByFactor, type Draw, normal, oneOf, pareto, studentT } from "./random-laws.ts";

export const noiseKinds = ["heavy-tailed", "autocorrelated", "drifting", "bimodal", "mixed"] as const;
export type NoiseKind = (typeof noiseKinds)[number];

/**
 * @param spread of the calm part, in logarithms: 0.01 is about 1 %.
 * @returns of one run after another, the logarithm of what it is measured as over what it truly is.
 */
export function createNoise(kind: NoiseKind, spread: number, stream: Stream): Draw {
  return makers[kind](spread, stream);
}

const makers: Readonly<Record<NoiseKind, (spread: number, stream: Stream) => Draw>> = {
  "heavy-tailed": (spread, stream) => oneOf(stream, [student, lognormal, spikes])(spread, stream),
  autocorrelated: (spread, stream) => autoregression(spread, between(stream, 0.5, 0.95), stream),
  drifting: (spread, stream) => {
    const drift = oneOf(stream, [slope, steps, wave, warmUp])(spread, stream);
    return () => drift() + 0.5 * spread * normal(stream);
  },
  bimodal: (spread, stream) => {
    const modes = twoModes(between(stream, 0.1, 0.3), between(stream, 0, 0.9), stream);
    return () => modes() + spread * normal(stream);
  },
  mixed: (spread, stream) => {
    const parts = [makers["heavy-tailed"], makers.autocorrelated, makers.drifting].map((make) => {
      return make(spread * between(stream, 0.2, 1), stream);
    });
    if (stream.next() < 0.5) parts.push(makers.bimodal(spread / 2, stream));
    return () => parts.reduce((sum, part) => sum + part(), 0);
  },
};

function student(spread: number, stream: Stream): Draw {
  const degreesOfFreedom = oneOf(stream, [2, 3]);
  return () => spread * studentT(stream, degreesOfFreedom);
}

/** What is measured can be much above what it mostly is, but not below. */
function lognormal(spread: number, stream: Stream): Draw {
  const skew = between(stream, 0.8, 1.5);
  return () => spread * exp(skew * normal(stream));
}

/** Calm, but for a run now and then in which something else had the machine. */
function spikes(spread: number, stream: Stream): Draw {
  const chance = between(stream, 0.02, 0.2);
  const shape = between(stream, 1.1, 2);
  return () => spread * (normal(stream) + (stream.next() < chance ? 3 * pareto(stream, shape) : 0));
}

/** AR(1), as wide as `spread` from its first value on. */
export function autoregression(spread: number, coefficient: number, stream: Stream): Draw {
  const fresh = spread * Math.sqrt(1 - coefficient * coefficient);
  let state = spread * normal(stream);
  return () => {
    const now = state;
    state = coefficient * state + fresh * normal(stream);
    return now;
  };
}

function slope(spread: number, stream: Stream): Draw {
  const perRun = between(stream, -0.2, 0.2) * spread;
  let run = 0;
  return () => perRun * run++;
}

/** The machine changes for good, again and again: another neighbour, another clock rate. */
function steps(spread: number, stream: Stream): Draw {
  const chance = betweenByFactor(stream, 0.01, 0.15);
  let level = 0;
  return () => {
    if (stream.next() < chance) level += 4 * spread * normal(stream);
    return level;
  };
}

function wave(spread: number, stream: Stream): Draw {
  const runsPerWave = betweenByFactor(stream, 2, 80);
  const height = spread * between(stream, 1, 5);
  let turn = stream.next();
  return () => {
    turn += 1 / runsPerWave;
    return height * Math.sin(2 * Math.PI * turn);
  };
}

function warmUp(spread: number, stream: Stream): Draw {
  const height = spread * between(stream, -10, 10);
  const runs = betweenByFactor(stream, 3, 40);
  let run = 0;
  return () => height * exp(-run++ / runs);
}

/**
 * Each process lands in one of two modes and is all the more likely to land where the one before it did.
 * @param gap between the modes, as a share. @param sticky chance of staying beyond that of a coin; 0 is a coin.
 */
export function twoModes(gap: number, sticky: number, stream: Stream): Draw {
  const slowChance = between(stream, 0.2, 0.8);
  let slow = stream.next() < slowChance;
  return () => {
    if (stream.next() >= sticky) slow = stream.next() < slowChance;
    return slow ? gap : 0;
  };
}
