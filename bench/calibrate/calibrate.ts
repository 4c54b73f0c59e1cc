// What a provider costs on this machine: runs over HTTP that differ in one thing each, single calls in a closed loop, the store's own
// concurrency, and what stored sessions take. A few minutes a provider.

import { InputError } from "../../config/problem.ts";
import type { Calibration, Scenario } from "../../config/scenario.ts";
import type { Environment, RunResult } from "../../metrics/run-result.ts";
import { lawMean } from "../../workload/distributions.ts";
import type { BenchOptions, BenchProgress } from "../bench-options.ts";
import { runBench } from "../run-bench.ts";
import { inProcessCallCosts, remoteCallCosts } from "./call-costs.ts";
import { callIntervals } from "./call-intervals.ts";
import { type Concurrency, callsAtOnce, measureConcurrency } from "./concurrency.ts";
import { memoryCost } from "./memory-cost.ts";
import { meanFinds, type PhaseFinds, phaseFinds } from "./phase-finds.ts";
import { phasesOf, SMALL_BYTES } from "./phases.ts";
import { countedPerMs, siteCosts } from "./site-costs.ts";
import { UnusableRun } from "./unusable-run.ts";

export interface CalibrateOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: BenchProgress) => void;
  /** About; null: as long as it takes by itself, four minutes or so. The memory of the store takes its time in any case. */
  readonly budgetMs: number | null;
  readonly environment: BenchOptions["environment"];
  readonly command: string;
  /** Left out: the door of bench. */
  readonly run?: typeof runBench;
}

/** Of the whole, about: the runs over HTTP, the single calls, the concurrency, the memory. */
const PARTS = { phases: 0.65, micro: 0.08, concurrency: 0.06, memory: 0.21 };
const MICRO_SECONDS = 12;
/** On average; with it the memory driver's own sizes stay as they are. */
const FILLED_BYTES = 4_096;
const USUAL_MS = 225_000;
/** A machine that was disturbed for a moment need not cost the runs before it. */
const TRIES = 3;

/**
 * @param scenario says the site's mode and store, and no more.
 * @throws InputError for a store that cannot be started, reached or driven; UnusableRun where the machine was too busy to measure on;
 *   the signal's reason when it was ended.
 */
