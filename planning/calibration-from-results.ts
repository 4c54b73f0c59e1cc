// A calibration from measured runs of somebody's own site: the few costs that a whole run can tell are changed until the simulation
// of that very run, with the same visitors, answers as it did. What one run cannot separate stays as it is in the base, and is named.
// Source of the search: Hooke and Jeeves, "Direct search" solution of numerical and statistical problems, 1961.

import { assert } from "../config/assert.ts";
import { log } from "../config/elementary.ts";
import type { Calibration, Scenario, StoreProvider } from "../config/scenario.ts";
import { meanInterval } from "../metrics/confidence.ts";
import { figureKinds } from "../metrics/figures.ts";
import type { RunResult, TimeSeries } from "../metrics/run-result.ts";
import { runReplication } from "../sim/run-replication.ts";
import { refuseUnmodelled } from "../sim/unmodelled.ts";
import { type FreeCosts, freeCostsOf, withCosts } from "./calibration-costs.ts";
import { type MemoryRun, memoryOf } from "./calibration-memory.ts";

export interface ResultsFitOptions {
  /** Whose costs they are; null where nobody knows, as of a site that was seen from outside. */
  readonly provider: StoreProvider | null;
  readonly onProgress: (share: number) => void;
  /** Asked before each simulation; false ends the fit. */
  readonly goOn: () => Promise<boolean>;
}

/** One figure of one run: as it was measured, and as the fitted calibration has it. */
export interface RemainingError {
  readonly label: string;
  readonly figure: string;
  readonly unit: string;
  readonly measured: number;
  readonly simulated: number;
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
const SMALLEST_COST_MS = 0.001;
const SIGMA_MAX = 2.5;
/** Loads so far apart tell what grows with them. */
const LOADS_APART = 1.4;
/** Half a step, as a factor, at which the search ends. */
const FINE_ENOUGH = 1.03;

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
  const start: FreeCosts = { ...freeCostsOf(base, remote), beyondSigma: 0.3 };
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
    async (costs) => {
      const answers = await simulated(withCosts(base, costs, remote));
      return answers === null ? null : lossOf(results, answers);
    },
  );
  if (search === null) return null;
  const costed = withCosts(base, search, remote);
  const calibration: Calibration = {
    ...costed,
    name: nameOf(results, options.provider),
    ...(options.provider === null ? {} : { provider: options.provider }),
    measured: true,
    memory: memory?.memory ?? base.memory,
    intervals: {
      ...(cores?.interval == null ? {} : { "requestCpuMs.mean": cores.interval }),
      ...beyondInterval(results, search, costed, remote),
      ...memory?.intervals,
    },
    evidence: "",
  };
  const last = await simulated(calibration);
  if (last === null) return null;
  const errors = results.flatMap((result, i) => errorsOf(result, last[i]!));
  const evidence = evidenceOf({ results, base, remote, apart, knowsCores, memory: memory?.how ?? null, errors });
  options.onProgress(1);
  return { calibration: { ...calibration, evidence, ...machineOf(results) }, errors };
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
  readonly figures: ReadonlyMap<string, number | null>;
}

