// How far the answer leans on each assumption: turned down and up by as much, what room is left to the recommendation, and what would be
// chosen then. Judged by values, not by intervals: the same visitors meet all of it, and it is differences that are looked for.

import type { Scenario } from "../../config/scenario.ts";
import type { Candidate, Sensitivity, SensitivityEnd } from "../../metrics/plan/plan.ts";
import { type Assumption, assumptions } from "./assumptions.ts";
import { costAtLeast } from "./cost.ts";
import { FIRST_LOOK, type Looked, lookOnce, type PlanPoint, type SearchTask, smallestMargin } from "./search.ts";

const LOW = 0.8;
const HIGH = 1.25;
/** Other choices that are looked at for one end of one assumption. */
const OTHERS_MAX = 12;
const DEARER_MAX = 8;
const AT_ONCE = 4;

export interface SensitivityOptions {
  readonly onProgress?: (done: number, all: number) => void;
}

/** @returns widest first; of work that was cut short, the assumptions that had been looked at by then, and false. */
export async function findSensitivities(
  task: SearchTask,
  best: PlanPoint,
  { onProgress }: SensitivityOptions = {},
): Promise<{ readonly sensitivities: readonly Sensitivity[]; readonly complete: boolean }> {
  const asked = assumptions.filter(({ idle }) => !idle(best.scenario));
  const sensitivities: Sensitivity[] = [];
  const asIs = await lookOnce({ ...task, looks: [FIRST_LOOK] }, [best]);
  if (asIs === null) return { sensitivities, complete: false };
  const margin = smallestMargin(asIs[0].candidate);
  for (const [done, assumption] of asked.entries()) {
    onProgress?.(done, asked.length);
    const low = await lookAtEnd(task, best, margin, assumption, LOW);
    const high = low === null ? null : await lookAtEnd(task, best, margin, assumption, HIGH);
    if (low === null || high === null) return { sensitivities: sensitivities.sort(byWidth), complete: false };
    sensitivities.push({ assumption: assumption.name, low, high });
  }
  return { sensitivities: sensitivities.sort(byWidth), complete: true };
}

/** @param usual the smallest margin as things are: where it shrinks, a cheaper choice is not taken to gain. */
async function lookAtEnd(
  task: SearchTask,
  best: PlanPoint,
  usual: number | null,
  { turned }: Assumption,
  factor: number,
): Promise<SensitivityEnd | null> {
  const there: SearchTask = {
    ...task,
    looks: [FIRST_LOOK],
    situations: task.situations.map((situation) => ({
      ...situation,
      apply: (scenario: Scenario) => turned(situation.apply(scenario), factor),
    })),
  };
  const own = await lookOnce(there, [best]);
  if (own === null) return null;
  const kept = keepsAll(own[0].candidate);
  const margin = smallestMargin(own[0].candidate);
  const worse = kept && margin !== null && usual !== null && margin < usual;
  const candidates = worse ? [] : kept ? cheaperNeighbours(task, best) : others(task, best);
  const choices = await cheapestAmong(there, own[0], candidates, kept);
  if (choices === "cut short") return null;
  return {
    factor,
    margin,
    choice: choices?.candidate.choice ?? null,
    cost: choices?.candidate.cost.total ?? null,
  };
}

/** @param kept the recommendation still holds, so that only a cheaper one takes its place. */
async function cheapestAmong(
  there: SearchTask,
  own: Looked,
  points: readonly PlanPoint[],
  kept: boolean,
): Promise<Looked | null | "cut short"> {
  for (let from = 0; from < points.length; from += AT_ONCE) {
    const found = await lookOnce(there, points.slice(from, from + AT_ONCE));
    if (found === null) return "cut short";
    const holding = found
      .filter(({ candidate }) => keepsAll(candidate))
      .filter(({ candidate }) => !kept || candidate.cost.total < own.candidate.cost.total)
      .sort((a, b) => a.candidate.cost.total - b.candidate.cost.total || a.point.place - b.point.place);
    if (holding.length > 0) return holding[0];
  }
  return kept ? own : null;
}

function keepsAll({ targets }: Candidate): boolean {
  return targets.every(({ margin, met, value }) => value !== null && (margin === null ? met !== false : margin >= 0));
}

/** Cheaper by what is certain of their cost, cheapest first. */
function cheaperNeighbours({ points, prices }: SearchTask, best: PlanPoint): readonly PlanPoint[] {
  const ownCost = costAtLeast(best.scenario, prices);
  return points
    .filter((point) => areNeighbours(point, best, points))
    .map((point) => ({ point, least: costAtLeast(point.scenario, prices) }))
    .filter(({ least }) => least < ownCost)
    .sort((a, b) => a.least - b.least || a.point.place - b.point.place)
    .slice(0, OTHERS_MAX)
    .map(({ point }) => point);
}

/** Another value of one key: of a number the next one below or above. */
function areNeighbours(a: PlanPoint, b: PlanPoint, points: readonly PlanPoint[]): boolean {
  const keys = Object.keys(b.choice).filter((key) => a.choice[key] !== b.choice[key]);
  if (keys.length !== 1) return false;
  const [key] = keys;
  const [one, other] = [a.choice[key], b.choice[key]];
  if (typeof one !== "number" || typeof other !== "number") return true;
  return !points.some(
    ({ choice }) => Number(choice[key]) > Math.min(one, other) && Number(choice[key]) < Math.max(one, other),
  );
}

/** Those that cost as much or more, cheapest first, and then the neighbours that cost less. */
function others(task: SearchTask, best: PlanPoint): readonly PlanPoint[] {
  const { points, prices } = task;
  const ownCost = costAtLeast(best.scenario, prices);
  const dearer = points
    .filter(({ place }) => place !== best.place)
    .map((point) => ({ point, least: costAtLeast(point.scenario, prices) }))
    .filter(({ least }) => least >= ownCost)
    .sort((a, b) => a.least - b.least || a.point.place - b.point.place)
    .map(({ point }) => point);
  return [...dearer.slice(0, DEARER_MAX), ...cheaperNeighbours(task, best)].slice(0, OTHERS_MAX);
}

function byWidth(a: Sensitivity, b: Sensitivity): number {
  return widthOf(b) - widthOf(a);
}

function widthOf({ low, high }: Sensitivity): number {
  return Math.abs((high.margin ?? 0) - (low.margin ?? 0));
}
