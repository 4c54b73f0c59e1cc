// sessionlab bench: a scenario lived through in real time against a real HTTP host with real sessions. Ctrl-C once ends the load
// and keeps what was measured; twice, it ends everything at once. Either way nothing is left running or half written.

import { Command } from "commander";
import { InputError } from "../../config/problem.ts";
import { stringifyResult } from "../../reports/result-file.ts";
import { renderTerminal } from "../../reports/terminal.ts";
import { refuseBesideComparison } from "../against/comparison-options.ts";
import { chooseSite } from "../choose-site.ts";
import { loadScenario, ycsbPath } from "../load-scenario.ts";
import { terminal } from "../terminal.ts";
import { expectWritableFolder, writeAsked } from "../write-report.ts";
import { addAgainstOptions, addBenchHelp, addScenarioOptions, type BenchCommandOptions } from "./bench-options.ts";
import { benchProviders, type ProvidersOptions } from "./bench-providers.ts";
import { benchExitCode, benchOptions, benchWithProgress } from "./bench-run.ts";
import { addUrlOptions, loadUrlScenario, urlOf } from "./bench-url.ts";
import { refuseUnheeded } from "./driver-options.ts";

export function benchCommand(): Command {
  const command = new Command("bench")
    .description("run a scenario in real time: real sessions in a real HTTP host, in a process of its own")
    .argument("[scenario]", "scenario file (YAML or JSON), or a web.config: that site under the lunch-hour workload");
  return addBenchHelp(addUrlOptions(addAgainstOptions(addScenarioOptions(command)))).action(bench);
}

/**
 * One of five: what does this machine's noise hide, is this worse than that, is this machine fit to measure, which store is best, or
 * what does one site do.
 */
async function bench(file: string | undefined, options: BenchCommandOptions): Promise<void> {
  const { providers, against } = options;
  refuseSetBeside(options);
  refuseBesideComparison(options);
  if (options.calibrateNoise === true) {
    const { calibrateNoise } = await import("../against/bench-noise.ts");
    process.exitCode = await calibrateNoise(file, options);
  } else if (against !== undefined) {
    const { benchAgainst } = await import("../against/bench-against.ts");
    process.exitCode = await benchAgainst(file, { ...options, against });
  } else if (options.selftest === true) {
    const { benchSelftest } = await import("./bench-selftest.ts");
    process.exitCode = await benchSelftest(file, options);
  } else if (providers !== undefined) {
    process.exitCode = await rankProviders(file ?? ycsbPath, { ...options, providers });
  } else {
    process.exitCode = await benchOne(file, options);
  }
}

/** Only one scenario of one's own has keys to set. */
function refuseSetBeside({ set, providers, against, calibrateNoise, selftest, url }: BenchCommandOptions): void {
  if (set === undefined) return;
  const beside = Object.entries({ providers, against, calibrateNoise, selftest, url }).find(([, value]) => value);
  if (beside === undefined) return;
  const flag = beside[0].replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const expected = "a bench of one scenario";
  throw new InputError("Cannot run", [
    { at: "--set", given: `with --${flag}`, expected, mend: "change the scenario file instead" },
  ]);
}

/** @returns the exit code. */
async function benchOne(file: string | undefined, options: BenchCommandOptions): Promise<number> {
  const url = urlOf({ ...options });
  refuseUnheeded(options);
  if (options.rounds !== undefined) throw roundsOfOne(options.rounds);
  if (file === undefined && url === null) throw scenarioMissing();
  const loaded =
    file === undefined || url !== null ? await loadUrlScenario(file) : await loadScenario(file, options.set);
  if (options.out !== undefined) await expectWritableFolder(options.out);
  const result = await benchWithProgress(loaded, options);
  process.stdout.write(options.json === true ? stringifyResult(result) : renderTerminal([result], terminal()));
  await writeAsked([result], options);
  return benchExitCode(result);
}

/** @returns the exit code. */
async function rankProviders(file: string, options: BenchCommandOptions & ProvidersOptions): Promise<number> {
  const { mode, provider, log } = options;
  const url = urlOf({ ...options });
  const notWith = Object.entries({ mode, provider, log, url: url ?? undefined }).filter(
    ([, value]) => value !== undefined,
  );
  if (notWith.length > 0) {
    const given = notWith.map(([name]) => `--${name}`).join(", ");
    const expected = "none of them beside --providers, whose names say what is driven";
    throw new InputError("Cannot run", [{ at: "the options", given, expected, mend: "leave them out" }]);
  }
  refuseUnheeded(options);
  const { scenario, settings } = await loadScenario(file);
  const asked = chooseSite(scenario, { faults: options.faults, seed: options.seed, timeScale: options.timeScale });
  return benchProviders(
    asked,
    options,
    (signal, onProgress) => benchOptions(options, settings, signal, onProgress),
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