function answerOf(scenario: Scenario): Answer {
  const record = runReplication(scenario, scenario.run.seed);
  const figures = figureKinds
    .filter(({ key }) => shown.includes(key))
    .map(({ key, of }) => [key, of(record, scenario)] as const);
  return { series: record.series, figures: new Map(figures) };
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
  const mean = means.reduce((sum, value) => sum + value, 0) / means.length;
  const interval = means.length < 3 ? null : meanInterval(means, 0.95, "");
  return {
    mean: Math.max(SMALLEST_COST_MS, mean),
    interval: interval === null ? null : { low: interval.low, high: interval.high },
  };
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
 * One cost after another is made larger or smaller by a factor while that helps; the factor shrinks when nothing does.
 * @returns null when it was ended early.
 */
async function descend(
  start: FreeCosts,
  free: readonly (keyof FreeCosts)[],
  lossAt: (costs: FreeCosts) => Promise<number | null>,
): Promise<FreeCosts | null> {
  let best = { ...start, ...(free.includes("requestSigma") ? { requestSigma: 0.2 } : {}) };
  let loss = await lossAt(best);
  if (loss === null) return null;
  const factors = new Map(free.map((name) => [name, 2]));
  const within = (name: keyof FreeCosts, value: number) =>
    name === "beyondSigma" || name === "requestSigma"
      ? Math.min(SIGMA_MAX, Math.max(0.02, value))
      : Math.max(SMALLEST_COST_MS, value);
  for (let trials = 1; trials < TRIALS_MAX - 2 && [...factors.values()].some((factor) => factor > FINE_ENOUGH); ) {
    for (const name of free) {
      const factor = factors.get(name)!;
      let helped = false;
      for (const step of [factor, 1 / factor]) {
        const tried = { ...best, [name]: within(name, best[name] * step) };
        if (tried[name] === best[name]) continue;
        const found = await lossAt(tried);
        trials++;
        if (found === null) return null;
        if (found >= loss) continue;
        best = tried;
        loss = found;
        helped = true;
        break;
      }
      if (!helped) factors.set(name, Math.sqrt(factor));
    }
  }
  return best;
}

/**
 * The median's interval, carried over: in process what lies beyond the site's work moves the median by as much; elsewhere by as much
 * for all calls of a request together.
 */
function beyondInterval(
  results: readonly RunResult[],
  costs: FreeCosts,
  calibration: Calibration,
  remote: boolean,
): NonNullable<Calibration["intervals"]> {
  const widths = results.flatMap(({ figures }) => {
    const median = figures.find(({ key }) => key === "responseP50Ms");
    return median?.interval === undefined ? [] : [(median.interval.high - median.interval.low) / 2];
  });
  if (widths.length < results.length || remote) return {};
  const halfWidth = 1 / Math.sqrt(widths.reduce((sum, width) => sum + 1 / (width * width), 0));
  const law = calibration.clientRoundTripMs;
  const mean = law.kind === "lognormal" ? law.mean : costs.beyond;
  const scale = mean / costs.beyond;
  const place = law.kind === "lognormal" ? "clientRoundTripMs.mean" : "clientRoundTripMs.value";
  return { [place]: { low: Math.max(0, costs.beyond - halfWidth) * scale, high: (costs.beyond + halfWidth) * scale } };
}

function errorsOf(result: RunResult, simulated: Answer): readonly RemainingError[] {
  const { servers, workersPerServer, coresPerWorker } = result.scenario.site;
  return shown.flatMap((figure) => {
    const measured = figureOf(result, figure);
    const answer = simulated.figures.get(figure) ?? null;
    if (measured === null || answer === null) return [];
    const times = figure === "coreUtilisation" ? servers * workersPerServer * coresPerWorker : 1;
    const unit = result.figures.find(({ key }) => key === figure)!.unit;
    return [{ label: result.label, figure, unit, measured, simulated: answer * times }];
  });
}

function nameOf(results: readonly RunResult[], provider: StoreProvider | null): string {
  const first = results[0]!;
  const what = provider === null ? first.label : (first.store ?? provider);
  return `${what}, fitted from ${results.length === 1 ? "a run" : `${results.length} runs`} of "${first.scenario.name}"`;
}

function machineOf(results: readonly RunResult[]): Pick<Calibration, "machine"> {
  const { environment, store } = results[0]!;
  const { cpu, cores, platform, node, sessionlab, startedAt } = environment;
  return { machine: { cpu, cores, platform, node, store, sessionlab, measuredOn: startedAt.slice(0, 10) } };
}

interface EvidenceParts {
  readonly results: readonly RunResult[];
  readonly base: Calibration;
  readonly remote: boolean;
  readonly apart: boolean;
  readonly knowsCores: boolean;
  readonly memory: string | null;
  readonly errors: readonly RemainingError[];
}

function evidenceOf({ results, base, remote, apart, knowsCores, memory, errors }: EvidenceParts): string {
  const runs = results.map(
    (r) => `"${r.scenario.name}" (${r.label}, ${r.measured.requests} requests, ${r.environment.startedAt})`,
  );
  const taken = [
    ...(knowsCores || apart ? [] : ["a request's time on a core"]),
    ...(remote
      ? [
          "the way between visitor and site",
          "what store calls take on a core",
          "how its store calls compare and grow with bytes",
          "calls at one time",
        ]
      : ["what store calls take"]),
    ...(memory === null ? ["memory"] : []),
  ];
  const core = knowsCores
    ? "A request's time on a core is what the host's processor time leaves beside pages and store calls."
    : apart
      ? "A request's time on a core is what makes response times grow with the load."
      : "How busy the cores were is not known.";
  const beyond = remote
    ? "What of the response lies beyond is laid on the store, every call so many times slower than in the base."
    : "What of the response lies beyond is laid on the way between visitor and site.";
  const spread = apart
    ? "Spread is that which fits all loads."
    : "One load does not tell the spread of the core's time: it is a constant.";
  return [
    `Fitted from ${runs.join("; ")}, by simulating the same visitors until the answer was the same.`,
    core,
    beyond,
    spread,
    ...(memory === null ? [] : [`${memory[0]!.toUpperCase()}${memory.slice(1)}.`]),
    `From "${base.name}"${base.measured ? "" : ", which is an assumption"}: ${taken.join(", ")}.`,
    `What remains, simulated against measured: ${errors.map(errorText).join("; ")}.`,
  ].join(" ");
}

export function errorText({ figure, measured, simulated }: RemainingError): string {
  const percent = measured === 0 ? 0 : (simulated / measured - 1) * 100;
  return `${figure} ${percent < 0 ? "−" : "+"}${Math.abs(percent).toFixed(1)} %`;
}
