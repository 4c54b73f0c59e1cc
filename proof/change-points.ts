// npm run proof:change-points: is a step of two standard deviations found, and within two points of where it was planted? Is nothing
// said of series that are steady? And how long do 5,000 points take. Half of the series have a step and half have none; lengths, places
// and directions are drawn. Less is promised of noise that is skewed or carried over from run to run.

import { medianOf } from "../metrics/confidence.ts";
import { type ChangePointMethod, changePoints } from "../metrics/history/change-points.ts";
import { createRandom, type Random } from "../metrics/random-numbers.ts";
import { replicationSeed } from "../workload/random-stream.ts";
import { type Finding, type ProofWork, proofCommand } from "./proof-command.ts";
import { runCommand } from "./run-command.ts";

const STEP_DEVIATIONS = 2;
const POINTS_LEAST = 60;
const POINTS_MOST = 300;
/** Points on either side of a planted step, at least. */
const SIDE_LEAST = 10;
const WITHIN = 2;
/** Of noise that is independent from run to run. */
const goals = { foundLeast: 0.9, falseMost: 0.05 };
const LEVEL = 100;

const LONG_POINTS = 5000;
const LONG_EVERY = 100;
const LONG_MS_MOST = 2000;
const LONG_TIMES = 5;

/** The next value of mean 0 and standard deviation 1. */
type Noise = (random: Random) => () => number;

interface NoiseKind {
  readonly what: string;
  readonly noise: Noise;
  readonly foundLeast: number;
  readonly falseMost: number;
}

const noises: readonly NoiseKind[] = [
  { what: "normal noise", noise: (random) => () => normal(random), ...goals },
  { what: "heavy tails (t, 3 degrees)", noise: heavyTails, ...goals },
  { what: "skewed (log-normal 0.8)", noise: skewed, foundLeast: 0.9, falseMost: 0.1 },
  { what: "half carried over (AR 0.5)", noise: carriedOver, foundLeast: 0.55, falseMost: 0.25 },
];

const methods: readonly ChangePointMethod[] = ["t-test", "permutation"];

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

function heavyTails(random: Random): () => number {
  return () => {
    const squares = normal(random) ** 2 + normal(random) ** 2 + normal(random) ** 2;
    // Student's t with 3 degrees has the variance 3.
    return normal(random) / Math.sqrt(squares / 3) / Math.sqrt(3);
  };
}

function skewed(random: Random): () => number {
  const shape = 0.8;
  const mean = Math.exp(shape ** 2 / 2);
  const deviation = mean * Math.sqrt(Math.exp(shape ** 2) - 1);
  return () => (Math.exp(shape * normal(random)) - mean) / deviation;
}

function carriedOver(random: Random): () => number {
  let value = normal(random);
  return () => {
    value = 0.5 * value + Math.sqrt(0.75) * normal(random);
    return value;
  };
}

interface Planted {
  readonly values: readonly number[];
  /** null where there is none. */
  readonly step: number | null;
}

function plant(noise: Noise, seed: number, withStep: boolean): Planted {
  const random = createRandom(seed);
  const length = POINTS_LEAST + random.below(POINTS_MOST - POINTS_LEAST + 1);
  const step = SIDE_LEAST + random.below(length - 2 * SIDE_LEAST + 1);
  const height = random.next() < 0.5 ? -STEP_DEVIATIONS : STEP_DEVIATIONS;
  const next = noise(random);
  const values = Array.from({ length }, (_, index) => LEVEL + next() + (withStep && index >= step ? height : 0));
  return { values, step: withStep ? step : null };
}

interface Tally {
  steps: number;
  found: number;
  /** The very point. */
  exact: number;
  /** The range named holds the step. */
  held: number;
  /** A step was found, but only more than WITHIN away. */
  misplaced: number;
  /** Series with a step and a point more than WITHIN away from it, misplaced ones with them. */
  beside: number;
  steady: number;
  /** Of those without a step. */
  roused: number;
}

