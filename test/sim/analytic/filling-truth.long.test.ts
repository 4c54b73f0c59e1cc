// Runs that are never in balance against M_t/G/∞: from empty, and at rates that vary. Seeds are fixed, so a failure is a change of the
// engine or of the formula, not bad luck.

import { expect, test } from "vitest";
import { scenarioOf } from "../../scenario-of.ts";
import { agrees, type Figure, formOf, liveMean, replicate, storedMean } from "../agreement.ts";

const requestsPerSecond: Figure = ({ measured, measuredMs }) => (measured.requests * 1000) / measuredMs;
const visitsPerSecond: Figure = ({ measured, measuredMs }) => (measured.visits * 1000) / measuredMs;

const exponential = "{ kind: exponential, mean: 120 }";

test.each([
  ["InProc from empty", "mode: InProc", "5", "durationMinutes: 60, warmupMinutes: 0"],
  [
    "SQLServer from empty, with the first minutes left out",
    "mode: SQLServer",
    "5",
    "durationMinutes: 50, warmupMinutes: 12",
  ],
  [
    "a short timeout, so that visits open several sessions",
    "mode: InProc, timeoutMinutes: 2",
    "8",
    "durationMinutes: 40, warmupMinutes: 3",
  ],
  [
    "rows that come back to life",
    "mode: SQLServer, timeoutMinutes: 2, deleteJobSeconds: 240",
    "8",
    "durationMinutes: 60, warmupMinutes: 3",
  ],
  [
    "a ramp",
    "mode: StateServer",
    "{ kind: ramp, fromPerSecond: 0, toPerSecond: 12, overMinutes: 40 }",
    "durationMinutes: 60, warmupMinutes: 10",
  ],
  [
    "a day's profile",
    "mode: InProc",
    "{ kind: profile, perHour: [9000, 36000, 3600], startHour: 0.5 }",
    "durationMinutes: 150, warmupMinutes: 20",
  ],
  [
    "a burst",
    "mode: InProc",
    "{ kind: burst, perSecond: 2, burstPerSecond: 40, burstAtMinutes: 30, burstMinutes: 4 }",
    "durationMinutes: 60, warmupMinutes: 28",
  ],
  [
    "log-normal think times from empty",
    "mode: InProc, timeoutMinutes: 5",
    "8",
    "durationMinutes: 60, warmupMinutes: 0",
    "{ kind: lognormal, mean: 120, sigma: 1.5 }",
  ],
  [
    "Pareto think times on a ramp",
    "mode: SQLServer, timeoutMinutes: 5",
    "{ kind: ramp, fromPerSecond: 0, toPerSecond: 12, overMinutes: 40 }",
    "durationMinutes: 60, warmupMinutes: 10",
    "{ kind: pareto, min: 30, shape: 1.5 }",
  ],
  [
    "think times all alike in a burst",
    "mode: InProc, timeoutMinutes: 5",
    "{ kind: burst, perSecond: 4, burstPerSecond: 40, burstAtMinutes: 30, burstMinutes: 4 }",
    "durationMinutes: 60, warmupMinutes: 28",
    "100",
  ],
])("%s is stored, live and busy as the formula says", (_, site, arrivals, run, think = exponential) => {
  const scenario = scenarioOf(`
site: { ${site}, expirySlideMinSeconds: 0 }
workload: { arrivals: ${arrivals}, requestsPerVisit: { kind: geometric, mean: 5 }, thinkSeconds: ${think} }
run: { fidelity: population, ${run}, replications: 12, seed: 31 }`);
  const records = replicate(scenario);
  const figures: [Figure, string][] = [
    [storedMean, "storedSessionsMean"],
    [liveMean, "liveSessionsMean"],
    [requestsPerSecond, "requestsPerSecond"],
    [visitsPerSecond, "visitsPerSecond"],
  ];
  for (const [figure, key] of figures) {
    const simulated = records.reduce((sum, record) => sum + figure(record), 0) / records.length;
    const form = formOf(scenario, key);
    expect(agrees(records, figure, form), `${key}: simulated ${simulated}, formula ${form}`).toBe(true);
    expect(Math.abs(simulated / form - 1)).toBeLessThan(0.01);
  }
});
