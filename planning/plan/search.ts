// The cheapest point of a grid that surely meets the targets. Points are looked at by what they cost at least; a first look, of few
// replications, drops those that surely miss, and those that are neither sure to meet nor to miss are looked at again while they
// could still be the cheapest. Nothing is taken to grow or fall along a key. Every point meets the same visitors (common random numbers).

import type { Prices } from "../../config/prices.ts";
import type { Scenario } from "../../config/scenario.ts";
import type { Candidate, Choice, TargetEvidence } from "../../metrics/plan/plan.ts";
import { costAtLeast, costOf } from "./cost.ts";
import type { Ask, Evaluate, Facts } from "./facts.ts";
import { judgeLimit } from "./judge.ts";
import { histogramsFor, limitsOf } from "./limits.ts";
import { hopeless } from "./screen.ts";
import type { PlannedSituation } from "./situations.ts";

/** One point of the grid, in the order in which the search prefers equally cheap ones. */
export interface PlanPoint {
  readonly place: number;
  readonly choice: Choice;
  readonly scenario: Scenario;
}

/** What is known of a point that was simulated. */
export interface Looked {
  readonly point: PlanPoint;
  /** By situation, in their order; empty where another situation had already been missed. */
  readonly facts: readonly (readonly Facts[])[];
  readonly candidate: Candidate;
}

export interface SearchTask {
  readonly points: readonly PlanPoint[];
  readonly situations: readonly PlannedSituation[];
  readonly prices: Prices;
  readonly confidence: number;
  /** Replications after each look, rising. */
  readonly looks: readonly number[];
  readonly evaluate: Evaluate;
  readonly onProgress?: (progress: SearchProgress) => void;
}

export interface SearchProgress {
  readonly settled: number;
  readonly simulated: number;
  readonly undecided: number;
  readonly all: number;
}

export interface Found {
  /** false: the work was cut short. */
  readonly complete: boolean;
  /** null: none is sure to meet the targets. */
  readonly best: Looked | null;
  /** Every point that was simulated, cheapest first. */
  readonly looked: readonly Looked[];
  /** Places of the points that formulas ruled out, and why. */
  readonly settled: ReadonlyMap<number, string>;
}

/** Points that are simulated side by side; no number of threads changes it, since what is looked at next depends on what came of them. */
const BATCH = 6;

/** Looks of a search: each has twice the replications of the one before. @param max of the last one. */
export function looksUpTo(max: number): readonly number[] {
  const looks: number[] = [];
  for (let look = FIRST_LOOK; look < max; look *= 2) looks.push(look);
  return [...looks, max];
}

export const FIRST_LOOK = 6;

export async function searchPlan(task: SearchTask): Promise<Found> {
  const looked = new Map<number, Looked>();
  const settled = new Map<number, string>();
  const tell = () => {
    const undecided = [...looked.values()].filter(({ candidate }) => candidate.verdict === "undecided").length;
    task.onProgress?.({ settled: settled.size, simulated: looked.size, undecided, all: task.points.length });
  };
  const look = async (points: readonly PlanPoint[], round: number): Promise<boolean> => {
    for (let from = 0; from < points.length; from += BATCH) {
      const found = await lookAt(task, points.slice(from, from + BATCH), round, looked);
      if (found === null) return false;
      for (const one of found) looked.set(one.point.place, one);
      tell();
    }
    return true;
  };
  const best = () => cheapest([...looked.values()].filter(({ candidate }) => candidate.verdict === "meets"));
  const end = (complete: boolean): Found => ({
    complete,
    best: best(),
    looked: [...looked.values()].sort(byCost),
    settled,
  });

  const queue = task.points
    .map((point) => ({ point, least: costAtLeast(point.scenario, task.prices) }))
    .sort((a, b) => a.least - b.least || a.point.place - b.point.place);
  for (let next = 0; next < queue.length; ) {
    const batch: PlanPoint[] = [];
    for (; next < queue.length && batch.length < BATCH && couldWin(queue[next], best()); next++) {
      const { point } = queue[next];
      const why = screened(task, point);
      if (why === null) batch.push(point);
      else settled.set(point.place, why);
    }
    tell();
    if (!(await look(batch, 0))) return end(false);
    if (next < queue.length && batch.length < BATCH && !couldWin(queue[next], best())) break;
  }
  for (let round = 1; round < task.looks.length; round++) {
    const open = undecidedBelow([...looked.values()], best());
    if (!(await look(open, round))) return end(false);
  }
  return end(true);
}

