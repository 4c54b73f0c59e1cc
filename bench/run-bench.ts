// The one door of bench: a scenario, a driver, a RunResult. A driver's code is loaded only when it is asked for.

import type { Scenario } from "../config/scenario.ts";
import type { DriverName, RunResult } from "../metrics/run-result.ts";
import type { BenchOptions } from "./bench-options.ts";
import { withSiteApart } from "./site-processors.ts";

export type { BenchOptions, BenchProgress } from "./bench-options.ts";

type Driver = (scenario: Scenario, options: BenchOptions) => Promise<RunResult>;

const drivers: Partial<Readonly<Record<DriverName, () => Promise<Driver>>>> = {
  journeys: async () => (await import("./drivers/journeys/run-journeys.ts")).runJourneys,
  saturation: async () => (await import("./drivers/saturation/saturation.ts")).runSaturation,
  memory: async () => (await import("./drivers/memory/run-memory.ts")).runMemory,
  locks: async () => (await import("./drivers/locks/run-locks.ts")).runLocks,
  slo: async () => (await import("./drivers/slo/slo.ts")).runSlo,
  micro: async () => (await import("./drivers/micro/micro.ts")).runMicro,
};

/** The others call the store themselves. */
const drivesSite: readonly DriverName[] = ["journeys", "saturation", "locks", "slo"];

/**
 * Runs the driver once over the scenario, whatever its number of replications.
 * @throws InputError for a site that bench cannot drive (several workers), and for a store that cannot be started or reached.
 */
export async function runBench(scenario: Scenario, options: BenchOptions): Promise<RunResult> {
  const load = drivers[options.driver];
  if (load === undefined) throw new Error(`no driver ${options.driver}`);
  const drive = await load();
  // Experiments are about site and store; what strikes them strikes the visitors of the journeys alone.
  const asked = options.driver === "journeys" ? scenario : { ...scenario, faults: [] };
  const work = () => drive(asked, options);
  const apart = options.processors === "apart" && options.through === "http" && drivesSite.includes(options.driver);
  return apart ? withSiteApart(scenario.site.coresPerWorker, work) : work();
}
