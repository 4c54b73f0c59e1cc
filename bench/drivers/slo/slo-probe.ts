// One try of the SLO search: the scenario's visitors at one steady rate for a few seconds of real time, as a run of the journeys.
// Visits are compressed, so that those of the first second are over when measuring begins and the rate of requests is steady.
// What is not asked about is left out: faults, recycles, and the cap on sessions, which binds by how long sessions live and not by
// the rate that the site can bear.

import { InputError } from "../../../config/problem.ts";
import { withoutRecycles } from "../../../config/recycling.ts";
import type { Scenario } from "../../../config/scenario.ts";
import { UNLIMITED_SESSIONS } from "../../../config/session-settings.ts";
import { decodeHistogram, meanMs, percentileMs, recordedValues } from "../../../metrics/latency-histogram.ts";
import type { HistogramInterval, RunResult } from "../../../metrics/run-result.ts";
import type { SloProbe } from "../../../metrics/study.ts";
import { countMean, lawMean } from "../../../workload/distributions.ts";
import { arrivalsAt } from "../../../workload/scale-arrivals.ts";
import { type Evidence, type Objectives, RESPONSES_MIN, type Stretch } from "./slo-judgement.ts";

/** A steady load in real time. */
export interface ProbePlan {
  /** Real visits a second. */
  readonly visitsPerSecond: number;
  readonly timeScale: number;
  readonly warmupMs: number;
  readonly measureMs: number;
  readonly seed: number;
  /** Rows of the series; each costs the host a collection. */
  readonly samples: number;
}

/** A visit lasts about so long in a probe, and the warm-up a few times that. */
const VISIT_MS = 800;
const WARM_UP_MS = 2_000;
/** Shorter pauses would be of the length of the responses, and visitors no longer come apart from each other. */
const THINK_MS_MIN = 20;
/** Responses wanted of a probe: half as many again as p99 needs. */
const RESPONSES_WANTED = 1.5 * RESPONSES_MIN;
const MEASURE_MS_MIN = 4_000;
const MEASURE_MS_MAX = 20_000;
/** Long enough that a queue which grows shows it: it need not reach the objective, only be seen on its way there. */
const MEASURE_PER_OBJECTIVE = 5;
/** A sample now and then: a probe is not after the series. */
const SAMPLES = 8;
/** Stretches whose scatter tells what the responses are worth. */
const STRETCHES = 20;
/** A generator that starts its requests this punctually is not what makes them fail. */
const PUNCTUAL_MS = 5;

/** Page views and what they send besides. */
export function requestsPerVisit({ workload }: Scenario): number {
  const { share, requests } = workload.parallel;
  return countMean(workload.requestsPerVisit) * (1 + share * requests);
}

/** From the first page view to the last, thinking only, scenario time. */
export function visitMeanMs({ workload }: Scenario): number {
  const gaps = countMean(workload.requestsPerVisit) - 1;
  return gaps === 0 ? 0 : gaps * lawMean(workload.thinkMs);
}

/** The time scale at which `scenarioMs` last at most `realMs`, as far as the pauses of visitors allow it; whole, at least 1. */
export function timeScaleFor(scenario: Scenario, scenarioMs: number, realMs: number): number {
  const thinkMs = lawMean(scenario.workload.thinkMs);
  const most = thinkMs === 0 ? Number.POSITIVE_INFINITY : Math.floor(thinkMs / THINK_MS_MIN);
  const wanted = Math.max(scenario.run.timeScale, Math.ceil(scenarioMs / realMs));
  return Math.max(1, Math.min(wanted, most));
}

/** How a rate is tried: so compressed that whole visits fit in, and so long that its p99 is supported and a queue shows. */
export function planProbe(
  scenario: Scenario,
  visitsPerSecond: number,
  objectives: Objectives,
  seed: number,
): ProbePlan {
  const timeScale = timeScaleFor(scenario, visitMeanMs(scenario), VISIT_MS);
  const visitMs = visitMeanMs(scenario) / timeScale;
  const enoughMs = (1000 * RESPONSES_WANTED) / (visitsPerSecond * requestsPerVisit(scenario));
  const revealingMs = Math.min(MEASURE_PER_OBJECTIVE * objectives.responseP99MsMax, MEASURE_MS_MAX / 2);
  return {
    visitsPerSecond,
    timeScale,
    warmupMs: Math.max(WARM_UP_MS, Math.min(3 * visitMs, MEASURE_MS_MAX)),
    measureMs: Math.min(MEASURE_MS_MAX, Math.max(MEASURE_MS_MIN, enoughMs, revealingMs)),
    seed,
    samples: SAMPLES,
  };
}

