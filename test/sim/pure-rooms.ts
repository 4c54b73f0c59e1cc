// What the pure rooms answer, as one text: what is compared between one JavaScript engine and another.

import type { Scenario } from "../../config/scenario.ts";
import { closedForms, closedFormsOf, simulate, simulatePaired } from "../../sim/index.ts";

/** Scenarios as they are asked for, and what came of each: every figure, series and difference. */
export function answersTo(scenarios: readonly Scenario[]): string {
  const results = scenarios.map((scenario) => simulate(scenario));
  const paired = simulatePaired(scenarios[0], scenarios[1]);
  return JSON.stringify({ results, paired, forms: scenarios.map(closedFormsOf), formulas: formulas() });
}

/** Each closed form once, with arguments that reach its logarithms and exponentials. */
function formulas(): readonly unknown[] {
  const queue = { arrivalsPerSecond: 7.3, serviceSeconds: 0.123 };
  const thinkMs = { kind: "lognormal", mean: 61_000, sigma: 1.5 } as const;
  const session = { thinkMs, timeoutMs: 300_000 };
  const requestsPerVisit = { kind: "geometric", mean: 4.7 } as const;
  const stay = closedForms.stayOf({ kind: "pareto", min: 12_000, shape: 1.7 });
  const visit = { requestsMean: 4.7, thinkMeanMs: 61_000, timeoutMs: 300_000, sweepMs: 20_000 };
  const lattice = closedForms.visitLattice({
    ...session,
    requestsMean: 4.7,
    sweepMs: 20_000,
    untilMs: 1e6,
    steps: 200,
  });
  const ramp = { kind: "ramp", fromPerSecond: 1, toPerSecond: 9, overMs: 600_000 } as const;
  return [
    closedForms.erlangB(831, 823.4),
    closedForms.erlangBPlaces(73_512.3, 0.001),
    closedForms.erlangBLoad(15, 0.013),
    closedForms.erlangC(11, 8.3),
    closedForms.serversForWaitWithin(8.3, 0.7, 0.2, 0.05),
    closedForms.engset(3, 17, 0.333),
    closedForms.mmc({ ...queue, servers: 2 }),
    closedForms.mmcWaitQuantile({ ...queue, servers: 1 }, 0.987),
    closedForms.mm1k({ ...queue, places: 20 }),
    closedForms.md1WaitQuantile(queue, 0.987),
    closedForms.mg1({ arrivalsPerSecond: 7.3, serviceSecondsMean: 0.1, serviceSecondsVariance: 0.07 }),
    closedForms.machineRepair({ machines: 117, repairers: 3, upSeconds: 813.7, repairSeconds: 19.3 }),
    closedForms.mva({ customers: [7, 3], stations: [{ kind: "queue", demandSeconds: [0.31, 0.17] }] }),
    closedForms.poissonPmf(1234, 1200.7),
    closedForms.poissonQuantile(0.999, 1200.7),
    closedForms.sessionLife({ ...session, requestsPerVisit }),
    closedForms.slidingSession({
      ...session,
      requestsMean: 4.7,
      sweepMs: 60_000,
      revives: true,
      logoutShare: 0.1,
      singleShare: 0.2,
    }),
    closedForms.mgInfinityMean(3.1, closedForms.visitStay(visit), 500_000),
    closedForms.mtgInfinityMean((ms) => 1 + ms / 1e6, stay, 500_000),
    closedForms.windowMeanOfArrivals(ramp, stay, 100_000, 900_000),
    lattice.storedBelowMs(777_777),
    closedForms.requestsByAge(visit, 500_000),
  ];
}
