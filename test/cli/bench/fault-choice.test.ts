// --faults chooses among those that a scenario has.

import { expect, test } from "vitest";
import { withFaults } from "../../../cli/bench/fault-choice.ts";
import { scenarioOf } from "../../scenario-of.ts";

const scenario = scenarioOf(`workload: { arrivals: 1 }
run: { durationMinutes: 60, warmupMinutes: 1 }
faults:
  - { kind: recycle, atMinutes: 5 }
  - { kind: cut-store, atMinutes: 10 }
  - { kind: cut-store, atMinutes: 20, forSeconds: 9, silent: true }`);

test("those of the kinds that are named strike as the scenario says", () => {
  expect(withFaults(scenario, "cut-store").faults).toEqual([
    { kind: "cut-store", atMs: 600_000, forMs: 2_000, silent: false },
    { kind: "cut-store", atMs: 1_200_000, forMs: 9_000, silent: true },
  ]);
  expect(withFaults(scenario, "cut-store, recycle").faults).toHaveLength(3);
  expect(withFaults(scenario, "none").faults).toEqual([]);
});

test("another is refused, with those that there are", () => {
  expect(() => withFaults(scenario, "recycle,kill-store")).toThrow(
    'Cannot run: --faults is "kill-store"; expected none, or of recycle, cut-store; choose from these, or add the fault to the scenario',
  );
});
