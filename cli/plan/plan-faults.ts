// The faults under which targets must hold: those of the scenario, those of them that are named, or none. A kind that the scenario does not
// have strikes half-way through the measured part, with the lengths that the scenario schema takes for granted.

import { faultSchema } from "../../config/file/faults.ts";
import { InputError } from "../../config/problem.ts";
import { resolveFault } from "../../config/resolve-scenario.ts";
import type { Fault, Scenario } from "../../config/scenario.ts";

/** @param text "none", or kinds separated by commas. @throws InputError for what is no kind of fault. */
export function chosenFaults(text: string | undefined, { faults, run }: Scenario): readonly Fault[] {
  if (text === undefined) return faults;
  if (text.trim() === "none") return [];
  const middleMs = (run.warmupMs + run.durationMs) / 2;
  return text.split(",").flatMap((word): readonly Fault[] => {
    const kind = word.trim();
    const own = faults.filter((fault) => fault.kind === kind);
    if (own.length > 0) return own;
    const parsed = faultSchema.safeParse({ kind, atMinutes: middleMs / 60_000 });
    if (parsed.success) return [resolveFault(parsed.data)];
    const known = faultSchema.options.flatMap(({ shape }) => [...shape.kind.values]);
    const expected = `none, or of: ${known.join(", ")}`;
    throw new InputError("Cannot plan", [{ at: "--faults", given: `"${kind}"`, expected, mend: "choose of them" }]);
  });
}