/** Every point at the last look alone, formulas and costs of others left aside: what the search is held to. */
export async function searchExhaustively(task: SearchTask): Promise<Found> {
  const looked = new Map<number, Looked>();
  for (let from = 0; from < task.points.length; from += BATCH) {
    const points = task.points.slice(from, from + BATCH);
    const found = await lookAt(task, points, task.looks.length - 1, new Map(), true);
    if (found === null) return { complete: false, best: null, looked: [...looked.values()], settled: new Map() };
    for (const one of found) looked.set(one.point.place, one);
  }
  const all = [...looked.values()];
  const best = cheapest(all.filter(({ candidate }) => candidate.verdict === "meets"));
  return { complete: true, best, looked: all.sort(byCost), settled: new Map() };
}

/** Further points at the first look, for comparison with the best. @returns null where the work was cut short. */
export function lookOnce(task: SearchTask, points: readonly PlanPoint[]): Promise<readonly Looked[] | null> {
  return lookAt(task, points, 0, new Map());
}

function couldWin({ point, least }: { point: PlanPoint; least: number }, best: Looked | null): boolean {
  if (best === null) return true;
  const { total } = best.candidate.cost;
  return least < total || (least === total && point.place < best.point.place);
}

function byCost(a: Looked, b: Looked): number {
  return a.candidate.cost.total - b.candidate.cost.total || a.point.place - b.point.place;
}

function cheapest(all: readonly Looked[]): Looked | null {
  return all.reduce<Looked | null>((least, one) => (least === null || byCost(one, least) < 0 ? one : least), null);
}

function undecidedBelow(all: readonly Looked[], best: Looked | null): readonly PlanPoint[] {
  return all
    .filter(({ candidate }) => candidate.verdict === "undecided")
    .filter((one) => best === null || byCost(one, best) < 0)
    .sort(byCost)
    .map(({ point }) => point);
}

/** Why no simulation is needed to know that a point misses. */
function screened({ situations }: SearchTask, { scenario }: PlanPoint): string | null {
  for (const { kind, apply, targets } of situations) {
    if (kind === "fault") continue;
    const why = hopeless(apply(scenario), limitsOf(targets));
    if (why !== null) return why;
  }
  return null;
}

/**
 * One look at each of the points: the first situation of all, then the others of those that did not surely miss there.
 * @param before what earlier looks saw, of which the replications are kept.
 * @param whole also looks at the others where the first was missed.
 */
async function lookAt(
  task: SearchTask,
  points: readonly PlanPoint[],
  round: number,
  before: ReadonlyMap<number, Looked>,
  whole = false,
): Promise<readonly Looked[] | null> {
  const { situations } = task;
  const facts = points.map(({ place }) => before.get(place)?.facts ?? situations.map((): readonly Facts[] => []));
  const first = await evaluateSituations(task, points, facts, [0], round);
  if (first === null) return null;
  const going = points.map((point, i) => whole || missedIn(task, point, first[i], 0) === false);
  const others = situations.map((_, s) => s).slice(1);
  const rest = await evaluateSituations(
    task,
    points.filter((_, i) => going[i]),
    first.filter((_, i) => going[i]),
    others,
    round,
  );
  if (rest === null) return null;
  let taken = 0;
  return points.map((point, i) => concludeLook(task, point, going[i] ? rest[taken++] : first[i]));
}

