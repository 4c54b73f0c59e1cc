// sessionlab simulate: a scenario, or a site's own web.config, in virtual time.

import { Command } from "commander";
import { builtInCalibration } from "../../config/built-in-calibration.ts";
import { InputError } from "../../config/problem.ts";
import { defaultProvider, modeOfProvider } from "../../config/resolve-scenario.ts";
import type { Scenario, StoreProvider } from "../../config/scenario.ts";
import type { SessionMode, Settings } from "../../config/session-settings.ts";
import { siteInMode } from "../../config/site-in-mode.ts";
import type { Change } from "../../config/vary.ts";
import { targetProblems } from "../../planning/plan/checks.ts";
import { confirmation } from "../../reports/instant-table.ts";
import { stringifyResult } from "../../reports/result-file.ts";
import { renderTerminal } from "../../reports/terminal.ts";
import { compareWithFirst } from "../../sim/simulate-paired.ts";
import { refuseUnmodelled } from "../../sim/unmodelled.ts";
import { withFaults } from "../bench/fault-choice.ts";
import { missesTarget, RUN_INVALID, TARGET_MISSED } from "../exit-codes.ts";
import { loadScenario } from "../load-scenario.ts";
import { changeList, modeList, positiveNumber, wholeNumber } from "../options.ts";
import { terminal } from "../terminal.ts";
import { expectWritableFolder, writeAsked } from "../write-report.ts";
import { type AskedPrecision, precisionList, type RepeatOptions, repeated } from "./repeat-options.ts";
import { refuseWithAgainst, simulateAgainst } from "./simulate-against.ts";
import { answerAtOnce, refuseWithInstant } from "./simulate-instant.ts";
import { simulateModes } from "./simulate-modes.ts";
import { addRareRefusals, plainPartOf, refuseRareAgainst } from "./simulate-rare.ts";

