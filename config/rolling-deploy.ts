// A rolling deploy as what it is made of: one server after another is taken out of the farm and comes back.

import type { Fault, Scenario } from "./scenario.ts";

/** Of a rolling deploy the turn of each server, as a fault of its own; any other fault as it is. */
export function turnsOf(fault: Fault, { site, run }: Pick<Scenario, "site" | "run">): readonly Fault[] {
  if (fault.kind !== "rolling-deploy" || fault.server !== undefined) return [fault];
  return Array.from({ length: site.servers }, (_, server) => ({
    ...fault,
    server,
    atMs: fault.atMs + server * fault.everyMs * run.timeScale,
  }));
}
