// --faults: some of the faults that a scenario has, so that one file serves every cell of a table of what survives what.

import { InputError } from "../../config/problem.ts";
import type { Fault, Scenario } from "../../config/scenario.ts";

const NONE = "none";

/** The same scenario with only these kinds of its faults. @param text kinds separated by commas, or "none". @throws InputError */
export function withFaults(scenario: Scenario, text: string): Scenario {
  if (text === NONE) return { ...scenario, faults: [] };
  const asked = text.split(",").map((kind) => kind.trim());
  const known = [...new Set(scenario.faults.map(({ kind }) => kind))];
  const unknown = asked.filter((kind) => !known.includes(kind as Fault["kind"]));
  if (unknown.length > 0) {
    throw new InputError("Cannot run", [
      {
        at: "--faults",
        given: `"${unknown.join(",")}"`,
        expected: known.length === 0 ? `${NONE}, for the scenario has no faults` : `${NONE}, or of ${known.join(", ")}`,
        mend: "choose from these, or add the fault to the scenario",
      },
    ]);
  }
  return { ...scenario, faults: scenario.faults.filter(({ kind }) => asked.includes(kind)) };
}
