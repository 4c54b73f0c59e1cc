// One pass through a scenario in virtual time: the door to the model that a fidelity asks for.

import type { Scenario } from "../config/scenario.ts";
import type { RunRecord } from "../metrics/run-record.ts";
import { runRequests } from "./model/run-requests.ts";

/**
 * @param onProgress told the scenario time reached, now and then.
 * @returns the record, all its times in scenario time, latencies in milliseconds of the request.
 */
export function runReplication(scenario: Scenario, seed: number, onProgress?: (atMs: number) => void): RunRecord {
  return runRequests(scenario, seed, onProgress);
}
