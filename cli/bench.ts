// sessionlab bench: a scenario lived through in real time against a real HTTP host with real sessions. Ctrl-C once ends the load
// and keeps what was measured; twice, it ends everything at once. Either way nothing is left running or half written.

import { access, constants, stat } from "node:fs/promises";
import path from "node:path";
import { Command } from "commander";
import { type BenchOptions, runBench } from "../bench/run-bench.ts";
import { InputError } from "../config/problem.ts";
import { defaultProvider, modeOfProvider } from "../config/resolve-scenario.ts";
import { type Scenario, type StoreProvider, storeProviders } from "../config/scenario.ts";
import type { SessionMode } from "../config/session-settings.ts";
import { type DriverName, driverNames, type RunResult } from "../metrics/run-result.ts";
import { stringifyResult } from "../reports/result-file.ts";
import { renderTerminal } from "../reports/terminal.ts";
import { benchProviders, type ProvidersOptions } from "./bench-providers.ts";
import { addUrlOptions, benchUrl, loadUrlScenario, type UrlCommandOptions, urlOf } from "./bench-url.ts";
import { describeEnvironment } from "./environment.ts";
import { withFaults } from "./fault-choice.ts";
import { createInterrupt } from "./interrupt.ts";
import { type LoadedScenario, loadScenario, ycsbPath } from "./load-scenario.ts";
import { type NamedProvider, providerList } from "./named-providers.ts";
import { commandLine, oneDriver, oneMode, oneProvider, wholeNumber, wholeNumbers } from "./options.ts";
import { createProgress } from "./progress.ts";
import { terminal } from "./terminal.ts";
import { expectWritableFolder, writeReport } from "./write-report.ts";

export interface BenchCommandOptions extends UrlCommandOptions {
  readonly mode?: SessionMode;
  readonly provider?: StoreProvider;
  readonly providers?: readonly NamedProvider[];
  readonly rounds?: number;
  readonly connection?: string[];
  readonly driver?: DriverName;
  readonly straight?: boolean;
  readonly generators?: number;
  readonly connectionsMax?: number;
  readonly stateBytes?: number[];
  readonly concurrency?: number[];
  readonly faults?: string;
  readonly seed?: number;
  readonly timeScale?: number;
  readonly log?: string;
  readonly out?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly selftest?: boolean;
}

const TARGET_MISSED = 1;
const RUN_INVALID = 3;

export function benchCommand(): Command {
  return addUrlOptions(scenarioCommand());
}

