// What requests take beyond their own time because their worker has not had one for a while (sim/model/waking.ts), as a law: requests come at
// random, so the pauses between them are exponential. A request whose page waits is late once more when it comes back to an idle worker.

import { power } from "../../config/elementary.ts";
import type { Law, Scenario } from "../../config/scenario.ts";
import { lawMean } from "../../workload/distributions.ts";
import type { RequestWork } from "./demands.ts";
import { momentsOfSum } from "./time-sum.ts";

export interface WakingLaw {
  /** At its beginning. */
  readonly law: Law;
  readonly meanMs: number;
  /** Of a request whose page has waited, on its return. */
  readonly returnMs: (work: RequestWork) => number;
}

const STEPS = 40;

/**
 * @param works of the scenario's requests. @param rates of scenario time.
 * @returns null where the calibration knows no waking, or nobody comes.
 */
export function wakingLaw(
  { site, run, calibration }: Scenario,
  works: readonly RequestWork[],
  rates: { readonly perSecond: number; readonly refusedPerSecond: number },
): WakingLaw | null {
  const { waking } = calibration;
  const all = rates.perSecond + rates.refusedPerSecond;
  if (waking === undefined || waking.cpuMsMax === 0 || all === 0) return null;
  const { cpuMsMax, afterMs } = waking;
  const waiting = works.reduce((sum, work) => sum + (waitMs(work) > 0 ? work.kind.share : 0), 0);
  const perSecond = all + rates.perSecond * waiting;
  const pauseMs = (1000 * site.servers * site.workersPerServer) / (perSecond * run.timeScale);
  const meanAfter = (meanPauseMs: number) => (cpuMsMax * meanPauseMs) / (meanPauseMs + afterMs);
  const meanMs = meanAfter(pauseMs);
  const idle = idleShare();
  const quantiles = Array.from({ length: STEPS + 1 }, (_, k) => {
    const longer = 1 - k / STEPS;
    return cpuMsMax * (longer === 0 ? 1 : 1 - power(longer, pauseMs / afterMs));
  });
  // Straight lines between quantiles miss the mean by a little.
  const { mean } = momentsOfSum([{ law: { kind: "empirical", quantiles }, times: 1 }]);
  return {
    law: { kind: "empirical", quantiles: quantiles.map((ms) => (ms * meanMs) / mean) },
    meanMs,
    returnMs(work) {
      const wait = waitMs(work);
      if (wait === 0) return 0;
      // Since it began itself, or since another did, whichever was later.
      const awayMs = wait + momentsOfSum(work.core.slice(0, work.turnsToPage).flat()).mean;
      return idle * meanAfter(1 / (1 / awayMs + 1 / pauseMs));
    },
  };

  /** Of the time in which a worker has nothing to do: exact for one core. */
  function idleShare(): number {
    const workMs = works.reduce((sum, { kind, core }) => sum + kind.share * momentsOfSum(core.flat()).mean, 0);
    const busyMs = rates.perSecond * workMs + all * meanMs;
    const busy = (busyMs * run.timeScale) / 1000 / site.servers / site.workersPerServer / site.coresPerWorker;
    return power(Math.max(0, 1 - busy), site.coresPerWorker);
  }
}

/** The works with what waking takes of those that come back from a wait: a part of the turn in which they do. */
export function wokenAfterWaits(works: readonly RequestWork[], waking: WakingLaw | null): readonly RequestWork[] {
  if (waking === null) return works;
  return works.map((work) => {
    const value = waking.returnMs(work);
    if (value === 0) return work;
    const { core, turnsToPage } = work;
    const woken = { law: { kind: "constant", value } as const, times: 1 };
    return { ...work, core: core.map((turn, i) => (i === turnsToPage ? [...turn, woken] : turn)) };
  });
}

function waitMs({ kind }: RequestWork): number {
  return lawMean(kind.page.waitMs);
}
