// The door of planning: a grid of settings, the situations, the prices and somebody who simulates; a Plan comes out. Nothing here reads a
// file or a clock, and the outcome is the same however many threads simulate.

import { maskStore } from "../../config/mask-settings.ts";
import type { Prices } from "../../config/prices.ts";
import type { Scenario } from "../../config/scenario.ts";
import type { Axis } from "../../config/vary.ts";
import { PLAN_SCHEMA, type Plan, type SeenPoint, type Situation } from "../../metrics/plan/plan.ts";
import type { Environment } from "../../metrics/run-result.ts";
import { applySettings } from "../apply/apply-settings.ts";
import { alternativesTo, bindingOf, lookFurther } from "./alternatives.ts";
import { findBreakingPoint } from "./breaking.ts";
import { costAtLeast } from "./cost.ts";
import type { Evaluate } from "./facts.ts";
import {
  type Found,
  type Looked,
  lookOnce,
  looksUpTo,
  type PlanPoint,
  type SearchTask,
  searchPlan,
  smallestMargin,
} from "./search.ts";
import { findSensitivities } from "./sensitivity.ts";
import type { PlannedSituation } from "./situations.ts";

export interface PlanTask {
  /** As it was read, before anything is chosen. */
  readonly base: Scenario;
  readonly points: readonly PlanPoint[];
  readonly axes: readonly Axis[];
  readonly situations: readonly PlannedSituation[];
  readonly prices: Prices;
  /** Where they came from. */
  readonly pricesFrom: string;
  readonly confidence: number;
  readonly replicationsMax: number;
  readonly evaluate: Evaluate;
  readonly command: string;
  /** Sentences that whoever read the input has to say. */
  readonly remarks: readonly string[];
  readonly environment: () => Environment;
  readonly onProgress?: (share: number, note: string) => void;
}

/** Where no point can be simulated with hope, so many are, to say what they miss. */
const HOPELESS_SHOWN = 6;

export async function makePlan(task: PlanTask): Promise<Plan> {
  const search = searchTaskOf(task);
  const tell = (share: number, note: string) => task.onProgress?.(share, note);
  const found = await searchPlan(search);
  const further = found.complete
    ? await (found.best === null ? showHopeless(search, found) : lookFurther(search, found))
    : [];
  const looked = [...found.looked, ...(further ?? [])];
  const { best } = found;
  if (best === null || !found.complete || further === null) {
    return planOf(task, found, looked, { complete: found.complete && further !== null });
  }
  tell(SEARCH_SHARE, "looking for the load at which it breaks");
  const breaking = await findBreakingPoint(search, best.point.scenario);
  if (breaking === null) return planOf(task, found, looked, { complete: false });
  const { sensitivities, complete } = await findSensitivities(search, best.point, {
    onProgress(done, all) {
      const share = SEARCH_SHARE + BREAKING_SHARE + ((1 - SEARCH_SHARE - BREAKING_SHARE) * done) / all;
      tell(share, `assumptions turned down and up: ${done} of ${all}`);
    },
  });
  return planOf(task, found, looked, { complete, breaking, sensitivities });
}

/** Of all the work, as a rough guess for whoever waits. */
const SEARCH_SHARE = 0.4;
const BREAKING_SHARE = 0.15;

export function searchTaskOf(task: PlanTask): SearchTask {
  const { points, situations, prices, confidence, evaluate } = task;
  return {
    points,
    situations,
    prices,
    confidence,
    evaluate,
    looks: looksUpTo(task.replicationsMax),
    onProgress({ settled, simulated, undecided, all }) {
      const share = (SEARCH_SHARE * (settled + simulated)) / all;
      const words = [`${simulated} of ${all} settings simulated`, `${settled} settled by formulas`];
      if (undecided > 0) words.push(`${undecided} undecided`);
      task.onProgress?.(share, words.join(", "));
    },
  };
}

/** Formulas ruled every point out: the dearest are simulated all the same, so that the answer names what they miss. */
async function showHopeless(search: SearchTask, found: Found): Promise<readonly Looked[] | null> {
  if (found.looked.length > 0) return [];
  const dearest: readonly PlanPoint[] = [...search.points]
    .sort(
      (a, b) => costAtLeast(b.scenario, search.prices) - costAtLeast(a.scenario, search.prices) || a.place - b.place,
    )
    .slice(0, HOPELESS_SHOWN);
  return lookOnce(search, dearest);
}

interface Ending extends Partial<Pick<Plan, "breaking" | "sensitivities">> {
  readonly complete: boolean;
}

function planOf(task: PlanTask, { best }: Found, looked: readonly Looked[], ending: Ending): Plan {
  const { base, points, situations, prices } = task;
  const seen = [...looked].sort(
    (a, b) => a.candidate.cost.total - b.candidate.cost.total || a.point.place - b.point.place,
  );
  return {
    schema: PLAN_SCHEMA,
    scenario: maskStore(base),
    seed: base.run.seed,
    command: task.command,
    complete: ending.complete,
    confidence: task.confidence,
    currency: prices.currency,
    prices: task.pricesFrom,
    situations: situations.map(({ kind, name, description }): Situation => ({ kind, name, description })),
    searched: task.axes.map(({ key, values }) => ({ key, values })),
    points: {
      all: points.length,
      simulated: looked.length,
      settled: ending.complete ? points.length - looked.length : 0,
    },
    seen: seen.map(
      ({ candidate }): SeenPoint => ({
        choice: candidate.choice,
        cost: candidate.cost.total,
        verdict: candidate.verdict,
        margin: smallestMargin(candidate),
      }),
    ),
    recommendation: best?.candidate ?? null,
    alternatives: best === null ? [] : alternativesTo(best, looked, prices.currency),
    binding: best === null && ending.complete ? bindingOf(looked) : null,
    breaking: ending.breaking ?? null,
    sensitivities: ending.sensitivities ?? [],
    assumptions: [...task.remarks, ...assumptionsOf(task, looked)],
    apply: best === null ? [] : applySettings(best.point.scenario, best.candidate.choice),
    environment: task.environment(),
  };
}

function assumptionsOf({ prices, situations, points }: PlanTask, looked: readonly Looked[]): readonly string[] {
  const used = looked.length > 0 ? looked.map(({ point }) => point) : points;
  const calibrations = new Map(used.map(({ scenario }) => [scenario.calibration.name, scenario.calibration]));
  return [
    ...[...calibrations.values()]
      .filter(({ measured }) => !measured)
      .map(({ name, evidence }) => `Calibration "${name}": ${evidence}`),
    ...(prices.note === "" ? [] : [`Prices: ${prices.note}`]),
    "Memory is bought for the highest that sessions take, with sessions spread evenly over the machines that keep them; what the application itself needs is part of the price of a server.",
    ...(prices.lostSession > 0
      ? [
          "What refused and lost sessions cost is counted for the workload as it is; faults are not, because nobody said how often they come.",
        ]
      : []),
    ...(situations.some(({ kind }) => kind === "fault")
      ? ["Each fault comes alone: two at a time were not tried."]
      : []),
  ];
}
