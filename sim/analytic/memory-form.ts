// What the stored sessions take, by the calibration, on average.

import type { Scenario } from "../../config/scenario.ts";
import type { ClosedForm } from "../../metrics/run-result.ts";
import { lawMean } from "../../workload/distributions.ts";
import { memoryModel } from "../memory-model.ts";
import { storesOf } from "../stores.ts";
import { say } from "./filling-forms.ts";
import { type Forms, withhold } from "./request-forms.ts";

/** @param stored the formula for the sessions stored; undefined where there is none. */
export function memoryForm(scenario: Scenario, stored: ClosedForm | undefined): Forms {
  const { workload, calibration } = scenario;
  const { fixedBytes, bytesPerSession, bytesPerStateByte } = calibration.memory;
  if (stored === undefined) return { forms: {}, withheld: {} };
  // Until its first change a session has no state.
  const filled = workload.pages.every(({ session, changedShare }) => session === "read-write" && changedShare === 1);
  if (!filled && bytesPerStateByte > 0) return withhold(["memoryMeanBytes"], "not every request fills its session");
  const stateBytes = filled ? lawMean(workload.stateBytes) : 0;
  const state = bytesPerStateByte === 0 ? "" : ` + ${say(bytesPerStateByte)} × ${say(stateBytes)} bytes of state`;
  const form = {
    value: memoryModel(scenario)(stored.value, stored.value * stateBytes),
    name: `${stored.name} × bytes a session`,
    sum: `${storesOf(scenario)} × ${say(fixedBytes)} + ${say(stored.value)} × (${say(bytesPerSession)}${state})`,
    ...(stored.tolerance === undefined ? {} : { tolerance: stored.tolerance }),
  };
  return { forms: { memoryMeanBytes: form }, withheld: {} };
}
