// What requests take beyond their own time because they find their worker idle (sim/model/waking.ts), as a law: nothing for those who find
// it busy; for the others the pause is exponential, since requests come at random. A request whose page waits finds its worker once more.

import { power } from "../../config/elementary.ts";
import type { Law, Scenario } from "../../config/scenario.ts";
import { lawMean } from "../../workload/distributions.ts";
import type { RequestWork } from "./demands.ts";
import { momentsOfSum } from "./time-sum.ts";

export interface WakingLaw {
  /** Of all requests. */
  readonly law: Law;
  /** Of those that find their worker idle. */
  readonly whenIdle: Law;
  /** Of all requests. */
  readonly meanMs: number;
  readonly meanWhenIdleMs: number;
  /** Of a request whose page has waited, on its return. */
  readonly returnMs: (work: RequestWork) => number;
}

const STEPS = 128;
const HALVINGS = 50;

/**
 * @param works of the scenario's requests. @param rates of scenario time.
 * @returns null where the calibration knows no waking, or nobody comes.
 */
export function wakingLaw(
  { site, run, calibration }: Scenario,
  works: readonly RequestWork[],
  rates: { readonly perSecond: number; readonly refusedPerSecond: number },
): WakingLaw | null {
  const { waking, requestCpuMs } = calibration;
  const all = rates.perSecond + rates.refusedPerSecond;
  if (waking === undefined || waking.cpuMsMax === 0 || all === 0) return null;
  const served = rates.perSecond / all;
  const mean = (of: (work: RequestWork) => number) => works.reduce((sum, work) => sum + work.kind.share * of(work), 0);
  const perMs = (all * run.timeScale) / 1000 / (site.servers * site.workersPerServer);
  const ownMs =
    served * mean(({ core }) => momentsOfSum(core.flat()).mean) +
    (1 - served) * momentsOfSum([{ law: requestCpuMs, times: 1 }]).mean;
  // Requests that come back from the store find their worker as they left it, so pauses are those between requests and the ends of waits.
  const pauseMs = 1 / (perMs * (1 + served * mean((work) => (waitMs(work) > 0 ? 1 : 0))));
  const after = (idleMs: number) => (waking.cpuMsMax * idleMs) / (idleMs + waking.afterMs);
  const whenIdleMs = after(pauseMs);
  // Nobody has been busy since the page began to wait, or since somebody else was, whichever is the shorter.
  const backWhenIdleMs = (work: RequestWork) => after(waitMs(work) && 1 / (1 / waitMs(work) + 1 / pauseMs));
  const wokenMs = whenIdleMs + served * mean(backWhenIdleMs);
  const idle = idleShare((share) => emptyShare(site.coresPerWorker, perMs * (ownMs + share * wokenMs)));
  const lawOf = (shareIdle: number): Law => {
    const quantiles = Array.from({ length: STEPS + 1 }, (_, k) => {
      const longer = Math.min(1, (1 - k / STEPS) / shareIdle);
      return waking.cpuMsMax * (longer === 0 ? 1 : 1 - power(longer, pauseMs / waking.afterMs));
    });
    // Straight lines between quantiles miss the mean by a little.
    const { mean } = momentsOfSum([{ law: { kind: "empirical", quantiles }, times: 1 }]);
    return { kind: "empirical", quantiles: quantiles.map((ms) => (ms * shareIdle * whenIdleMs) / mean) };
  };
  if (idle === 0) return null;
  return {
    law: lawOf(idle),
    whenIdle: lawOf(1),
    meanMs: idle * whenIdleMs,
    meanWhenIdleMs: whenIdleMs,
    returnMs: (work) => idle * backWhenIdleMs(work),
  };
}

/** The works with what waking takes of those that come back from a wait: a part of the turn after it. */
export function wokenAfterWaits(works: readonly RequestWork[], waking: WakingLaw | null): readonly RequestWork[] {
  if (waking === null) return works;
  return works.map((work) => {
    const value = waking.returnMs(work);
    if (value === 0) return work;
    const { core, turnsToPage } = work;
    const woken = { law: { kind: "constant", value } as const, times: 1 };
    const last = core.length > turnsToPage ? core[core.length - 1] : [];
    return { ...work, core: [...core.slice(0, core.length > turnsToPage ? -1 : undefined), [...last, woken]] };
  });
}

function waitMs({ kind }: RequestWork): number {
  return lawMean(kind.page.waitMs);
}

/** The share that makes itself: the more of the time a worker is idle, the more often it is woken, and the less idle it is. */
function idleShare(following: (share: number) => number): number {
  let [low, high] = [0, 1];
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    if (following(middle) > middle) low = middle;
    else high = middle;
  }
  return low;
}

/** Of the time, that in which no core of a worker is busy, as in M/M/c; 0 where it is asked for more than it can do. */
function emptyShare(cores: number, erlangs: number): number {
  if (erlangs >= cores) return 0;
  let term = 1;
  let sum = 0;
  for (let busy = 0; busy < cores; busy++) {
    sum += term;
    term *= erlangs / (busy + 1);
  }
  return 1 / (sum + (term * cores) / (cores - erlangs));
}