export async function calibrateProvider(scenario: Scenario, options: CalibrateOptions): Promise<Calibration> {
  const { signal, run = runBench } = options;
  const { mode } = scenario.site;
  refuseKeptByClient(scenario);
  const startedAt = new Date();
  const whole = mode === "Off" ? PARTS.phases : mode === "InProc" ? 1 - PARTS.concurrency : 1;
  let done = 0;
  let told = 0;
  const part = async <T>(share: number, note: string, work: (bench: BenchOptions) => Promise<T>): Promise<T> => {
    const from = done;
    const report = (progress: BenchProgress) => {
      told = Math.max(told, Math.min(1, (from + share * Math.min(1, progress.share)) / whole));
      options.onProgress({ share: told, note: `${note}: ${progress.note}` });
    };
    signal.throwIfAborted();
    report({ share: 0, note: "starting" });
    const found = await work(benchOptions(options, report));
    signal.throwIfAborted();
    done = from + share;
    return found;
  };

  const effort = (options.budgetMs ?? USUAL_MS) / USUAL_MS;
  const phases = phasesOf(scenario, effort);
  const runs: PhaseFinds[] = [];
  let engine: string | null = null;
  for (const phase of phases) {
    const note = `pages that ${doing[phase.kind]}, ${phase.perSecond} a second, ${phase.stateBytes} bytes`;
    const result = await part(PARTS.phases / phases.length, note, async (bench) => {
      let tried = await run(phase.scenario, bench);
      for (let more = TRIES - 1; more > 0 && !signal.aborted && isUnusable(tried); more--) {
        tried = await run(phase.scenario, bench);
      }
      return tried;
    });
    if (isUnusable(result)) throw new UnusableRun(note, TRIES, result.audit.findings);
    engine ??= result.store;
    runs.push(phaseFinds(phase, result));
  }
  const counted = meanFinds(runs);
  const perMs = countedPerMs(counted);
  const finds = counted.map((find) => ({ ...find, cpuMsPerRequest: find.cpuMsPerRequest / perMs }));
  const about = { name: nameOf(scenario, engine), provider: providerOf(scenario) };
  const base = siteCosts(finds);
  if (mode === "Off") {
    return { ...about, ...base, ...none, ...evidenceOf(runs.length, finds, perMs, null, options, startedAt, engine) };
  }
  const asDriven = { ...scenario, workload: phases[0].scenario.workload, site: phases[0].scenario.site };
  const micro = await part(PARTS.micro, "single calls", (bench) =>
    run(asDriven, { ...bench, driver: "micro", seconds: MICRO_SECONDS * effort, stateBytes: [SMALL_BYTES] }),
  );
  const inProcess = mode === "InProc";
  const concurrency = inProcess
    ? null
    : await part(PARTS.concurrency, "calls at once", ({ signal }) => measureConcurrency(asDriven, signal));
  const filled = await part(PARTS.memory, "memory", (bench) =>
    run(withSpreadState(asDriven), { ...bench, driver: "memory" }),
  );
  if (micro.study?.kind !== "micro") throw new Error("the micro driver finds a micro study");
  const operations = inProcess ? inProcessCallCosts(finds, micro.study) : remoteCallCosts(finds, micro.study);
  const taken = memoryCost(filled, finds, concurrency?.reuseAfterMs ?? null);
  return {
    ...about,
    ...base,
    storeConcurrency: concurrency === null ? 1 : callsAtOnce(concurrency, lawMean(operations.getItem.storeMs)),
    operations,
    memory: taken?.memory ?? none.memory,
    ...evidenceOf(runs.length, finds, perMs, concurrency, options, startedAt, engine),
    intervals: { ...(inProcess ? {} : callIntervals(finds, micro.study, operations)), ...taken?.intervals },
  };
}

/** The memory driver then fills the store with sessions of all sizes, as sites do. */
function withSpreadState(scenario: Scenario): Scenario {
  const stateBytes = { kind: "exponential", mean: FILLED_BYTES } as const;
  return { ...scenario, workload: { ...scenario.workload, stateBytes } };
}

const doing: Readonly<Record<PhaseFinds["kind"], string>> = {
  empty: "do nothing",
  page: "work",
  read: "read their session",
  lock: "lock their session",
  write: "write their session",
};

function benchOptions(options: CalibrateOptions, onProgress: BenchOptions["onProgress"]): BenchOptions {
  return {
    driver: "journeys",
    through: "http",
    processors: "apart",
    generators: 1,
    stateBytes: null,
    concurrency: null,
    settings: null,
    command: options.command,
    signal: options.signal,
    onProgress,
    environment: options.environment,
  };
}

const freeCall = { webCpuMs: 0, webCpuMsPerKiB: 0, storeMs: { kind: "constant", value: 0 }, storeMsPerKiB: 0 } as const;
const none = {
  storeConcurrency: 1,
  operations: {
    getItem: freeCall,
    getItemExclusive: freeCall,
    setAndReleaseItemExclusive: freeCall,
    releaseItemExclusive: freeCall,
    removeItem: freeCall,
    resetItemTimeout: freeCall,
    createUninitializedItem: freeCall,
  },
  memory: { fixedBytes: 0, bytesPerSession: 0, bytesPerStateByte: 0 },
} as const;

function providerOf({ site, store }: Scenario): Calibration["provider"] {
  return site.mode === "InProc" || site.mode === "Off" ? "in-proc" : store.provider;
}

function nameOf({ site }: Scenario, engine: string | null): string {
  return engine === null ? site.mode : `${site.mode} on ${engine}`;
}

