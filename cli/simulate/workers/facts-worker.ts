// What a worker thread does for a plan: one replication, and what the plan keeps of it.

import type { Scenario } from "../../../config/scenario.ts";
import type { HistogramName } from "../../../metrics/run-record.ts";
import { type Facts, factsOf } from "../../../planning/plan/facts.ts";
import { runReplication } from "../../../sim/run-replication.ts";

export interface FactsTask {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly histograms: readonly HistogramName[];
}

export default function runFacts({ scenario, seed, histograms }: FactsTask): Facts {
  return factsOf(scenario, runReplication(scenario, seed), histograms);
}
