// simulate --rare: beside the plain runs, an estimate of a refused share that they are too short to see. An interrupt ends it and keeps
// what it knows by then.

import { setImmediate as turn } from "node:timers/promises";
import { InputError } from "../../config/problem.ts";
import type { Scenario } from "../../config/scenario.ts";
import type { RunResult } from "../../metrics/run-result.ts";
import { createRareStudy, DEFAULT_PRECISION, type RareStudy } from "../../sim/rare/rare-refusals.ts";
import { refuseUntreatable } from "../../sim/rare/rare-site.ts";
import { withRareRefusals } from "../../sim/rare/with-rare-refusals.ts";
import { createInterrupt } from "../interrupt.ts";
import { createProgress } from "../progress.ts";
import type { Simulated } from "./simulate-modes.ts";

const FIGURE = "refusedShare";

/** @throws InputError beside a second scenario. */
export function refuseRareAgainst({ against }: { readonly against?: string }): void {
  if (against === undefined) return;
  const expected = "not with --against: differences of rare shares are lost in their intervals";
  throw new InputError("Cannot run", [{ at: "--rare", given: "given", expected, mend: "estimate each by itself" }]);
}

/** The scenario without what is asked of the refused share, which more plain runs would not give. @throws InputError for one that cannot be estimated. */
export function plainPartOf(scenario: Scenario): Scenario {
  refuseUntreatable(scenario);
  const precision = scenario.run.precision?.filter(({ figure }) => figure !== FIGURE);
  return { ...scenario, run: { ...scenario.run, ...(precision === undefined ? {} : { precision }) } };
}

/** @param scenarios one for each result, with what is asked of the refused share. */
export async function addRareRefusals(
  { results, records, complete }: Simulated,
  scenarios: readonly Scenario[],
  quiet: boolean,
): Promise<Simulated> {
  const estimated: RunResult[] = [];
  let whole = complete;
  for (const [i, result] of results.entries()) {
    if (!whole) {
      estimated.push(result);
      continue;
    }
    const asked = scenarios[i].run.precision?.find(({ figure }) => figure === FIGURE)?.relativeHalfWidth;
    const relativeHalfWidth = asked ?? DEFAULT_PRECISION;
    const study = createRareStudy(scenarios[i], { relativeHalfWidth });
    whole = await carryOut(study, `rare refusals, ${scenarios[i].site.mode}`, quiet);
    const known = study.estimate();
    estimated.push({ ...withRareRefusals(result, known, relativeHalfWidth), complete: whole });
  }
  return { results: estimated, records, complete: whole };
}

/** @returns whether it came to its end. */
async function carryOut(study: RareStudy, title: string, quiet: boolean): Promise<boolean> {
  const progress = createProgress(title, quiet);
  const interrupt = createInterrupt(() => {
    progress.stop();
    if (!quiet) process.stderr.write("\nEnding the estimate; what is known by now is kept.\n");
  });
  try {
    do {
      study.step();
      if (!interrupt.signal.aborted) progress.update(study.share);
      await turn();
    } while (!study.done && !interrupt.signal.aborted);
    return study.done;
  } finally {
    progress.stop();
    interrupt.release();
  }
}
