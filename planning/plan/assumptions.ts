// What a scenario takes for granted, each turned up or down by a factor: a plan asks of each how far the answer leans on it.

import { scaleLaw } from "../../config/scale-law.ts";
import type { CountLaw, OperationCost, Scenario, StoreOperation } from "../../config/scenario.ts";
import { scaleArrivals } from "../../workload/scale-arrivals.ts";

export interface Assumption {
  readonly name: string;
  /** Turning it changes nothing in this scenario. */
  readonly idle: (scenario: Scenario) => boolean;
  readonly turned: (scenario: Scenario, factor: number) => Scenario;
}

const inWorkload = (scenario: Scenario, change: Partial<Scenario["workload"]>): Scenario => ({
  ...scenario,
  workload: { ...scenario.workload, ...change },
});
const inCalibration = (scenario: Scenario, change: Partial<Scenario["calibration"]>): Scenario => ({
  ...scenario,
  calibration: { ...scenario.calibration, ...change },
});
const takesNoTime = ({ run }: Scenario) => run.fidelity === "population";
const never = () => false;

export const assumptions: readonly Assumption[] = [
  {
    name: "arrival rate",
    idle: never,
    turned: (scenario, factor) => inWorkload(scenario, { arrivals: scaleArrivals(scenario.workload.arrivals, factor) }),
  },
  {
    name: "think time",
    idle: never,
    turned: (scenario, factor) => inWorkload(scenario, { thinkMs: scaleLaw(scenario.workload.thinkMs, factor) }),
  },
  {
    name: "requests a visit",
    idle: ({ workload }) => workload.requestsPerVisit.kind === "fixed" && workload.requestsPerVisit.value === 1,
    turned: (scenario, factor) =>
      inWorkload(scenario, { requestsPerVisit: scaleCount(scenario.workload.requestsPerVisit, factor) }),
  },
  {
    name: "page CPU",
    idle: takesNoTime,
    turned: (scenario, factor) =>
      inWorkload(scenario, {
        pages: scenario.workload.pages.map((page) => ({ ...page, cpuMs: scaleLaw(page.cpuMs, factor) })),
      }),
  },
  {
    name: "request CPU",
    idle: takesNoTime,
    turned: (scenario, factor) =>
      inCalibration(scenario, { requestCpuMs: scaleLaw(scenario.calibration.requestCpuMs, factor) }),
  },
  {
    name: "service time of the store",
    idle: takesNoTime,
    turned: (scenario, factor) =>
      inCalibration(scenario, { operations: scaleOperations(scenario.calibration.operations, factor) }),
  },
  {
    name: "state size",
    idle: never,
    turned: (scenario, factor) => inWorkload(scenario, { stateBytes: scaleLaw(scenario.workload.stateBytes, factor) }),
  },
  {
    name: "share of visits that log out",
    idle: ({ workload }) => workload.logoutShare === 0,
    turned: (scenario, factor) =>
      inWorkload(scenario, { logoutShare: Math.min(1, scenario.workload.logoutShare * factor) }),
  },
  {
    name: "memory a session",
    idle: never,
    turned(scenario, factor) {
      const { memory } = scenario.calibration;
      return inCalibration(scenario, {
        memory: {
          ...memory,
          bytesPerSession: memory.bytesPerSession * factor,
          bytesPerStateByte: memory.bytesPerStateByte * factor,
        },
      });
    },
  },
];

/** The mean multiplied; whole numbers are rounded, and none falls below 1. */
function scaleCount(law: CountLaw, factor: number): CountLaw {
  const whole = (value: number) => Math.max(1, Math.round(value * factor));
  switch (law.kind) {
    case "fixed":
      return { ...law, value: whole(law.value) };
    case "geometric":
      return { ...law, mean: Math.max(1, law.mean * factor) };
    case "empirical":
      return { ...law, values: law.values.map(whole) };
  }
}

function scaleOperations(
  operations: Readonly<Record<StoreOperation, OperationCost>>,
  factor: number,
): Record<StoreOperation, OperationCost> {
  const scaled = { ...operations };
  for (const [name, cost] of Object.entries(operations) as [StoreOperation, OperationCost][]) {
    scaled[name] = { ...cost, storeMs: scaleLaw(cost.storeMs, factor), storeMsPerKiB: cost.storeMsPerKiB * factor };
  }
  return scaled;
}
