// How many stores a site has, each with the cap of its own, and on which of them a session is.

import type { Scenario } from "../config/scenario.ts";
import { REQUESTS_PER_STEP_MAX } from "../workload/journeys.ts";
import type { Draws } from "../workload/random-stream.ts";

/** One a worker process in process; else one, or as many as there are partitions. */
export function storesOf({ site, store }: Pick<Scenario, "site" | "store">): number {
  if (site.mode === "InProc") return site.servers * site.workersPerServer;
  return site.mode === "Off" ? 1 : store.partitions;
}

/**
 * The partition of a session by its id, which is as good as drawn: a visitor keeps one id, and who keeps no cookies has another with
 * every request. A visitor who was refused comes back to the same partition.
 */
export function partitionOf(
  draws: Draws,
  partitions: number,
  visit: number,
  withoutCookies: boolean,
  step: number,
  number: number,
): number {
  const draw = withoutCookies ? 1 + step * REQUESTS_PER_STEP_MAX + number : 0;
  return Math.floor(draws.at(visit, draw) * partitions);
}
