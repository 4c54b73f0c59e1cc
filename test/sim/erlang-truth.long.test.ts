// The share of sessions refused at the cap against Erlang B. Seeds are fixed, so a failure is a change of the engine, not bad luck.

import { describe, expect, test } from "vitest";
import { scenarioOf } from "../scenario-of.ts";
import { agrees, formOf, refusedShare, replicate } from "./agreement.ts";

describe("the share refused at the cap is Erlang's", () => {
  const caps = [1, 2, 5, 10, 20, 35, 50, 80, 120, 200];
  const loads = [0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.3, 1.6, 2];
  test.each(caps)("%i places, at ten loads from half to twice the places", (cap) => {
    for (const [i, load] of loads.entries()) {
      // One visit is stored for 300 s of timeout and two think times of 30 s on average: 360 s.
      const perSecond = (cap * load) / 360;
      const durationMinutes = Math.min(2_000_000, Math.ceil(4000 / perSecond / 60) + 60);
      const scenario = scenarioOf(`
site: { timeoutMinutes: 5, sessionsMax: ${cap}, expirySweepSeconds: 0, expirySlideMinSeconds: 0 }
workload: { arrivals: ${perSecond}, requestsPerVisit: { kind: geometric, mean: 3 }, thinkSeconds: { kind: exponential, mean: 30 } }
run: { fidelity: population, durationMinutes: ${durationMinutes}, warmupMinutes: 60, replications: 8, seed: ${7919 * cap + i} }`);
      const truth = formOf(scenario, "refusedShare");
      const records = replicate(scenario);
      const refused = records.reduce((sum, record) => sum + record.measured.refused, 0);
      const arrivals = records.reduce((sum, record) => sum + record.measured.arrivals, 0);
      if (arrivals * truth < 20) {
        // Too rare for an interval of its own: the count is Poisson, and lies below this bound in 99.95 % of cases.
        expect(refused, `load ${load}`).toBeLessThan(arrivals * truth + 3.3 * Math.sqrt(arrivals * truth) + 6);
      } else {
        const message = `load ${load}: simulated ${refused / arrivals}, Erlang ${truth}`;
        expect(agrees(records, refusedShare, truth), message).toBe(true);
      }
    }
  });
});
