// What sweeps do to a cap, against the population simulated.

import { describe, expect, test } from "vitest";
import { erlangB } from "../../../sim/analytic/erlang.ts";
import { erlangBBetween, sweptPlaces } from "../../../sim/analytic/swept-places.ts";
import { scenarioOf } from "../../scenario-of.ts";
import { formOf, refusedShare, replicate, storedMean } from "../agreement.ts";

test("places given back singly are all of use, and so are nearly all where a sweep finds one now and then", () => {
  expect(sweptPlaces(640, 680, 0)).toBe(640);
  expect(sweptPlaces(640, 680, 0.1)).toBeGreaterThan(639.9);
  expect(sweptPlaces(0, 680, 10)).toBe(0);
});

test("Erlang B between whole places lies on the line between them, on whole ones it is itself", () => {
  expect(erlangBBetween(640, 680)).toBe(erlangB(640, 680));
  expect(erlangBBetween(640.25, 680)).toBeCloseTo(0.75 * erlangB(640, 680) + 0.25 * erlangB(641, 680), 15);
});

describe("a cap met by batches of a hundred", () => {
  const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  test.each([6400, 6700])(
    "holds as many as the form says at %i places, and not as many as Erlang B says alone",
    (cap) => {
      const scenario = scenarioOf(`
site: { sessionsMax: ${cap}, timeoutMinutes: 20, expirySweepSeconds: 20 }
workload:
  arrivals: 5
  requestsPerVisit: { kind: geometric, mean: 6 }
  thinkSeconds: { kind: exponential, mean: 30 }
run: { fidelity: population, durationMinutes: 1200, warmupMinutes: 200, replications: 8 }`);
      const records = replicate(scenario);
      const stored = meanOf(records.map(storedMean));
      const refused = meanOf(records.map(refusedShare));
      const alone = erlangB(cap, 6800);
      expect(Math.abs(stored / formOf(scenario, "storedSessionsMean") - 1)).toBeLessThan(0.001);
      expect(stored).toBeLessThan(6800 * (1 - alone) * 0.996);
      expect(Math.abs(refused - formOf(scenario, "refusedShare"))).toBeLessThan(0.0015);
      expect(refused).toBeGreaterThan(alone + 0.002);
    },
  );
});