function count(tally: Tally, { values, step }: Planted, method: ChangePointMethod): void {
  const found = changePoints(values, { method });
  if (step === null) {
    tally.steady++;
    if (found.length > 0) tally.roused++;
    return;
  }
  const near = found.filter(({ index }) => Math.abs(index - step) <= WITHIN);
  tally.steps++;
  if (near.length > 0) tally.found++;
  if (found.some(({ index }) => index === step)) tally.exact++;
  if (found.some(({ range }) => range.after < step && step <= range.by)) tally.held++;
  if (near.length === 0 && found.length > 0) tally.misplaced++;
  if (found.length > near.length) tally.beside++;
}

function findingsOf(
  method: ChangePointMethod,
  { what, foundLeast, falseMost }: NoiseKind,
  tally: Tally,
): readonly Finding[] {
  const { steps, found, exact, held, misplaced, beside, steady, roused } = tally;
  const falseShare = (beside + roused) / (steps + steady);
  const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)} %`;
  return [
    {
      what: `${method}, ${what}: found within ${WITHIN}`,
      truth: null,
      found: found / steps,
      unit: "share",
      goal: `at least ${Math.round(foundLeast * 100)} %`,
      held: found / steps >= foundLeast,
      note: `the very point ${percent(exact, steps)}, in the range named ${percent(held, steps)}`,
    },
    {
      what: `${method}, ${what}: series with a false one`,
      truth: null,
      found: falseShare,
      unit: "share",
      goal: `at most ${Math.round(falseMost * 100)} %`,
      held: falseShare <= falseMost,
      note: `${percent(roused, steady)} of those without a step, ${percent(beside, steps)} of those with one: there ${percent(misplaced, steps)} is the step itself, put more than ${WITHIN} away`,
    },
  ];
}

/** @returns the median of several times of a long series with a step every LONG_EVERY points, in ms of processor time; null when cut short. */
async function longSeriesMs(
  method: ChangePointMethod,
  seed: number,
  goOn: () => Promise<boolean>,
): Promise<number | null> {
  const tookMs: number[] = [];
  for (let time = 0; time < LONG_TIMES; time++) {
    if (!(await goOn())) return null;
    const random = createRandom(replicationSeed(seed, time));
    let level = LEVEL;
    const values = Array.from({ length: LONG_POINTS }, (_, index) => {
      if (index % LONG_EVERY === 0) level += random.next() < 0.5 ? -STEP_DEVIATIONS : STEP_DEVIATIONS;
      return level + normal(random);
    });
    const began = process.cpuUsage();
    changePoints(values, { method });
    const { user, system } = process.cpuUsage(began);
    tookMs.push((user + system) / 1000);
  }
  return medianOf(tookMs);
}

async function prove({ repeats, seed, goOn }: ProofWork): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const pieces = methods.length * noises.length;
  for (const [row, method] of methods.entries()) {
    for (const [column, kind] of noises.entries()) {
      const tally: Tally = { steps: 0, found: 0, exact: 0, held: 0, misplaced: 0, beside: 0, steady: 0, roused: 0 };
      for (let repeat = 0; repeat < repeats; repeat++) {
        const share = (row * noises.length + column + repeat / repeats) / pieces;
        if (!(await goOn(share, `${method}, ${kind.what}`))) return findings;
        for (const withStep of [true, false])
          count(tally, plant(kind.noise, replicationSeed(seed, repeat), withStep), method);
      }
      findings.push(...findingsOf(method, kind, tally));
    }
    const took = await longSeriesMs(method, seed, () =>
      goOn((row + 1) / methods.length, `${method}, ${LONG_POINTS} points`),
    );
    if (took === null) return findings;
    findings.push({
      what: `${method}: ${LONG_POINTS.toLocaleString("en")} points, a step every ${LONG_EVERY}`,
      truth: null,
      found: took,
      unit: "ms",
      goal: `under ${LONG_MS_MOST / 1000} s`,
      held: took < LONG_MS_MOST,
      note: `of processor time, median of ${LONG_TIMES}`,
    });
  }
  return findings;
}

await runCommand(
  proofCommand({
    name: "proof:change-points",
    description: "steps of two standard deviations found, and steady series left alone, by both methods",
    repeats: { least: 200, usual: 1000, of: "of series with a step and without, of every noise" },
    prove,
  }),
);
