// Whether replications of a scenario agree with a closed form: the truth lies inside a 99.9 % interval computed over them.

import type { Scenario } from "../../config/scenario.ts";
import { meanInterval } from "../../metrics/confidence.ts";
import type { RunRecord } from "../../metrics/run-record.ts";
import { closedFormsOf } from "../../sim/analytic/closed-forms.ts";
import { runReplication } from "../../sim/run-replication.ts";
import { replicationSeed } from "../../workload/random-stream.ts";

export type Figure = (record: RunRecord) => number;
export const storedMean: Figure = (record) => record.observations.storedSessionsMean ?? Number.NaN;
export const liveMean: Figure = (record) => record.observations.liveSessionsMean ?? Number.NaN;
export const lifetimeSeconds: Figure = (record) => (record.observations.sessionLifetimeMeanMs ?? Number.NaN) / 1000;
export const refusedShare: Figure = ({ measured }) => measured.refused / measured.arrivals;

export function replicate(scenario: Scenario): RunRecord[] {
  const { replications, seed } = scenario.run;
  return Array.from({ length: replications }, (_, n) => runReplication(scenario, replicationSeed(seed, n)));
}

export function agrees(records: readonly RunRecord[], figure: Figure, truth: number): boolean {
  const interval = meanInterval(records.map(figure), 0.999, "");
  return interval !== null && interval.low <= truth && truth <= interval.high;
}

export function formOf(scenario: Scenario, key: string): number {
  const form = closedFormsOf(scenario)[key];
  if (form === undefined) throw new Error(`no closed form for ${key}`);
  return form.value;
}
