// What a worker thread does with a whole point: all its replications, one after another, and what they come to. Only that leaves the
// thread: records and their histograms would take longer to pass than they took to make.

import type { Scenario } from "../../../config/scenario.ts";
import type { PointOutcome } from "../../../metrics/sweep/point.ts";
import { concludePoint } from "../../../sim/conclude-point.ts";
import { runReplications } from "../../../sim/simulate.ts";

export interface PointTask {
  readonly scenario: Scenario;
  /** Shared memory: the share that is done of each point, 0 to 1. */
  readonly shares: Float64Array;
  /** The place of this one. */
  readonly place: number;
}

export default function runPoint({ scenario, shares, place }: PointTask): PointOutcome {
  const records = runReplications(scenario, {
    onProgress: (share) => {
      shares[place] = share;
    },
  });
  return concludePoint(scenario, records);
}
