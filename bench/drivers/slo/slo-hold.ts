// What the site holds at a rate that it can bear: sessions and memory. Probes are too short for that: sessions outlive them. So the
// rate is held once more in a time so compressed that a session's whole life passes, and what is then stored is what Little's law
// multiplies out again: at the same rate in real time sessions live timeScale times as long, and so many more are stored.
// Memory is that without sessions and so much for each: the growth of the memory over the growth of the sessions.

import type { Scenario } from "../../../config/scenario.ts";
import { meanInterval, meanOf } from "../../../metrics/confidence.ts";
import type { ClosedForm, Estimate, RunResult } from "../../../metrics/run-result.ts";
import { countMean, lawMeanBelow, normalQuantile } from "../../../workload/distributions.ts";
import { type ProbePlan, requestsPerVisit, timeScaleFor, visitMeanMs } from "./slo-probe.ts";

export interface Held {
  readonly sessions: Estimate | null;
  readonly memoryBytes: Estimate | null;
  /** Were really stored while it was held. */
  readonly storedThen: number | null;
  readonly closedForm: ClosedForm | null;
}

/** Of a session's life while the rate is held. */
const LIFE_MS = 7_000;
/** Sessions that live longer even so are not waited for. */
const LIFE_MS_MAX = 25_000;
/** By then the last of those who came at first are gone; thinking times have long tails. */
const LIVES_WARM_UP = 1.4;
const HOLD_MS = 6_000;
/** Of the normal distribution: 95 % within. */
const Z = normalQuantile(0.975);
const SAMPLES = 60;
/** Memory samples: fewer make no interval. In process each costs a collection, so that there are few. */
const SAMPLES_MIN = 3;

/** Scenario time a session is stored: browsing, the timeout, and half a round of whatever removes it; null for ever. */
export function lifeMs(scenario: Scenario): number | null {
  const { timeoutMs, mode } = scenario.site;
  const sweepMs = sweepOf(scenario);
  if (mode === "Off" || timeoutMs === null || sweepMs === null) return null;
  return visitMeanMs(scenario) + timeoutMs + sweepMs / 2;
}

/** The job of the tables; the sweep of the others, which Redis and the like do not need. */
function sweepOf({ site, store }: Scenario): number | null {
  if (site.mode === "InProc" || store.provider === "state-server" || store.provider === "in-proc")
    return site.expirySweepMs;
  return ["sqlserver", "postgresql", "mariadb", "sqlite"].includes(store.provider) ? site.deleteJobMs : 0;
}

/** null where sessions live too long for it, and where there are as many as there are whatever the rate. */
export function planHold(scenario: Scenario, visitsPerSecond: number, seed: number): ProbePlan | null {
  const life = lifeMs(scenario);
  if (life === null || scenario.workload.population !== undefined) return null;
  const timeScale = timeScaleFor(scenario, life, LIFE_MS);
  const realLifeMs = life / timeScale;
  if (realLifeMs > LIFE_MS_MAX) return null;
  return {
    visitsPerSecond,
    timeScale,
    warmupMs: LIVES_WARM_UP * realLifeMs,
    measureMs: HOLD_MS,
    seed,
    samples: SAMPLES,
  };
}

/**
 * @param result of holding `plan`.
 * @param ends of the answer, in visits a second; what was held is carried over to its middle and ends in proportion.
 */
export function heldBy(
  scenario: Scenario,
  result: RunResult,
  plan: ProbePlan,
  visits: { readonly value: number; readonly low: number; readonly high: number },
): Held {
  const closedForm = littlesLaw(scenario, visits.value);
  const storedThen = result.figures.find(({ key }) => key === "storedSessionsMean")?.value ?? null;
  if (storedThen === null || storedThen === 0)
    return { sessions: null, memoryBytes: null, storedThen: null, closedForm };
  const perVisitRate = (plan.timeScale * storedThen) / plan.visitsPerSecond;
  // Sessions that come at random and live for a while are a Poisson number at any moment, and a window shorter than a life is one.
  const scatter = Z / Math.sqrt(storedThen);
  const method = "the rate's bracket, and 95 % of a Poisson number of stored sessions";
  const sessions: Estimate = {
    value: perVisitRate * visits.value,
    interval: {
      low: perVisitRate * visits.low * Math.max(0, 1 - scatter),
      high: perVisitRate * visits.high * (1 + scatter),
      method,
    },
  };
  return { sessions, memoryBytes: memoryOf(result, plan, sessions), storedThen, closedForm };
}

function memoryOf(result: RunResult, plan: ProbePlan, sessions: Estimate): Estimate | null {
  const fixed = fixedBytes(result);
  if (fixed === null) return null;
  const stored = column(result, "stored", plan);
  const each = column(result, "memoryBytes", plan).flatMap((bytes, row) => {
    const count = stored[row];
    return bytes === null || count === null || count === 0 ? [] : [(bytes - fixed) / count];
  });
  if (each.length === 0 || meanOf(each) <= 0) return null;
  const interval = each.length < SAMPLES_MIN ? null : meanInterval(each, 0.95, "");
  const at = (bytesEach: number, count: number) => fixed + Math.max(0, bytesEach) * count;
  return {
    value: at(meanOf(each), sessions.value),
    interval:
      interval === null || sessions.interval === null
        ? null
        : {
            low: at(interval.low, sessions.interval.low),
            high: at(interval.high, sessions.interval.high),
            method: `the interval of the sessions, and 95 % of the bytes of each in ${each.length} samples, Student's t`,
          },
  };
}

/** The first sample of all: nobody has come yet. */
function fixedBytes({ series }: RunResult): number | null {
  const at = (series.columns.memoryBytes ?? []).findIndex((bytes) => bytes !== null);
  return at < 0 ? null : (series.columns.memoryBytes[at] ?? null);
}

function column({ series }: RunResult, name: string, plan: ProbePlan): (number | null)[] {
  const fromMs = plan.warmupMs * plan.timeScale;
  return (series.columns[name] ?? []).filter((_, row) => series.atMs[row] >= fromMs);
}

/** Only where each visit is one session from its first page on, which then nobody ends. */
function littlesLaw(scenario: Scenario, visitsPerSecond: number): ClosedForm | null {
  const { workload, site } = scenario;
  const { pages, logoutShare, withoutCookiesShare, thinkMs } = workload;
  const life = lifeMs(scenario);
  const stores = site.sessionStart
    ? pages.every(({ session }) => session !== "none")
    : pages.every(({ session, changedShare }) => session === "read-write" && changedShare === 1);
  if (life === null || !stores || logoutShare > 0 || withoutCookiesShare > 0 || site.timeoutMs === null) return null;
  const browsingMs = (countMean(workload.requestsPerVisit) - 1) * lawMeanBelow(thinkMs, site.timeoutMs);
  const storedSeconds = (life - visitMeanMs(scenario) + browsingMs) / 1000;
  const say = (value: number) => String(Number(value.toPrecision(4)));
  return {
    value: visitsPerSecond * storedSeconds,
    name: "Little's law",
    sum: `${say(visitsPerSecond * requestsPerVisit(scenario))} requests/s ÷ ${say(requestsPerVisit(scenario))} × ${say(storedSeconds)} s`,
  };
}