/** @throws InputError for a trace, which cannot come at another rate. */
export function probeScenario(scenario: Scenario, plan: ProbePlan): Scenario {
  const { timeScale, warmupMs, measureMs, seed } = plan;
  const arrivals = arrivalsAt(scenario.workload.arrivals, plan.visitsPerSecond / timeScale);
  if (arrivals === null) throw fixedArrivals(scenario);
  return {
    ...scenario,
    site: { ...withoutRecycles(scenario.site), sessionsMax: UNLIMITED_SESSIONS },
    workload: { ...scenario.workload, arrivals },
    run: {
      ...scenario.run,
      timeScale,
      warmupMs: warmupMs * timeScale,
      durationMs: (warmupMs + measureMs) * timeScale,
      drainMs: 0,
      seed,
      replications: 1,
      sampleMs: ((warmupMs + measureMs) * timeScale) / plan.samples,
    },
    faults: [],
    targets: [],
  };
}

function fixedArrivals({ name }: Scenario): InputError {
  return new InputError(`Cannot search the highest rate of "${name}"`, [
    {
      at: "workload.arrivals.kind",
      given: "trace",
      expected: "arrivals that can come faster or slower: the moments of a trace are what they are",
      mend: "write { kind: poisson, perSecond: … } with its mean rate",
    },
  ]);
}

/** What a probe has shown of its rate, in equal stretches of the measured part. */
export function evidenceOf(result: RunResult, plan: ProbePlan, { responseP99MsMax }: Objectives): Evidence {
  const each = Math.max(1, result.responseIntervals.length / STRETCHES);
  const stretches: Stretch[] = [];
  for (let at = 0; at < result.responseIntervals.length; at += each) {
    stretches.push(stretchOf(result.responseIntervals.slice(at, at + each), responseP99MsMax));
  }
  const stretchMs = plan.measureMs / Math.max(1, stretches.length);
  return {
    requests: result.measured.requests,
    // Those that were due in the warm-up may fail later.
    failed: Math.min(result.measured.requests, result.measured.failed),
    probes: [{ stretches, stretchMs }],
  };
}

function stretchOf(intervals: readonly HistogramInterval[], responseP99MsMax: number): Stretch {
  let answered = 0;
  let slow = 0;
  let sumMs = 0;
  for (const interval of intervals) {
    const histogram = decodeHistogram(interval.histogram);
    answered += histogram.totalCount;
    sumMs += (meanMs(histogram) ?? 0) * histogram.totalCount;
    for (const { us, count } of recordedValues(histogram)) if (us > responseP99MsMax * 1000) slow += count;
  }
  return { answered, slow, meanMs: answered === 0 ? 0 : sumMs / answered };
}

/** false where the generator was the limit, and not the site: it was late, or too busy. */
export function believable(result: RunResult): boolean {
  if (result.audit.verdict !== "invalid") return true;
  const { startLag } = result.histograms;
  const lagMs = startLag === undefined ? null : percentileMs(decodeHistogram(startLag), 99);
  return lagMs !== null && lagMs <= PUNCTUAL_MS && result.measured.failed > 0;
}

export function describeProbe(result: RunResult, plan: ProbePlan, judged: Pick<SloProbe, "met" | "valid">): SloProbe {
  const { response } = result.histograms;
  const { requests, failed, visits } = result.measured;
  const seconds = plan.measureMs / 1000;
  const figure = (key: string) => result.figures.find((known) => known.key === key)?.value ?? null;
  return {
    requestsPerSecond: requests / seconds,
    visitsPerSecond: visits / seconds,
    responseP99Ms: response === undefined ? null : percentileMs(decodeHistogram(response), 99),
    failedShare: requests === 0 ? 0 : failed / requests,
    storedSessionsMean: figure("storedSessionsMean"),
    memoryBytes: figure("memoryMeanBytes"),
    ...judged,
    responses: response?.count ?? 0,
  };
}
