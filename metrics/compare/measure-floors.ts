// The noise floor: what runs of one and the same program, interleaved as two sides, say of the smallest effect that can be decided.

import { medianOf } from "../confidence.ts";
import { createRandom, type Random } from "../random-numbers.ts";
import type { RunResult } from "../run-result.ts";
import { asEffect, blockDifferences, worsening } from "./block-differences.ts";
import { evidenceNeeded } from "./discovery.ts";
import { createBettor } from "./evidence.ts";
import { FALSE_DISCOVERY_RATE } from "./judged.ts";
import { machineOf } from "./machine.ts";
import { metricValues, type NamedValues } from "./metric-values.ts";
import { NOISE_SCHEMA, type NoiseFloor, type NoiseFloors } from "./noise-floors.ts";

export interface FloorOptions {
  /** Blocks that a comparison may take: the floor is what they can decide. */
  readonly blocksMax: number;
  readonly seed: number;
}

/** @param base, candidate as many runs of each, in the order they ran, two of each a block, all of one program. */
export function noiseFloors(
  base: readonly RunResult[],
  candidate: readonly RunResult[],
  { blocksMax, seed }: FloorOptions,
): NoiseFloors {
  const [first] = base;
  const random = createRandom(seed);
  const metrics = metricValues(base, candidate);
  const enough = evidenceNeeded(metrics.length, FALSE_DISCOVERY_RATE);
  return {
    schema: NOISE_SCHEMA,
    machine: machineOf(first.environment),
    driver: first.driver,
    scenario: first.scenario.name,
    label: first.label,
    measuredAt: first.environment.startedAt,
    blocks: base.length / 2,
    floors: metrics.flatMap((metric) => floorOf(metric, enough, blocksMax, random) ?? []),
  };
}

function floorOf(metric: NamedValues, enough: number, blocksMax: number, random: Random): NoiseFloor | null {
  const { key, label, unit, rule, base, candidate } = metric;
  const differences = blockDifferences(rule, base, candidate);
  if (differences.length === 0) return null;
  // Both sides are alike, so a difference may as well have had the other sign.
  const noise = [...differences, ...differences.map((difference) => -difference)];
  const runs = [...base, ...candidate].filter((value) => !Number.isNaN(value));
  const worse = smallestFound(noise, enough, blocksMax, random);
  return {
    key,
    label,
    unit,
    scale: rule.scale,
    floor: Math.abs(asEffect(rule, worse)),
    blockDifferences: differences,
    blockDeviation: deviationOf(noise),
    runDeviation: deviationOf(runs.map((value) => worsening(rule, runs, [value]))),
  };
}

function deviationOf(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
}

const TRIALS = 200;
const POWER = 0.95;
/** Halvings of the interval in which the floor lies. */
const STEPS = 14;

/** By halving: the smallest worsening that is found in 95 of 100 comparisons whose blocks scatter as these did. */
function smallestFound(noise: readonly number[], enough: number, blocksMax: number, random: Random): number {
  const typical = medianOf(noise.map(Math.abs));
  if (Math.max(...noise) === 0) return 0;
  let low = 0;
  let high = Math.max(...noise, 4 * typical);
  for (let doubling = 0; doubling < 8 && foundShare(high, noise, enough, blocksMax, random) < POWER; doubling++)
    high *= 2;
  for (let step = 0; step < STEPS; step++) {
    const middle = (low + high) / 2;
    if (foundShare(middle, noise, enough, blocksMax, random) < POWER) low = middle;
    else high = middle;
  }
  return high;
}

function foundShare(
  effect: number,
  noise: readonly number[],
  enough: number,
  blocksMax: number,
  random: Random,
): number {
  let found = 0;
  for (let trial = 0; trial < TRIALS; trial++) {
    const bettor = createBettor(enough);
    for (let block = 0; block < blocksMax && bettor.capital < enough; block++) {
      bettor.bet(effect + noise[random.below(noise.length)]);
    }
    if (bettor.capital >= enough) found++;
  }
  return found / TRIALS;
}