function scenarioCommand(): Command {
  return new Command("bench")
    .description("run a scenario in real time: real sessions in a real HTTP host, in a process of its own")
    .argument("[scenario]", "scenario file (YAML or JSON), or a web.config: that site under the lunch-hour workload")
    .option("--mode <mode>", "in this mode instead of the scenario's", oneMode)
    .option("--provider <name>", `the store to drive: ${storeProviders.join(", ")}`, oneProvider)
    .option("--providers <list>", "several stores, ranked: inproc,redis,express-session:memorystore", providerList)
    .option(
      "--rounds <n>",
      "with --providers: so often each, taking turns (default: 3)",
      wholeNumber("--rounds", 1, 100),
    )
    .option("--connection <string...>", "where it is; several are partitions; default: the bench starts one of its own")
    .option("--driver <name>", `what is done with it: ${driverNames.join(", ")} (default: journeys)`, oneDriver)
    .option("--straight", "no HTTP: the session module calls the store from the generator's own process")
    .option("--generators <n>", "processes that send the load", wholeNumber("--generators", 1, 64))
    .option(
      "--connections-max <n>",
      "journeys: requests that each of them has at the site at one time; who is due beyond that waits, and it counts",
      wholeNumber("--connections-max", 1, 10_000),
    )
    .option(
      "--state-bytes <list>",
      "sizes for micro and memory, as 1024,8192",
      wholeNumbers("--state-bytes", 0, 2 ** 26),
    )
    .option("--concurrency <list>", "requests at once: locks, saturation", wholeNumbers("--concurrency", 1, 4096))
    .option("--faults <kinds>", "only these of the scenario's faults, as pause-store,cut-store; or none")
    .option("--out <dir>", "write result.json and report.html there")
    .option("--json", "print the result as JSON")
    .option("--seed <n>", "another seed than the scenario's", wholeNumber("--seed", 0, Number.MAX_SAFE_INTEGER))
    .option("--time-scale <n>", "scenario time runs so many times faster", wholeNumber("--time-scale", 1, 100_000))
    .option("--log <file>", "the host writes an IIS W3C log there, in scenario time")
    .option("--quiet", "no progress")
    .option("--selftest", "whether this machine can be trusted to measure: pacing, clock, closed loop; about 40 s")
    .addHelpText(
      "after",
      `
One worker process, the store in a process of its own (but InProc). The scenario runs once, whatever its replications.
Without --connection the bench starts the state server, PostgreSQL (it comes with this package), MariaDB or Redis for itself,
on a free port of the loopback address and with data in a temporary folder, and removes them afterwards.
--providers ranks several stores by the p99 of response time (or by the main figure of --driver): all meet the same visitors, in
rounds that take turns; without a scenario, those of YCSB's workload A. --connection then says whose it is: redis=redis://localhost.
A store that cannot be started is named and left out, and the exit code is 3.
SQLServer mode is driven on PostgreSQL unless told otherwise: the same tables and rules, another engine; the report names it.
Ctrl-C ends the load and reports what was measured until then, marked as cut short; a second Ctrl-C ends everything at once.
--url drives a site of somebody's: its session cookie is found by itself, every visitor has a cookie jar, and requests, seconds and
rate stay within their bounds whatever the scenario says. Pages are those of the scenario that have a path, or --page. Only GET.

Exit codes: 0 done, 1 a target was missed, 2 the input was wrong,
            3 the run is invalid (generator late, host died) or was cut short, or --selftest found this machine unfit to measure,
            130 ended by a second Ctrl-C.

Examples:
  sessionlab bench scenarios/lunch-hour.yaml
  sessionlab bench scenarios/lunch-hour.yaml --time-scale 240 --out out
  sessionlab bench scenarios/basket.yaml --mode StateServer
  sessionlab bench scenarios/basket.yaml --provider mariadb
  sessionlab bench scenarios/basket.yaml --provider redis --connection redis://localhost:6379
  sessionlab bench scenarios/basket.yaml --driver memory --provider redis --state-bytes 1024,8192
  sessionlab bench scenarios/basket.yaml --driver slo --mode StateServer
  sessionlab bench --providers inproc,stateserver,postgres,mariadb,redis,sqlite --out out
  sessionlab bench scenarios/ycsb-b.yaml --straight --providers redis,sqlite --connection redis=redis://localhost
  sessionlab bench scenarios/faults.yaml --mode StateServer --faults kill-store,cut-store
  sessionlab bench scenarios/lunch-hour.yaml --log u_ex.log && sessionlab fit u_ex.log
  sessionlab bench --selftest
  sessionlab bench --url http://127.0.0.1:8080/ --page /default.aspx --page /cart.aspx
  sessionlab bench --url http://127.0.0.1:8080/cart.aspx --driver locks`,
    )
    .action(async (file: string | undefined, options: BenchCommandOptions) => {
      if (options.selftest === true) {
        const { benchSelftest } = await import("./bench-selftest.ts");
        process.exitCode = await benchSelftest(file, options);
        return;
      }
      const url = urlOf({ ...options });
      if (options.providers !== undefined) {
        process.exitCode = await rankProviders(file ?? ycsbPath, { ...options, providers: options.providers });
        return;
      }
      if (options.rounds !== undefined) throw roundsOfOne(options.rounds);
      if (file === undefined && url === null) throw scenarioMissing();
      const loaded = file === undefined || url !== null ? await loadUrlScenario(file) : await loadScenario(file);
      if (options.out !== undefined) await expectWritableFolder(options.out);
      const result = await benchWithProgress(loaded, options);
      if (options.json === true) process.stdout.write(stringifyResult(result));
      else process.stdout.write(renderTerminal([result], terminal()));
      if (options.out !== undefined) {
        const { htmlPath } = await writeReport([result], options.out);
        (options.json === true ? process.stderr : process.stdout).write(`${htmlPath}\n`);
      }
      process.exitCode = benchExitCode(result);
    });
}

/** @returns the exit code. */
async function rankProviders(file: string, options: BenchCommandOptions & ProvidersOptions): Promise<number> {
  const { mode, provider, log, faults } = options;
  const url = urlOf({ ...options });
  const notWith = Object.entries({ mode, provider, log, url: url ?? undefined }).filter(
    ([, value]) => value !== undefined,
  );
  if (notWith.length > 0) {
    const given = notWith.map(([name]) => `--${name}`).join(", ");
    const expected = "none of them beside --providers, whose names say what is driven";
    throw new InputError("Cannot run", [{ at: "the options", given, expected, mend: "leave them out" }]);
  }
  const { scenario, settings } = await loadScenario(file);
  const chosen = faults === undefined ? scenario : withFaults(scenario, faults);
  const asked = withOptions(chosen, { seed: options.seed, timeScale: options.timeScale });
  return benchProviders(
    asked,
    options,
    (signal, onProgress) => runOptions(options, settings, signal, onProgress),
    benchExitCode,
  );
}

