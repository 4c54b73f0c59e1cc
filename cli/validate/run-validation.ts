// A validation from its first measurement to its last: of each provider first what it serves at most, then every load, benched and
// simulated with the same visitors. Ended early, it keeps the loads that were done.

import { runBench } from "../../bench/run-bench.ts";
import { AssertionError } from "../../config/assert.ts";
import type { Scenario, StoreProvider } from "../../config/scenario.ts";
import { UNLIMITED_SESSIONS } from "../../config/session-settings.ts";
import type { Audit, RunResult } from "../../metrics/run-result.ts";
import { distributionPair, judgeLoad } from "../../metrics/validation/judge-load.ts";
import type { LoadValidation, ProviderValidation, SaturationFound } from "../../metrics/validation/validation.ts";
import { forRequests, scenarioAtLoad } from "../../planning/scenario-at-load.ts";
import { saturationOf } from "../../sim/analytic/demands.ts";
import { predictRun } from "../../sim/predict/predict-run.ts";
import { describeEnvironment } from "../environment.ts";
import type { Tell } from "../interruptible.ts";
import { commandLine } from "../options.ts";
import type { KeptRuns } from "./kept-runs.ts";
import { predict } from "./predict.ts";
import type { Subject } from "./subjects.ts";

export interface ValidationRunOptions {
  /** In rising order. */
  readonly loads: readonly number[];
  /** Requests a second instead of measuring it; null: measure. */
  readonly saturation: number | null;
  /** In the measured part of each load; null: as many as come in the scenario's. */
  readonly requests: number | null;
  /** Benches of each load. */
  readonly repeats: number;
  readonly replications: number;
  readonly scaleCap: boolean;
  /** Instead of benches; null: measure. */
  readonly kept: KeptRuns | null;
  readonly signal: AbortSignal;
  readonly tell: Tell;
  /** Every result as it comes, under a name that says what it is. */
  readonly onResult: (name: string, result: RunResult) => Promise<void>;
}

/** Real seconds: a saturation with its start, what a bench needs around its load. */
const SATURATION_SECONDS = 15;
const AROUND_SECONDS = 4;

/** @param labels of the providers, with engine and version. @returns those that were begun, each with the loads that were done. */
export async function runValidation(
  subjects: readonly Subject[],
  labels: ReadonlyMap<StoreProvider, string>,
  options: ValidationRunOptions,
): Promise<readonly ProviderValidation[]> {
  const done: ProviderValidation[] = [];
  const clock = createWorkClock(validationSeconds(subjects, options), options.tell);
  for (const subject of subjects) {
    if (options.signal.aborted) break;
    done.push(await validateOne(subject, labels.get(subject.provider) ?? subject.provider, clock, options));
  }
  return done;
}

/** How long it will take, in real seconds. */
export function validationSeconds(
  subjects: readonly Subject[],
  options: Pick<
    ValidationRunOptions,
    "loads" | "saturation" | "repeats" | "replications" | "requests" | "scaleCap" | "kept"
  >,
): number {
  return subjects.reduce((sum, { scenario }) => {
    const most = options.saturation ?? saturationOf(scenario).requestsPerSecond;
    const measures = options.kept === null;
    const loads = options.loads.map((share) => {
      const loaded = atLoad(scenario, share * most, options).scenario;
      return (measures ? options.repeats * benchSeconds(loaded) : 0) + simulationSeconds(loaded, options);
    });
    const before = measures && options.saturation === null ? SATURATION_SECONDS : 0;
    return sum + before + loads.reduce((all, one) => all + one, 0);
  }, 0);
}

function atLoad(
  scenario: Scenario,
  requestsPerSecond: number,
  { scaleCap, requests }: Pick<ValidationRunOptions, "scaleCap" | "requests">,
) {
  const loaded = scenarioAtLoad(scenario, requestsPerSecond, scaleCap);
  return requests === null ? loaded : { ...loaded, scenario: forRequests(loaded.scenario, requests) };
}

function benchSeconds({ run }: Scenario): number {
  return run.durationMs / run.timeScale / 1000 + AROUND_SECONDS;
}

function simulationSeconds(scenario: Scenario, { replications }: Pick<ValidationRunOptions, "replications">): number {
  return predictRun(scenario, 1).seconds * replications;
}

interface WorkClock {
  /** A piece of work of so many seconds begins; what it tells of itself is its own share. */
  begin(seconds: number, title: string): (share: number, note?: string) => void;
}

function createWorkClock(allSeconds: number, tell: Tell): WorkClock {
  let before = 0;
  let current = 0;
  return {
    begin(seconds, title) {
      before += current;
      current = seconds;
      return (share, note = "") =>
        tell((before + Math.min(1, share) * seconds) / allSeconds, note === "" ? title : `${title}: ${note}`);
    },
  };
}

async function validateOne(
  subject: Subject,
  label: string,
  clock: WorkClock,
  options: ValidationRunOptions,
): Promise<ProviderValidation> {
  const loads: LoadValidation[] = [];
  let saturation: SaturationFound | null = null;
  const told = (failure: string | null): ProviderValidation => {
    const { provider, calibration, notes } = subject;
    return { provider, label, calibration, saturation, loads, notes, failure };
  };
  try {
    saturation = await findSaturation(subject, clock, options);
    if (saturation === null) return told(options.signal.aborted ? "ended early" : "it served nothing under full load");
    for (const share of options.loads) {
      const load = await validateLoad(subject, share, share * saturation.requestsPerSecond, clock, options);
      if (load === null) return told("ended early");
      loads.push(load);
    }
    return told(null);
  } catch (error) {
    if (!(error instanceof BenchFailed)) throw error;
    return told(error.message.replaceAll(/\n\s*/g, " "));
  }
}