function evidenceOf(
  runs: number,
  finds: readonly PhaseFinds[],
  countedPerMs: number,
  concurrency: Concurrency | null,
  options: CalibrateOptions,
  startedAt: Date,
  store: string | null,
): Pick<Calibration, "evidence" | "measured" | "machine"> {
  const environment: Environment = options.environment(startedAt, (Date.now() - startedAt.getTime()) / 1000);
  const empty = finds
    .filter(({ kind }) => kind === "empty")
    .map(
      ({ cpuMsPerRequest, requestsPerSecond }) =>
        `${cpuMsPerRequest.toFixed(3)} ms at ${requestsPerSecond.toFixed(0)} a second`,
    );
  const responses = finds.reduce((sum, find) => sum + find.responses, 0);
  const top =
    concurrency === null ? null : concurrency.steps.reduce((a, b) => (b.callsPerSecond > a.callsPerSecond ? b : a));
  const loop =
    top === null
      ? ""
      : ` A closed loop of getItem came to ${top.callsPerSecond.toFixed(0)} calls a second with ${top.callers} callers, ` +
        `whose process then used ${(100 * (concurrency?.callerBusyShare ?? 0)).toFixed(0)} % of a core.`;
  return {
    measured: true,
    evidence:
      `Measured by "${options.command}": ${runs} runs over HTTP with ${responses} responses, single calls in a closed loop, and ` +
      `fillings of the store. An empty page took the site's process ${empty.join(", ")}.${loop} ` +
      `${placed(finds)} The processor clock counted ${countedPerMs.toFixed(3)} ms for each ` +
      `that a page had its core; the times told are without that.${besides(finds)}`,
    machine: {
      cpu: environment.cpu,
      cores: environment.cores,
      platform: environment.platform,
      node: environment.node,
      store,
      sessionlab: environment.sessionlab,
      measuredOn: startedAt.toISOString().slice(0, 10),
    },
  };
}

function placed([{ siteProcessors }]: readonly PhaseFinds[]): string {
  if (siteProcessors === null) return "The visitors, the site and the store shared the machine's processors.";
  const own = siteProcessors === 1 ? "one processor" : `${siteProcessors} processors`;
  return `The site had ${own} to itself; the visitors and the store shared the others.`;
}

/** Worth telling from these shares of the processors on. */
const OTHER_LOAD_TOLD = 0.03;
const STEAL_TOLD = 0.01;

function besides(finds: readonly PhaseFinds[]): string {
  const most = (of: (find: PhaseFinds) => number | null) => Math.max(0, ...finds.map((find) => of(find) ?? 0));
  const others = most(({ otherLoadShare }) => otherLoadShare);
  const stolen = most(({ stealShare }) => stealShare);
  const percent = (share: number) => `up to ${(100 * share).toFixed(0)} % of the processors`;
  return (
    (others < OTHER_LOAD_TOLD ? "" : ` Other processes used ${percent(others)} meanwhile.`) +
    (stolen < STEAL_TOLD
      ? ""
      : ` The hypervisor gave ${percent(stolen)} to other machines: calibrate again when it does not.`)
  );
}

/** Of such sessions nothing is simulated, and a cookie holds none of those that calls are measured with. */
function refuseKeptByClient({ store }: Scenario): void {
  if (store.provider !== "sealed-cookie") return;
  throw new InputError("Cannot calibrate", [
    {
      at: "store.provider",
      given: store.provider,
      expected: "a store that keeps sessions: here the client keeps them",
      mend: "measure what sealing a cookie costs by bench, and simulate mode Off with that in the cpuMs of the pages",
    },
  ]);
}

/** A run in which the site could not be believed: its figures would go into every prediction. */
function isUnusable({ audit, measured }: RunResult): boolean {
  return audit.verdict === "invalid" || measured.completed === 0;
}