function roundsOfOne(rounds: number): InputError {
  const expected = "none without --providers: rounds are of several stores that take turns";
  return new InputError("Cannot run", [{ at: "--rounds", given: String(rounds), expected, mend: "leave it out" }]);
}

function scenarioMissing(): InputError {
  const expected = "a scenario file";
  return new InputError("Cannot run", [
    { at: "scenario", given: "none", expected, mend: "name one: sessionlab bench scenarios/lunch-hour.yaml" },
  ]);
}

/** The run, with progress on stderr, ended early by an interrupt. @throws InputError for what bench cannot drive. */
export async function benchWithProgress(
  { scenario, settings }: LoadedScenario,
  options: BenchCommandOptions,
): Promise<RunResult> {
  if (options.log !== undefined) await expectWritable(options.log);
  const chosen = options.faults === undefined ? scenario : withFaults(scenario, options.faults);
  const asked = withOptions(chosen, options);
  const url = urlOf({ ...options });
  const progress = createProgress(`benching ${url === null ? asked.site.mode : "the site"}`, options.quiet === true);
  const interrupt = createInterrupt(() => {
    progress.stop();
    if (options.quiet !== true) process.stderr.write("Ending the load; Ctrl-C again ends everything at once.\n");
  });
  try {
    const run = (bench: BenchOptions) => (url === null ? runBench(asked, bench) : benchUrl(url, asked, options, bench));
    return await run(
      runOptions(options, settings, interrupt.signal, (reached) => {
        if (!interrupt.signal.aborted) progress.update(Math.min(1, reached.share), reached.note);
      }),
    );
  } finally {
    progress.stop();
    interrupt.release();
  }
}

function runOptions(
  options: BenchCommandOptions,
  settings: BenchOptions["settings"],
  signal: AbortSignal,
  onProgress: BenchOptions["onProgress"],
): BenchOptions {
  return {
    driver: options.driver ?? "journeys",
    through: options.straight === true ? "provider" : "http",
    generators: options.generators ?? 1,
    connectionsMax: options.connectionsMax,
    stateBytes: options.stateBytes ?? null,
    concurrency: options.concurrency ?? null,
    settings,
    command: commandLine(),
    signal,
    logFile: options.log,
    environment: describeEnvironment,
    onProgress,
  };
}

/** 3 when the figures must not be used or the run was cut short, 1 when a target was missed, else 0. */
export function benchExitCode(result: RunResult): number {
  if (result.audit.verdict === "invalid" || !result.complete) return RUN_INVALID;
  return result.targets.some((target) => target.met === false) ? TARGET_MISSED : 0;
}

function withOptions(scenario: Scenario, options: BenchCommandOptions): Scenario {
  const { site, store, run } = scenario;
  const mode = options.mode ?? modeFor(options.provider, site.mode);
  refuseProviderInProcess(mode, options.provider);
  const provider = options.provider ?? (mode === site.mode ? store.provider : defaultProvider(mode));
  return {
    ...scenario,
    site: { ...site, mode },
    store: {
      ...store,
      provider,
      connections: options.connection ?? (provider === store.provider ? store.connections : []),
    },
    run: { ...run, seed: options.seed ?? run.seed, timeScale: options.timeScale ?? run.timeScale },
  };
}

/** Asked for a provider, the site runs in the mode it belongs to; Custom takes any. */
function modeFor(provider: StoreProvider | undefined, mode: SessionMode): SessionMode {
  return provider === undefined || mode === "Custom" ? mode : modeOfProvider[provider];
}

/** In process nothing else keeps sessions: the provider that was asked for would not be driven. */
function refuseProviderInProcess(mode: SessionMode, provider: StoreProvider | undefined): void {
  if (provider === undefined || provider === "in-proc" || (mode !== "InProc" && mode !== "Off")) return;
  const expected = `--mode ${modeOfProvider[provider]}, or no --mode: ${mode} keeps no sessions in ${provider}`;
  throw new InputError("Cannot run", [{ at: "--mode", given: mode, expected, mend: "change it" }]);
}

/** Found out before the run, not after it. */
async function expectWritable(log: string): Promise<void> {
  const folder = path.dirname(path.resolve(log));
  const refuse = (expected: string, mend: string) => {
    throw new InputError("Cannot run", [{ at: "--log", given: `"${log}"`, expected, mend }]);
  };
  const writable = await access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!writable) refuse("a file in a folder that exists and can be written to", `make the folder ${folder}`);
  const folderItself = await stat(log).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (folderItself) refuse("a file, not a folder", "name a file in it");
}
