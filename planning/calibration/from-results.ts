// A calibration from measured runs of somebody's own site: the few costs that a whole run can tell are changed until the simulation
// of that very run, with the same visitors, answers as it did. What one run cannot separate stays as it is in the base, and is named.

import { assert } from "../../config/assert.ts";
import { log } from "../../config/elementary.ts";
import {
  type Calibration,
  type Law,
  type Scenario,
  type StoreProvider,
  storeOperations,
} from "../../config/scenario.ts";
import { meanInterval, meanOf } from "../../metrics/confidence.ts";
import { figureKinds } from "../../metrics/figures.ts";
import { decodeHistogram, type Histogram } from "../../metrics/latency-histogram.ts";
import type { RunResult, TimeSeries } from "../../metrics/run-result.ts";
import { runReplication } from "../../sim/run-replication.ts";
import { refuseUnmodelled } from "../../sim/unmodelled.ts";
import { lawMean } from "../../workload/distributions.ts";
import { type FreeCosts, freeCostsOf, times, withCosts } from "./costs.ts";
import { type MemoryRun, memoryOf } from "./memory.ts";
import { type RemainingError, resultsEvidence } from "./results-evidence.ts";
import { descend, SMALLEST_COST_MS } from "./search.ts";
import { reshaped } from "./shape.ts";

export interface ResultsFitOptions {
  /** Whose costs they are; null where nobody knows, as of a site that was seen from outside. */
  readonly provider: StoreProvider | null;
  readonly onProgress: (share: number) => void;
  /** Asked before each simulation; false ends the fit. */
  readonly goOn: () => Promise<boolean>;
}

export interface ResultsFit {
  readonly calibration: Calibration;
  readonly errors: readonly RemainingError[];
}

/** What the search looks at, and from which relative error on it matters. */
const aims = [
  { figure: "responseP50Ms", tolerance: 0.03 },
  { figure: "responseP90Ms", tolerance: 0.1 },
  { figure: "responseP99Ms", tolerance: 0.15 },
] as const;
const shown: readonly string[] = [
  ...aims.map(({ figure }) => figure),
  "coreUtilisation",
  "memoryMeanBytes",
  "storedSessionsMean",
];

/** Requests a simulated run is cut down to, where visits come evenly. */
const REQUESTS_ENOUGH = 60_000;
const TRIALS_MAX = 48;
const RESHAPINGS = 6;
/** A normal law's 99th percentile, in standard deviations from its middle. */
const P99_SIGMAS = 2.326;
const SPREAD_USUAL = 0.5;
/** By this factor more, to see how the median moves. */
const LARGER = 1.1;
/** Loads so far apart tell what grows with them. */
const LOADS_APART = 1.4;

/**
 * @param results of journeys, whole, of one provider; their scenarios say who came.
 * @param base where costs are taken from that the results do not tell.
 * @returns null when it was ended early.
 * @throws InputError for a scenario that no simulation knows.
 */
export async function calibrationFromResults(
  results: readonly RunResult[],
  base: Calibration,
  options: ResultsFitOptions,
): Promise<ResultsFit | null> {
  assert(results.length > 0, "there is a result");
  const runs = results.map((result) => ({ result, scenario: trialScenario(result) }));
  for (const { scenario } of runs) refuseUnmodelled(scenario);
  const remote = runs[0]!.scenario.site.mode !== "InProc" && runs[0]!.scenario.site.mode !== "Off";
  let trials = 0;
  const simulated = async (calibration: Calibration): Promise<readonly Answer[] | null> => {
    const answers: Answer[] = [];
    for (const { scenario } of runs) {
      if (!(await options.goOn())) return null;
      answers.push(answerOf({ ...scenario, calibration }));
    }
    options.onProgress(Math.min(1, ++trials / TRIALS_MAX));
    return answers;
  };

  // Bytes of state, from the run as it stands: nothing about time changes them.
  const counting = { ...base, memory: { fixedBytes: 0, bytesPerSession: 0, bytesPerStateByte: 1 } };
  const first = await simulated(counting);
  if (first === null) return null;
  const memoryRuns = runs.map(({ result }, i): MemoryRun => ({ result, stateBytesMean: stateBytesMean(first[i]!) }));
  const memory = memoryOf(memoryRuns, base);

  const cores = coreTimes(results, first, base);
  const start: FreeCosts = { ...freeCostsOf(base, remote), beyondSigma: spreadOf(results) };
  const knowsCores = cores !== null;
  const apart = loadsApart(results);
  const search = await descend(
    { ...start, requestCpuMs: cores?.mean ?? start.requestCpuMs },
    [
      "beyond",
      "beyondSigma",
      ...(apart ? (["requestSigma"] as const) : []),
      ...(apart && !knowsCores ? (["requestCpuMs"] as const) : []),
    ],
    TRIALS_MAX - RESHAPINGS - 4,
    async (costs) => {
      const answers = await simulated(withCosts(base, costs, remote));
      return answers === null ? null : lossOf(results, answers);
    },
  );
  if (search === null) return null;
  const fitted: Calibration = {
    ...withCosts(base, search, remote),
    name: nameOf(results, options.provider),
    ...(options.provider === null ? {} : { provider: options.provider }),
    measured: true,
    memory: memory?.memory ?? base.memory,
    evidence: "",
  };
  const shaped = await shape(results, fitted, remote ? 0 : RESHAPINGS, simulated);
  if (shaped === null) return null;
  const { calibration, answers: last } = shaped;
  const larger = await simulated(
    remote
      ? withCosts(base, { ...search, beyond: search.beyond * LARGER }, remote)
      : { ...calibration, clientRoundTripMs: times(calibration.clientRoundTripMs, LARGER, 0) },
  );
  if (larger === null) return null;
  const intervals = {
    ...(cores?.interval == null ? {} : { "requestCpuMs.mean": cores.interval }),
    ...beyondIntervals(results, calibration, last, larger, remote),
    ...memory?.intervals,
  };
  const errors = results.flatMap((result, i) => errorsOf(i + 1, result, last[i]!));
  const evidence = resultsEvidence({ results, base, remote, apart, knowsCores, memory: memory?.how ?? null, errors });
  options.onProgress(1);
  const machine = knowsCores ? machineOf(results) : {};
  return { calibration: { ...calibration, intervals, evidence, ...machine }, errors };
}