interface SimulateOptions {
  readonly mode?: SessionMode[];
  readonly faults?: string;
  readonly against?: string;
  readonly seed?: number;
  readonly replications?: number;
  readonly replicationsMax?: number;
  readonly precision?: readonly AskedPrecision[];
  readonly antithetic?: boolean;
  readonly rare?: boolean;
  readonly instant?: boolean;
  readonly confirm: boolean;
  readonly workers?: number;
  readonly memoryLimit?: number;
  readonly timeLimit?: number;
  readonly set?: readonly Change[];
  readonly out?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function simulateCommand(): Command {
  return new Command("simulate")
    .description("run a scenario in virtual time")
    .argument("<scenario>", "scenario file (YAML or JSON), or a web.config: that site under the lunch-hour workload")
    .option(
      "--mode <modes>",
      "in these modes instead of the scenario's: Off, InProc, StateServer, SQLServer, Custom; told apart by paired differences",
      modeList,
    )
    .option("--faults <kinds>", "only these of the scenario's faults, as pause-store,cut-store; or none")
    .option("--against <scenario>", "also run this one, with the same visitors and luck, and tell how it differs")
    .option("--seed <n>", "another seed than the scenario's", wholeNumber("--seed", 0, Number.MAX_SAFE_INTEGER))
    .option(
      "--replications <n>",
      "independent repeats; with --precision, the least",
      wholeNumber("--replications", 1, 10_000),
    )
    .option(
      "--precision <figures>",
      "repeat until the 95 % intervals of figures are so narrow: key=1%,…",
      precisionList,
    )
    .option(
      "--replications-max <n>",
      "with --precision: give up after so many (default 1000)",
      wholeNumber("--replications-max", 2, 10_000),
    )
    .option("--antithetic", "repeats in pairs, the second of each with its luck turned round")
    .option("--rare", "estimate refusedShare by itself, however small; to ±10 % unless --precision says otherwise")
    .option("--instant", "first tell what formulas alone say, with their sums and the figures that have none")
    .option("--no-confirm", "with --instant: stop there, without a simulation")
    .option(
      "--workers <n>",
      "threads at most; default: the cores. The result is the same for any",
      wholeNumber("--workers", 1, 1024),
    )
    .option(
      "--memory-limit <MB>",
      "refuse a run predicted to need more; default: 70 % of what there is",
      wholeNumber("--memory-limit", 1, 1e9),
    )
    .option(
      "--time-limit <hours>",
      "refuse a run predicted to take longer, as 0.5; default: 24",
      positiveNumber("--time-limit", 1e6),
    )
    .option(
      "--set <key=value>",
      "a key of the scenario file with another value, as site.sessionsMax=700; again for more",
      changeList,
    )
    .option("--out <dir>", "write result.json and report.html there")
    .option("--json", "print the result as JSON (a list when there are several modes, or two scenarios)")
    .option("--quiet", "no progress")
    .addHelpText(
      "after",
      `
Exit codes: 0 done, 1 a target was missed, 2 the input was wrong, 3 cut short: Ctrl-C keeps the replications that had ended.

Examples:
  sessionlab simulate scenarios/lunch-hour.yaml
  sessionlab simulate scenarios/lunch-hour.yaml --mode InProc,StateServer,SQLServer --out out
  sessionlab simulate scenarios/lunch-hour.yaml --precision storedSessionsMean=0.5%,responseP99Ms=5%
  sessionlab simulate capped.yaml --rare --precision refusedShare=20%
  sessionlab simulate today.yaml --against tomorrow.yaml --replications 20 --out out
  sessionlab simulate scenarios/lunch-hour.yaml --instant --no-confirm
  sessionlab simulate web.config --json --seed 7`,
    )
    .action(async (file: string, options: SimulateOptions) => {
      const loaded = withAskedFaults(await loadScenario(file, options.set), options);
      refuseImpossibleTargets(loaded.scenario);
      if (options.against !== undefined) refuseWithAgainst(options);
      if (options.rare === true) refuseRareAgainst(options);
      const other =
        options.against === undefined ? null : withAskedFaults(await loadScenario(options.against), options);
      refuseWithInstant(options);
      if (options.out !== undefined) await expectWritableFolder(options.out);
      const modes = options.mode ?? [loaded.scenario.site.mode];
      const scenarios = modes.map((mode) => inMode(loaded.scenario, mode, options));
      if (options.instant === true) answerAtOnce(scenarios, options);
      if (!options.confirm) return;
      const { results, complete } =
        other === null
          ? await inModes(scenarios, loaded.settings, options)
          : await simulateAgainst(
              { ...loaded, scenario: scenarios[0] },
              { ...other, scenario: inMode(other.scenario, options.mode?.[0] ?? other.scenario.site.mode, options) },
              options,
            );
      if (results.length === 0) {
        process.stderr.write("Cut short before the first replication had ended: there is nothing to tell.\n");
        process.exitCode = RUN_INVALID;
        return;
      }
      if (options.json === true) {
        const texts = results.map(stringifyResult);
        process.stdout.write(texts.length === 1 ? texts[0] : `[${texts.join(",")}]\n`);
      } else {
        process.stdout.write(renderTerminal(results, terminal()));
        if (options.instant === true) process.stdout.write(`\n${results.map(confirmation).join("\n")}\n`);
      }
      await writeAsked(results, options);
      if (!complete) process.exitCode = RUN_INVALID;
      else if (missesTarget(results)) process.exitCode = TARGET_MISSED;
    });
}

/** @throws InputError for targets that no site can meet; one that this run cannot know is told as unknown. */
function refuseImpossibleTargets(scenario: Scenario): void {
  const problems = targetProblems(scenario, scenario.targets, "targets").filter(({ at }) => !at.endsWith(".figure"));
  if (problems.length > 0) throw new InputError(`Cannot simulate "${scenario.name}"`, problems);
}

/** All modes meet the same visitors, so that they are told apart by their differences; an estimate of rare refusals has a luck of its own. */
async function inModes(scenarios: readonly Scenario[], settings: Settings | null, options: SimulateOptions) {
  if (options.rare !== true) {
    const { results, records, complete } = await simulateModes(scenarios, settings, options);
    const sides = results.map((result, i) => ({ scenario: scenarios[i], records: records[i], result }));
    return { results: compareWithFirst(sides), complete };
  }
  const plain = await simulateModes(scenarios.map(plainPartOf), settings, options);
  return addRareRefusals(plain, scenarios, options.quiet === true);
}

function withAskedFaults<T extends { readonly scenario: Scenario }>(loaded: T, { faults }: SimulateOptions): T {
  return faults === undefined ? loaded : { ...loaded, scenario: withFaults(loaded.scenario, faults) };
}

/** The scenario in another mode: the same visitors whatever the mode. */
export function inMode(scenario: Scenario, mode: SessionMode, options: RepeatOptions): Scenario {
  const { site, store } = scenario;
  if (site.technology === "asp" && mode !== "InProc" && mode !== "Off") {
    const expected = "InProc or Off: classic ASP keeps sessions in its own process";
    throw new InputError("Cannot run", [{ at: "--mode", given: mode, expected, mend: "leave it out" }]);
  }
  const provider = providerIn(mode, store.provider);
  const chosen: Scenario =
    mode === site.mode
      ? scenario
      : {
          ...scenario,
          site: siteInMode(site, mode),
          store: { ...store, provider },
          calibration: builtInCalibration(mode, provider),
        };
  refuseUnmodelled(chosen);
  return { ...chosen, run: repeated(scenario.run, options) };
}

/** The store of the scenario where it belongs to the mode; else what stands for the mode, Redis for Custom. */
function providerIn(mode: SessionMode, provider: StoreProvider): StoreProvider {
  if (modeOfProvider[provider] === mode) return provider;
  return mode === "Custom" ? "redis" : defaultProvider(mode);
}
