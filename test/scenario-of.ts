// A scenario for tests, written as a user would write it and read by the real parser; its costs are the plain ones of its mode.

import { parseScenario } from "../config/parse-scenario.ts";
import { InputError } from "../config/problem.ts";
import { resolveScenario } from "../config/resolve-scenario.ts";
import type { Scenario } from "../config/scenario.ts";
import { figureKinds } from "../metrics/figures.ts";
import { plainCalibration } from "./plain-calibration.ts";

export function scenarioOf(text: string): Scenario {
  const parsed = parseScenario(
    `name: test\n${text}`,
    "test.yaml",
    figureKinds.map((kind) => kind.key),
  );
  if (parsed.value === null) throw new InputError("Cannot read the scenario of a test", parsed.problems);
  const { workload } = parsed.value;
  if (typeof workload === "string") throw new Error("a test writes its workload inline");
  const scenario = resolveScenario({ file: parsed.value, workload, settings: null, calibration: null });
  return { ...scenario, calibration: plainCalibration(scenario.site.mode) };
}
