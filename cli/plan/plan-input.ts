// From the options of a plan to what is searched: the scenario, its grid, situations and prices; every mistake before anything runs.

import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { strikesStore } from "../../config/fault-problems.ts";
import { type PlanFile, planSchema } from "../../config/file/plan.ts";
import { parseScenario } from "../../config/parse-scenario.ts";
import { InputError, type Problem } from "../../config/problem.ts";
import type { Fault, Scenario } from "../../config/scenario.ts";
import { targetFigureKeys } from "../../metrics/figures.ts";
import { doubts, targetProblems } from "../../planning/plan/checks.ts";
import type { PlanTask } from "../../planning/plan/make-plan.ts";
import type { PlanPoint } from "../../planning/plan/search.ts";
import { type PlannedSituation, situationsOf } from "../../planning/plan/situations.ts";
import { refuseUnmodelled } from "../../sim/unmodelled.ts";
import { loadScenario } from "../load-scenario.ts";
import { packageRoot } from "../package-root.ts";
import { chosenAxes } from "./plan-axes.ts";
import { chosenFaults } from "./plan-faults.ts";
import { readPlanGrid } from "./plan-grid.ts";
import { readPrices } from "./plan-prices.ts";

/** The scenarios that come along to try plans on, by name. */
export async function planningScenarios(): Promise<readonly string[]> {
  const folder = path.join(packageRoot, "scenarios", "planning");
  const names = (await readdir(folder)).filter((name) => /^[\w-]+\.yaml$/.test(name) && name !== "prices.yaml");
  return names.sort().map((name) => path.join(folder, name));
}

export interface PlanOptions {
  readonly prices?: string;
  readonly search?: readonly string[];
  readonly faults?: string;
  readonly confidence?: number;
  readonly seed?: number;
}

export type PlanInput = Omit<PlanTask, "evaluate" | "command" | "environment" | "onProgress">;

/** @throws InputError with every mistake of scenario, prices and options that can be told together. */
export async function readPlanInput(file: string, options: PlanOptions): Promise<PlanInput> {
  const { scenario: read } = await loadScenario(file);
  const base = options.seed === undefined ? read : { ...read, run: { ...read.run, seed: options.seed } };
  const said = await planOf(file);
  const { prices, from } = await readPrices(options.prices, said.prices, file);
  const faults = chosenFaults(options.faults, base);
  const situations = situationsOf(base, {
    peak: said.peak,
    faults,
    ...(said.faultTargets === undefined ? {} : { faultTargets: said.faultTargets }),
  });
  const problems = [
    ...noTargets(base, said),
    ...targetProblems(base, base.targets, "targets"),
    ...targetProblems(base, said.faultTargets ?? [], "plan.faultTargets"),
  ];
  if (problems.length > 0) throw new InputError(`Cannot plan "${file}"`, problems);
  const chosen = chosenAxes(options.search ?? [], said.search, base);
  const { axes, points } = await readPlanGrid(file, chosen.axes, { seed: options.seed, lenient: chosen.usual });
  expectModelled(
    file,
    situations,
    points.map(({ scenario }) => scenario),
  );
  const strays = faultsWithoutStore(file, faults, points);
  const remarks = new Set(points.flatMap(({ scenario }) => doubts(scenario, base.targets)));
  return {
    base,
    points,
    axes,
    situations,
    prices,
    pricesFrom: from,
    confidence: options.confidence ?? said.confidence,
    replicationsMax: said.replicationsMax,
    remarks: [...remarks, ...strays],
  };
}

/** The plan group of the file; a web.config has none. */
async function planOf(file: string): Promise<PlanFile> {
  const text = await readFile(file, "utf8");
  const parsed = /\.(config|xml|cmd|bat)$/i.test(file) ? null : parseScenario(text, file, targetFigureKeys).value;
  return parsed?.plan ?? planSchema.parse({});
}

function noTargets({ targets }: Scenario, { faultTargets = [] }: PlanFile): readonly Problem[] {
  if (targets.length + faultTargets.length > 0) return [];
  const mend =
    "add some, as: targets: [{ figure: refusedShare, atMost: 0.01 }, { figure: responseP99Ms, atMost: 500 }]";
  return [
    { at: "targets", given: "", expected: "what the site has to achieve: without it the smallest site will do", mend },
  ];
}

/** @throws InputError for what no simulation knows, once however many settings it concerns. */
function expectModelled(file: string, situations: readonly PlannedSituation[], scenarios: readonly Scenario[]): void {
  const problems = new Map<string, Problem>();
  for (const { apply } of situations) {
    for (const scenario of scenarios) {
      try {
        refuseUnmodelled(apply(scenario));
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        for (const problem of error.problems) problems.set(`${problem.at} ${problem.given}`, problem);
      }
    }
  }
  if (problems.size > 0) throw new InputError(`Cannot plan "${file}"`, [...problems.values()]);
}

/**
 * What faults of the store mean to settings that have none outside the worker: nothing.
 * @throws InputError where no setting has one.
 */
function faultsWithoutStore(file: string, faults: readonly Fault[], points: readonly PlanPoint[]): readonly string[] {
  const kinds = [...new Set(faults.filter(strikesStore).map(({ kind }) => kind))];
  const inProcess = points.filter(({ scenario: { site } }) => site.mode === "InProc" || site.mode === "Off");
  if (kinds.length === 0 || inProcess.length === 0) return [];
  const said = kinds.join(", ");
  if (inProcess.length < points.length) {
    return [
      `${said}: strikes only settings that keep their sessions outside the worker; InProc and Off have no store to lose.`,
    ];
  }
  throw new InputError(`Cannot plan "${file}"`, [
    {
      at: "the faults",
      given: `${said}, and no setting that keeps sessions outside the worker`,
      expected: "a mode whose store can fail: StateServer, SQLServer or Custom",
      mend: "search over such a mode as well, or leave the fault out (--faults none)",
    },
  ]);
}
