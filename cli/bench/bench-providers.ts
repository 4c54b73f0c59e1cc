// sessionlab bench --providers: the same stream of operations over several stores, and who did best. A store that cannot be run is
// named and left out; the others are run.

import { refuseUndrivable } from "../../bench/host/host-settings.ts";
import { InputError, type Problem } from "../../config/problem.ts";
import type { Scenario } from "../../config/scenario.ts";
import { type Contender, rank, rankingRule } from "../../metrics/ranking.ts";
import type { DriverName, RunResult } from "../../metrics/run-result.ts";
import { type Ranking, renderRanking } from "../../reports/ranking-table.ts";
import { stringifyResult } from "../../reports/result-file.ts";
import { RUN_INVALID } from "../exit-codes.ts";
import { interruptible } from "../interruptible.ts";
import { terminal } from "../terminal.ts";
import { expectWritableFolder, writeAsked } from "../write-report.ts";
import { type NamedProvider, scenariosOn } from "./named-providers.ts";
import { contenderOf, type Entry, type RunOptions, runInTurns, runTogether } from "./run-providers.ts";

export interface ProvidersOptions {
  readonly providers: readonly NamedProvider[];
  readonly driver?: DriverName;
  readonly connection?: readonly string[];
  readonly rounds?: number;
  readonly out?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Two give an interval that is hardly one, with 12.7 standard errors on each side; with three it is 4.3. */
const ROUNDS_DEFAULT = 3;

/**
 * Runs, ranks and reports them.
 * @param exitCodeOf a result.
 * @returns the exit code of the command: the highest of all results, and 3 where a store was left out.
 * @throws InputError before anything is run, for what cannot be run on one of the stores; and when none of them could be.
 */
export async function benchProviders(
  base: Scenario,
  options: ProvidersOptions,
  runOptions: RunOptions,
  exitCodeOf: (result: RunResult) => number,
): Promise<number> {
  const rounds = roundsOf(options);
  const scenarios = scenariosOn(base, options.providers, options.connection ?? []);
  refuseAny(scenarios);
  if (options.out !== undefined) await expectWritableFolder(options.out);
  const entries = scenarios.map((scenario, index): Entry => {
    return { name: options.providers[index].name, scenario, rounds: [], failure: null };
  });
  await runAll(entries, rounds, options, runOptions);
  const ranking = rankingOf(entries, rounds);
  await tell(ranking, options);
  const codes = ranking.placed.map(({ result }) => exitCodeOf(result));
  return Math.max(...codes, ranking.skipped.length > 0 ? RUN_INVALID : 0);
}

/** Until all rounds of all stores are done, or an interrupt. */
async function runAll(
  entries: readonly Entry[],
  rounds: number,
  { driver, quiet }: ProvidersOptions,
  runOptions: RunOptions,
): Promise<void> {
  await interruptible(`benching ${entries.length} stores`, quiet === true, (signal, tell) => {
    if (driver !== "micro") return runInTurns(entries, { rounds, signal, runOptions, tell });
    const options = runOptions(signal, ({ share, note }) => tell(share, note));
    return runTogether(entries, options);
  });
}

/** An experiment has rounds of its own inside one run. @throws InputError when it is told to have more. */
function roundsOf({ driver = "journeys", rounds }: ProvidersOptions): number {
  if (driver === "journeys") return rounds ?? ROUNDS_DEFAULT;
  if (rounds === undefined) return 1;
  const expected = `none with --driver ${driver}, which has rounds of its own`;
  throw new InputError("Cannot run", [{ at: "--rounds", given: String(rounds), expected, mend: "leave it out" }]);
}

/** @throws InputError with what cannot be driven on any of the stores, each mistake once. */
function refuseAny(scenarios: readonly Scenario[]): void {
  const problems: Problem[] = [];
  for (const scenario of scenarios) {
    try {
      refuseUndrivable(scenario);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      const known = ({ at, given }: Problem) => problems.some((one) => one.at === at && one.given === given);
      problems.push(...error.problems.filter((problem) => !known(problem)));
    }
  }
  if (problems.length > 0) throw new InputError("Cannot rank the stores", problems);
}

/** @throws InputError when there is nothing to rank. */
function rankingOf(entries: readonly Entry[], rounds: number): Ranking {
  const contenders: Contender[] = [];
  const skipped: { name: string; why: string }[] = [];
  for (const entry of entries) {
    const contender = contenderOf(entry, rounds);
    if (contender !== null) contenders.push(contender);
    else skipped.push({ name: entry.name, why: entry.failure ?? "cut short before its turn came" });
  }
  if (contenders.length === 0) throw new InputError("Cannot run any of the stores", skipped.map(asProblem));
  const rule = rankingRule(contenders.map(({ result }) => result));
  return { placed: rank(contenders, rule), rule, skipped };
}

function asProblem({ name, why }: Ranking["skipped"][number]): Problem {
  return { at: "--providers", given: `"${name}"`, expected: "a store that can be run", mend: why };
}

async function tell(ranking: Ranking, { json, out }: ProvidersOptions): Promise<void> {
  const results = ranking.placed.map(({ result }) => result);
  if (json === true) {
    process.stdout.write(`[${results.map(stringifyResult).join(",")}]\n`);
    for (const { name, why } of ranking.skipped) process.stderr.write(`${name} was not run: ${why}\n`);
  } else {
    process.stdout.write(renderRanking(ranking, terminal()));
  }
  await writeAsked(results, { out, json });
}