/** One pass of the run that was measured; a long even one is cut short. */
function trialScenario({ scenario, measured }: RunResult): Scenario {
  const { run, workload } = scenario;
  const even = workload.arrivals.kind === "poisson" || workload.arrivals.kind === "constant";
  const share = even ? Math.min(1, REQUESTS_ENOUGH / Math.max(1, measured.requests)) : 1;
  const durationMs = run.warmupMs + (run.durationMs - run.warmupMs) * share;
  const { precision: _, antithetic: __, ...plain } = run;
  return { ...scenario, targets: [], run: { ...plain, fidelity: "requests", replications: 1, durationMs } };
}

/** What a simulated pass says, no more of it worked out than is looked at. */
interface Answer {
  readonly series: TimeSeries;
  readonly response: Histogram | null;
  readonly figures: ReadonlyMap<string, number | null>;
}

function answerOf(scenario: Scenario): Answer {
  const record = runReplication(scenario, scenario.run.seed);
  const figures = figureKinds
    .filter(({ key }) => shown.includes(key))
    .map(({ key, of }) => [key, of(record, scenario)] as const);
  return { series: record.series, response: record.histograms.response ?? null, figures: new Map(figures) };
}

function stateBytesMean({ series }: Answer): number {
  const sum = (column: readonly (number | null)[]) => column.reduce<number>((total, value) => total + (value ?? 0), 0);
  const stored = sum(series.columns.stored ?? []);
  return stored === 0 ? 0 : sum(series.columns.memoryBytes ?? []) / stored;
}

function figureOf(result: RunResult, key: string): number | null {
  return result.figures.find((figure) => figure.key === key)?.value ?? null;
}

interface CoreTime {
  readonly mean: number;
  readonly interval: { readonly low: number; readonly high: number } | null;
}

/**
 * Time on a core is work, and the work of the simulated run is that of the measured one but for what a request costs: what the
 * measured cores were busy longer, shared out over the requests, is what the base lacks. Measured and simulated shares are of all
 * cores of a worker and of one core; both are taken as cores.
 * @returns null where no run knows how busy its cores were.
 */
function coreTimes(results: readonly RunResult[], first: readonly Answer[], base: Calibration): CoreTime | null {
  const before = freeCostsOf(base, false).requestCpuMs;
  const means = results.flatMap((result, i) => {
    const busy = figureOf(result, "coreUtilisation");
    const predicted = first[i]!.figures.get("coreUtilisation") ?? null;
    const perSecond = figureOf(result, "requestsPerSecond");
    if (busy === null || predicted === null || perSecond === null || perSecond === 0) return [];
    const { servers, workersPerServer, coresPerWorker } = result.scenario.site;
    const cores = servers * workersPerServer * coresPerWorker;
    const perRealMs = (perSecond * result.scenario.run.timeScale) / 1000;
    return [before + (busy - predicted * cores) / perRealMs];
  });
  if (means.length === 0) return null;
  const mean = meanOf(means);
  const interval = means.length < 3 ? null : meanInterval(means, 0.95, "");
  return {
    mean: Math.max(SMALLEST_COST_MS, mean),
    interval: interval === null ? null : { low: interval.low, high: interval.high },
  };
}

/** Sigma of a log-normal law with the median and the 99th percentile of the responses, to begin with. */
function spreadOf(results: readonly RunResult[]): number {
  const spreads = results.flatMap((result) => {
    const median = figureOf(result, "responseP50Ms");
    const high = figureOf(result, "responseP99Ms");
    return median === null || high === null || median <= 0 ? [] : [log(high / median) / P99_SIGMAS];
  });
  return spreads.length === 0 ? SPREAD_USUAL : Math.max(0.1, meanOf(spreads));
}

