// What formulas alone would choose, before anything is simulated: the cheapest setting that no formula rules out, and which of its targets
// have a formula at all. Faults, and the highest of a run, have none.

import type { Prices } from "../../config/prices.ts";
import type { ClosedForm } from "../../metrics/run-result.ts";
import { closedFormsOf } from "../../sim/simulate.ts";
import { costAtLeast } from "./cost.ts";
import { type Limit, limitsOf, sayLimit } from "./limits.ts";
import type { PlanPoint } from "./search.ts";
import type { PlannedSituation } from "./situations.ts";
import { sayValue } from "./words.ts";

export interface InstantChoice {
  readonly point: PlanPoint;
  /** With the least memory that can be bought: how much is needed is left to the simulation. */
  readonly cost: number;
  /** "Response time, p99: 217 ms, at most 400 is asked". */
  readonly targets: readonly string[];
  /** Targets that no formula judges there, or only within its tolerance. */
  readonly open: readonly string[];
  /** Cheaper ones that formulas rule out. */
  readonly ruledOut: number;
}

/** @returns null where formulas rule out every point. */
export function chooseInstantly(
  points: readonly PlanPoint[],
  situations: readonly PlannedSituation[],
  prices: Prices,
): InstantChoice | null {
  const queue = points
    .map((point) => ({ point, cost: costAtLeast(point.scenario, prices) }))
    .sort((a, b) => a.cost - b.cost || a.point.place - b.point.place);
  for (const [ruledOut, { point, cost }] of queue.entries()) {
    const judged = situations.flatMap(({ kind, apply, targets, name }) => {
      const forms = kind === "fault" ? {} : closedFormsOf(apply(point.scenario));
      return limitsOf(targets).map((limit) => judge(limit, forms[limit.kind.key], name));
    });
    if (judged.some(({ met }) => met === false)) continue;
    const said = (open: boolean) => judged.filter(({ met }) => (met === null) === open).map(({ words }) => words);
    return { point, cost, targets: said(false), open: said(true), ruledOut };
  }
  return null;
}

function judge(limit: Limit, form: ClosedForm | undefined, situation: string) {
  const { kind, side, value } = limit;
  const place = situation === "the workload" ? "" : ` (${situation})`;
  const asked = `${sayLimit(limit)} is asked${place}`;
  if (form === undefined) return { met: null, words: `${kind.label}: no formula; ${asked}` };
  const room = side === "at most" ? value - form.value : form.value - value;
  const met = Math.abs(room) <= Math.abs(form.value) * (form.tolerance ?? 0) && room !== 0 ? null : room >= 0;
  return { met, words: `${kind.label}: ${sayValue(form.value, kind.unit)} by ${form.name}; ${asked}` };
}