async function findSaturation(
  subject: Subject,
  clock: WorkClock,
  options: ValidationRunOptions,
): Promise<SaturationFound | null> {
  const { scenario, provider } = subject;
  const { requestsPerSecond: predictedPerSecond, station: bottleneck } = saturationOf(scenario);
  const about = { predictedPerSecond, bottleneck };
  if (options.saturation !== null) {
    const given = { interval: null, how: "given", audit: "valid", findings: [] } as const;
    return { requestsPerSecond: options.saturation, ...given, ...about };
  }
  const tell = clock.begin(SATURATION_SECONDS, `${provider}, saturation`);
  const result = await measure(`${provider}-saturation`, subject, scenario, "saturation", tell, options);
  const figure = result.figures.find(({ key }) => key === "saturationRequestsPerSecond");
  if (!result.complete || figure === undefined || figure.value === null || figure.value === 0) return null;
  const { verdict: audit, findings } = result.audit;
  const interval = figure.interval ?? null;
  return { requestsPerSecond: figure.value, interval, how: "measured", audit, findings, ...about };
}

async function validateLoad(
  subject: Subject,
  share: number,
  requestsPerSecond: number,
  clock: WorkClock,
  options: ValidationRunOptions,
): Promise<LoadValidation | null> {
  const { provider } = subject;
  const { scenario, factor } = atLoad(subject.scenario, requestsPerSecond, options);
  const percent = `${Math.round(share * 1000) / 10} %`;
  const startedAt = new Date();
  const predicted = await predict(scenario, {
    replications: options.replications,
    command: commandLine(),
    environment: () => describeEnvironment(startedAt, (Date.now() - startedAt.getTime()) / 1000),
    signal: options.signal,
    onProgress: clock.begin(simulationSeconds(scenario, options), `${provider} at ${percent}, simulating`),
  });
  if (predicted === null) return null;
  await options.onResult(`${loadName(provider, share)}-simulated`, predicted.result);
  const runs: RunResult[] = [];
  for (let repeat = 1; repeat <= options.repeats; repeat++) {
    const which = options.repeats === 1 ? "" : ` (${repeat} of ${options.repeats})`;
    const tell = clock.begin(benchSeconds(scenario), `${provider} at ${percent}${which}`);
    if (options.signal.aborted) break;
    const runName = measuredName(provider, share, options.repeats === 1 ? null : repeat);
    const result = await measure(runName, subject, scenario, "journeys", tell, options);
    if (!result.complete) break;
    runs.push(result);
  }
  if (runs.length === 0) return null;
  const counted = runsThatCount(runs);
  const { sessionsMax } = scenario.site;
  return {
    share,
    requestsPerSecond,
    arrivalsFactor: factor,
    sessionsMax: sessionsMax === UNLIMITED_SESSIONS ? null : sessionsMax,
    runs: runs.length,
    runsCounted: counted.length,
    replications: predicted.replications.length,
    audit: worstOf(counted),
    findings: [
      ...counted.flatMap((run) => {
        const which = runs.length === 1 ? "" : `Run ${runs.indexOf(run) + 1}: `;
        return run.audit.findings.map((finding) => which + finding);
      }),
      ...predicted.result.audit.findings.map((finding) => `Of the simulation: ${finding}`),
    ],
    rows: judgeLoad({ predicted: predicted.result, replications: predicted.replications, measured: counted }),
    distribution: distributionPair(predicted.result, counted),
  };
}

/** One bad moment of the machine shall not spoil what others showed. */
function runsThatCount(runs: readonly RunResult[]): readonly RunResult[] {
  const valid = runs.filter(({ audit }) => audit.verdict !== "invalid");
  return valid.length === 0 ? runs : valid;
}

function worstOf(runs: readonly RunResult[]): Audit["verdict"] {
  const verdicts = runs.map(({ audit }) => audit.verdict);
  return verdicts.find((one) => one === "invalid") ?? verdicts.find((one) => one === "doubtful") ?? "valid";
}

function loadName(provider: StoreProvider, share: number): string {
  return `${provider}-${Math.round(share * 1000) / 10}`;
}

/** @param repeat null where each load is measured once. */
export function measuredName(provider: StoreProvider, share: number, repeat: number | null): string {
  return `${loadName(provider, share)}-measured${repeat === null ? "" : `-${repeat}`}`;
}

/** A result of that name, measured now or kept from before; whole ones are handed on. */
async function measure(
  name: string,
  subject: Subject,
  scenario: Scenario,
  driver: "journeys" | "saturation",
  tell: (share: number, note: string) => void,
  options: ValidationRunOptions,
): Promise<RunResult> {
  const { kept, onResult } = options;
  const result = kept === null ? await bench(subject, scenario, driver, tell, options) : await kept(name, scenario);
  if (result.complete || driver === "saturation") await onResult(name, result);
  return result;
}

/** A store or a host that could not be had: no reason to lose what was measured before. */
class BenchFailed extends Error {}

async function bench(
  { settings }: Subject,
  scenario: Scenario,
  driver: "journeys" | "saturation",
  tell: (share: number, note: string) => void,
  { signal }: ValidationRunOptions,
): Promise<RunResult> {
  tell(0, "starting");
  try {
    return await runBench(scenario, {
      driver,
      through: "http",
      processors: "apart",
      generators: 1,
      stateBytes: null,
      concurrency: null,
      settings,
      command: commandLine(),
      signal,
      onProgress: ({ share, note }) => tell(share, note),
      environment: describeEnvironment,
    });
  } catch (error) {
    if (!(error instanceof Error) || error instanceof AssertionError) throw error;
    throw new BenchFailed(error.message, { cause: error });
  }
}