function loadsApart(results: readonly RunResult[]): boolean {
  const loads = results.map((r) => (figureOf(r, "requestsPerSecond") ?? 0) * r.scenario.run.timeScale);
  return Math.max(...loads) > LOADS_APART * Math.min(...loads);
}

function lossOf(results: readonly RunResult[], answers: readonly Answer[]): number {
  let loss = 0;
  for (const [i, result] of results.entries()) {
    for (const { figure, tolerance } of aims) {
      const measured = figureOf(result, figure);
      const simulated = answers[i]!.figures.get(figure) ?? null;
      if (measured === null || simulated === null || measured <= 0 || simulated <= 0) continue;
      const error = log(simulated / measured) / tolerance;
      loss += error * error;
    }
  }
  return loss;
}

/**
 * The way between visitor and site, reshaped a few times; the best is kept, which may be the law it began with.
 * @returns null when it was ended early.
 */
async function shape(
  results: readonly RunResult[],
  start: Calibration,
  reshapings: number,
  simulated: (calibration: Calibration) => Promise<readonly Answer[] | null>,
): Promise<{ readonly calibration: Calibration; readonly answers: readonly Answer[] } | null> {
  const measured = results.flatMap(({ histograms: { response } }) =>
    response === undefined ? [] : [decodeHistogram(response)],
  );
  let best: { readonly calibration: Calibration; readonly answers: readonly Answer[] } | null = null;
  let leastLoss = Number.POSITIVE_INFINITY;
  let calibration = start;
  for (let round = 0; round <= reshapings; round++) {
    const answers = await simulated(calibration);
    if (answers === null) return null;
    const loss = lossOf(results, answers);
    if (loss < leastLoss || best === null) {
      best = { calibration, answers };
      leastLoss = loss;
    }
    const responses = answers.flatMap(({ response }) => (response === null ? [] : [response]));
    if (measured.length < results.length || responses.length < results.length) break;
    calibration = { ...calibration, clientRoundTripMs: reshaped(calibration.clientRoundTripMs, measured, responses) };
  }
  return best;
}

/**
 * The median's interval, carried over by how much the median moves with what lies beyond the site's own work.
 * @param larger the answers when that is LARGER times as much.
 * @returns none where a run's median has no interval.
 */
function beyondIntervals(
  results: readonly RunResult[],
  calibration: Calibration,
  at: readonly Answer[],
  larger: readonly Answer[],
  remote: boolean,
): NonNullable<Calibration["intervals"]> {
  const shares = results.flatMap(({ figures }, i) => {
    const interval = figures.find(({ key }) => key === "responseP50Ms")?.interval;
    const [here, there] = [at[i]!, larger[i]!].map((answer) => answer.figures.get("responseP50Ms") ?? null);
    if (interval === undefined || here == null || there == null || there <= here) return [];
    return [((interval.high - interval.low) / 2) * ((LARGER - 1) / (there - here))];
  });
  if (shares.length < results.length || shares.some((share) => share === 0)) return {};
  const halfShare = 1 / Math.sqrt(shares.reduce((sum, share) => sum + 1 / (share * share), 0));
  const around = (law: Law) => ({
    low: lawMean(law) * Math.max(0, 1 - halfShare),
    high: lawMean(law) * (1 + halfShare),
  });
  if (!remote) return { "clientRoundTripMs.mean": around(calibration.clientRoundTripMs) };
  return Object.fromEntries([
    ["networkRoundTripMs.mean", around(calibration.networkRoundTripMs)],
    ...storeOperations.map((name) => [`operations.${name}.storeMs.mean`, around(calibration.operations[name].storeMs)]),
  ]);
}

function errorsOf(run: number, result: RunResult, simulated: Answer): readonly RemainingError[] {
  const { servers, workersPerServer, coresPerWorker } = result.scenario.site;
  return shown.flatMap((figure) => {
    const measured = figureOf(result, figure);
    const answer = simulated.figures.get(figure) ?? null;
    if (measured === null || answer === null) return [];
    const times = figure === "coreUtilisation" ? servers * workersPerServer * coresPerWorker : 1;
    const unit = result.figures.find(({ key }) => key === figure)!.unit;
    return [{ run, figure, unit, measured, simulated: answer * times }];
  });
}

function nameOf(results: readonly RunResult[], provider: StoreProvider | null): string {
  const first = results[0]!;
  const what = provider === null ? first.label : (first.store ?? provider);
  return `${what}, fitted from ${results.length === 1 ? "a run" : `${results.length} runs`} of "${first.scenario.name}"`;
}

/** Of a site seen from outside nobody knows the machine; that of its visitors is another matter. */
function machineOf(results: readonly RunResult[]): Pick<Calibration, "machine"> {
  const { environment, store } = results[0]!;
  const { cpu, cores, platform, node, sessionlab, startedAt } = environment;
  return { machine: { cpu, cores, platform, node, store, sessionlab, measuredOn: startedAt.slice(0, 10) } };
}
