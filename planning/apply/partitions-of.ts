// How many stores the sessions are spread over.

import type { Scenario } from "../../config/scenario.ts";

/** At least 1; in process there is nothing to spread. */
export function partitionsOf({ site, store }: Scenario): number {
  return site.mode === "InProc" || site.mode === "Off" ? 1 : store.partitions;
}
