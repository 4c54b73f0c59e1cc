// One pass through a scenario in virtual time: the door to the model that a fidelity asks for.

import type { Scenario } from "../config/scenario.ts";
import type { RunRecord } from "../metrics/run-record.ts";
import { runRequests } from "./model/run-requests.ts";
import { runPopulation } from "./population/run-population.ts";
import type { ReplicationOptions } from "./replication-plan.ts";

/** @returns the record, all its times in scenario time, latencies in milliseconds of the request. */
export function runReplication(scenario: Scenario, seed: number, options: ReplicationOptions = {}): RunRecord {
  if (scenario.run.fidelity === "population") return runPopulation(scenario, seed, options);
  return runRequests(scenario, seed, options);
}
