// What an earlier validation measured, for predictions to be judged by it anew: with another calibration, or after a change of the
// model. A run counts only if the same visitors met the same site.

import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { maskStore } from "../../config/mask-settings.ts";
import { InputError } from "../../config/problem.ts";
import type { Scenario } from "../../config/scenario.ts";
import type { RunResult } from "../../metrics/run-result.ts";
import { labelOf } from "../../metrics/summarise.ts";
import { parseResult } from "../../reports/result-file.ts";
import { readInput } from "../load-scenario.ts";

/** @param name as `runValidation` names its results. @throws InputError where there is none of this scenario. */
export type KeptRuns = (name: string, scenario: Scenario) => Promise<RunResult>;

/** @param dir the --out of that validation. */
export function keptRuns(dir: string): KeptRuns {
  return async (name, scenario) => {
    const { file, result } = await readRun(dir, name);
    if (isDeepStrictEqual(comparable(result.scenario), comparable(maskStore(scenario)))) return result;
    throw new InputError("Cannot judge by what was measured", [
      {
        at: "--measured",
        given: `"${file}", a run of another scenario, seed or length`,
        expected: "what the same command measured",
        mend: "repeat its scenario, --providers, --loads, --requests, --seconds and --seed, or leave --measured out and measure anew",
      },
    ]);
  };
}

/** "SQLServer on PostgreSQL 18.4", as that run has it. @throws InputError where there is none. */
export async function keptLabel(dir: string, name: string): Promise<string> {
  const { result } = await readRun(dir, name);
  return labelOf(result.scenario, result.store);
}

async function readRun(dir: string, name: string) {
  const file = path.join(dir, "runs", `${name}.json`);
  return { file, result: parseResult(await readInput(file, "Cannot judge by what was measured"), file) };
}

/** All but what predicts, and where the store was just then; as it comes back from a file. */
function comparable({ calibration: _, store, ...rest }: Scenario): unknown {
  return JSON.parse(JSON.stringify({ ...rest, store: { ...store, connections: [] } }));
}
