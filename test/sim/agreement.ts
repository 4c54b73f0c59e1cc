// Whether replications of a scenario agree with a closed form: the truth lies inside a 99.9 % interval computed over them.

import type { Scenario } from "../../config/scenario.ts";
import { meanInterval } from "../../metrics/confidence.ts";
import type { RunRecord } from "../../metrics/run-record.ts";
import { closedFormsOf } from "../../sim/analytic/closed-forms.ts";
import { neglectedShare, refusalSwing } from "../../sim/analytic/neglected.ts";
import { slidingSession } from "../../sim/analytic/sliding-session.ts";
import { runReplication } from "../../sim/run-replication.ts";
import { countMean } from "../../workload/distributions.ts";
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
  if (form === undefined) throw new Error(`no closed form for ${key}: ${JSON.stringify(whatDecides(scenario))}`);
  return form.value;
}

/** What decides about the closed forms, worked out anew: where it allows the form, the engine had miscalculated before. */
function whatDecides(scenario: Scenario): object {
  const { workload, site, run } = scenario;
  const { arrivals, requestsPerVisit, thinkMs, logoutShare } = workload;
  const perSecond = arrivals.kind === "poisson" ? arrivals.perSecond : Number.NaN;
  const timeoutMs = site.timeoutMs ?? Number.NaN;
  const sweepMs = (site.mode === "SQLServer" ? site.deleteJobMs : site.expirySweepMs) ?? Number.NaN;
  const requestsMean = countMean(requestsPerVisit);
  const revives = site.mode === "SQLServer";
  const session = slidingSession({ requestsMean, thinkMs, timeoutMs, sweepMs, revives, logoutShare, singleShare: 0 });
  return {
    formsAnew: Object.keys(closedFormsOf(scenario)),
    neglected: neglectedShare(scenario, perSecond, session),
    swing: refusalSwing(scenario, (perSecond * session.storedMsPerVisit) / 1000, session),
    session,
    scenario: { site, run, arrivals, requestsPerVisit, thinkMs, logoutShare },
  };
}
