// Several stores out of process, each session on one of them by its id.

import { describe, expect, test } from "vitest";
import { InputError } from "../../config/problem.ts";
import type { Scenario } from "../../config/scenario.ts";
import type { RunResult } from "../../metrics/run-result.ts";
import { simulate } from "../../sim/simulate.ts";
import { scenarioOf } from "../scenario-of.ts";

const value = (result: RunResult, key: string) => result.figures.find((one) => one.key === key)?.value ?? Number.NaN;

/** 4 visits a second, each stored for 5 minutes: 1,200 sessions. */
const stored = (partitions: number, site = "", fidelity = "population") =>
  scenarioOf(`
site: { mode: SQLServer, timeoutMinutes: 5, deleteJobSeconds: 1, ${site} }
store: { partitions: ${partitions} }
workload: { arrivals: 4, requestsPerVisit: 1 }
run: { fidelity: ${fidelity}, durationMinutes: 30, warmupMinutes: 10, replications: 3 }`);

describe("a site with four partitions", () => {
  test("stores as many sessions as with one, and takes the fixed memory of each", () => {
    const withFixed = (scenario: Scenario): Scenario => {
      const memory = { fixedBytes: 1_000_000, bytesPerSession: 0, bytesPerStateByte: 0 };
      return { ...scenario, calibration: { ...scenario.calibration, memory } };
    };
    const one = simulate(withFixed(stored(1)));
    const four = simulate(withFixed(stored(4)));
    expect(value(four, "storedSessionsMean")).toBe(value(one, "storedSessionsMean"));
    expect(value(one, "memoryMeanBytes")).toBe(1_000_000);
    expect(value(four, "memoryMeanBytes")).toBe(4_000_000);
  });

  test("has the cap of each partition, and refuses as Erlang B says of one with a quarter of the visits", () => {
    for (const fidelity of ["population", "requests"]) {
      const result = simulate(stored(4, "sessionsMax: 280", fidelity));
      const refused = result.figures.find(({ key }) => key === "refusedShare");
      // 300 erlangs on 280 places.
      expect(refused?.closedForm?.value).toBeCloseTo(0.092, 2);
      expect(Math.abs((refused?.value ?? 0) - (refused?.closedForm?.value ?? 1))).toBeLessThan(0.02);
      expect(value(result, "storedSessionsMax")).toBeLessThanOrEqual(4 * 280);
      expect(value(result, "storedSessionsMax")).toBeGreaterThan(4 * 270);
    }
  });

  test("has a quarter of the load on each store", () => {
    const busy = (partitions: number) => {
      const scenario = stored(partitions, "", "requests");
      const calibration = { ...scenario.calibration, storeConcurrency: 1 };
      const run = { ...scenario.run, replications: 1 };
      return value(simulate({ ...scenario, calibration, run }), "storeUtilisation");
    };
    expect(busy(4) / busy(1)).toBeCloseTo(0.25, 6);
  });
});

test("partitions are as many as connections, and one that says otherwise is refused", () => {
  const partitionsOf = (store: string) => scenarioOf(`store: { ${store} }\nworkload: { arrivals: 1 }`).store.partitions;
  expect(partitionsOf("connection: [a, b, c]")).toBe(3);
  expect(partitionsOf("")).toBe(1);
  expect(() => partitionsOf("connection: [a, b, c], partitions: 2")).toThrow(InputError);
  expect(() => partitionsOf("provider: sealed-cookie, partitions: 2")).toThrow(/partitions is 2/);
});
