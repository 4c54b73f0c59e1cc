// The answer of the formulas alone, before any simulation: each figure that has one, why the others have none, how busy each station is,
// and at which rate the first of them is full.

import type { Scenario } from "../../config/scenario.ts";
import { figureKinds, requestFigureKeys } from "../../metrics/figures.ts";
import type { InstantAnswer } from "../../metrics/instant-answer.ts";
import type { Figure, TargetVerdict } from "../../metrics/run-result.ts";
import { judge } from "../../metrics/summarise.ts";
import { formsOf } from "./closed-forms.ts";
import { demandsOf, saturationOf } from "./demands.ts";

/** Pure, and a matter of milliseconds. */
export function instantAnswer(scenario: Scenario): InstantAnswer {
  const { forms, withheld } = formsOf(scenario);
  const figures = figureKinds.map(({ key, label, unit }): Figure => {
    const closedForm = forms[key];
    return { key, label, unit, value: closedForm?.value ?? null, ...(closedForm === undefined ? {} : { closedForm }) };
  });
  const demands = demandsOf(scenario);
  const reasons = figures
    .filter(({ value }) => value === null)
    .map(({ key }) => [key, withheld[key] ?? reasonFor(scenario, key)]);
  return {
    figures,
    withheld: Object.fromEntries(reasons),
    targets: scenario.targets.map((target) => judged(target, figures)),
    stations: demands.stations.map(({ station, servers, meanMs }) => ({
      station,
      servers,
      demandMs: meanMs,
      utilisation: forms[station === "web cores" ? "coreUtilisation" : "storeUtilisation"]?.value ?? null,
    })),
    saturation: saturationOf(scenario, demands),
  };
}

function reasonFor({ run }: Scenario, key: string): string {
  if (run.fidelity === "population" && requestFigureKeys.includes(key)) return "requests take no time in this run";
  return /Max/.test(key) ? "the highest of a run depends on its length" : "no formula is known";
}

/** A limit within the tolerance of a formula is not judged by it. */
function judged(target: Scenario["targets"][number], figures: readonly Figure[]): TargetVerdict {
  const verdict = judge(target, figures);
  const form = figures.find(({ key }) => key === target.figure)?.closedForm;
  if (form === undefined) return verdict;
  const off = Math.abs(form.value) * (form.tolerance ?? 0);
  const near = [target.atMost, target.atLeast].some(
    (limit) => limit !== undefined && off > 0 && Math.abs(form.value - limit) <= off,
  );
  return near ? { ...verdict, met: null } : verdict;
}