type FactsBySituation = readonly (readonly Facts[])[];

async function evaluateSituations(
  { situations, looks, evaluate }: SearchTask,
  points: readonly PlanPoint[],
  facts: readonly FactsBySituation[],
  which: readonly number[],
  round: number,
): Promise<readonly FactsBySituation[] | null> {
  const asks = points.flatMap(({ scenario }, i) =>
    which.map((s): Ask => {
      const { apply, targets } = situations[s];
      const from = facts[i][s].length;
      return { scenario: apply(scenario), from, to: looks[round], histograms: histogramsFor(limitsOf(targets)) };
    }),
  );
  if (asks.length === 0) return facts;
  const answers = await evaluate(asks);
  if (answers === null) return null;
  return points.map((_, i) =>
    facts[i].map((known, s) => {
      const at = which.indexOf(s);
      return at < 0 ? known : [...known, ...answers[i * which.length + at]];
    }),
  );
}

function missedIn(task: SearchTask, point: PlanPoint, facts: FactsBySituation, situation: number): boolean {
  return evidenceIn(task, point, facts, situation).some(({ met }) => met === false);
}

/**
 * The error of the whole is split over all points and looks: whichever point is recommended, at whichever look, it misses a target with
 * at most this chance. That all limits must hold costs nothing: a point that misses one is accepted only if that one is judged wrongly.
 */
function errorOf({ confidence, points, looks }: SearchTask): number {
  return (1 - confidence) / (points.length * looks.length);
}

function evidenceIn(
  task: SearchTask,
  { scenario }: PlanPoint,
  facts: FactsBySituation,
  situation: number,
): readonly TargetEvidence[] {
  const { apply, targets, name } = task.situations[situation];
  if (facts[situation].length === 0) return [];
  const applied = apply(scenario);
  return limitsOf(targets).map((limit) => judgeLimit(limit, applied, facts[situation], errorOf(task), name));
}

function concludeLook(task: SearchTask, point: PlanPoint, facts: FactsBySituation): Looked {
  const { situations, prices, confidence } = task;
  const all = situations.flatMap((_, s) => evidenceIn(task, point, facts, s));
  const missed = all.some(({ met }) => met === false);
  const sure = all.every(({ met }) => met === true) && facts.every((one) => one.length > 0);
  const workload = situations.findIndex(({ kind }) => kind === "workload");
  // The first replications alone, so that the cost of a point does not depend on how long it was undecided.
  const early = facts.map((one) => one.slice(0, FIRST_LOOK));
  const cost = costOf(point.scenario, { workload: early[workload], situations: early }, prices, confidence);
  return {
    point,
    facts,
    candidate: {
      choice: point.choice,
      cost,
      verdict: missed ? "misses" : sure ? "meets" : "undecided",
      targets: nearest(all),
      replications: Math.max(...facts.map((one) => one.length)),
    },
  };
}

/** Of every limit the situation that comes nearest to missing it: what is missed first, then what is not sure, then the least room. */
function nearest(all: readonly TargetEvidence[]): readonly TargetEvidence[] {
  const limits = [...new Set(all.map(({ figure, limit }) => `${figure} ${limit}`))];
  return limits.map((limit) =>
    all
      .filter((one) => `${one.figure} ${one.limit}` === limit)
      .reduce((worst, one) => (isWorse(one, worst) ? one : worst)),
  );
}

function isWorse(one: TargetEvidence, other: TargetEvidence): boolean {
  const rank = ({ met }: TargetEvidence) => (met === false ? 0 : met === null ? 1 : 2);
  if (rank(one) !== rank(other)) return rank(one) < rank(other);
  return (one.margin ?? 0) < (other.margin ?? 0);
}

/** The smallest of the margins; null where none is known. */
export function smallestMargin({ targets }: Candidate): number | null {
  const margins = targets.flatMap(({ margin }) => margin ?? []);
  return margins.length === 0 ? null : Math.min(...margins);
}
