// sessionlab bench --providers: the same stream of operations over several stores, and who did best. Rounds of all stores take turns,
// each round with visitors of its own that every store meets, and each begins with another store, so that a slow minute of the
// machine is nobody's alone. A store that cannot be run is named and left out; the others are run.

import type { BenchOptions, BenchProgress } from "../bench/bench-options.ts";
import { refuseUndrivable } from "../bench/host/host-settings.ts";
import { runBench } from "../bench/run-bench.ts";
import { InputError, type Problem } from "../config/problem.ts";
import type { Scenario } from "../config/scenario.ts";
import { poolRounds } from "../metrics/pool-rounds.ts";
import { type Contender, rank, rankingRule } from "../metrics/ranking.ts";
import type { DriverName, RunResult } from "../metrics/run-result.ts";
import { renderRanking } from "../reports/ranking-table.ts";
import { stringifyResult } from "../reports/result-file.ts";
import { replicationSeed } from "../workload/random-stream.ts";
import { createInterrupt } from "./interrupt.ts";
import { type NamedProvider, scenariosOn } from "./named-providers.ts";
import { createProgress } from "./progress.ts";
import { terminal } from "./terminal.ts";
import { expectWritableFolder, writeReport } from "./write-report.ts";

export interface ProvidersOptions {
  readonly providers: readonly NamedProvider[];
  readonly driver?: DriverName;
  readonly connection?: readonly string[];
  readonly rounds?: number;
  readonly out?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** What the command line says of each run: all but the store. */
export type RunOptions = (signal: AbortSignal, onProgress: (progress: BenchProgress) => void) => BenchOptions;

/** Two give an interval that is hardly one, with 12.7 standard errors on each side; with three it is 4.3. */
const ROUNDS_DEFAULT = 3;
/** Some store was left out: the ranking is not what was asked for. */
const NOT_ALL_RUN = 3;

interface Entry {
  readonly name: string;
  readonly scenario: Scenario;
  readonly rounds: RunResult[];
  /** Why it was left out. */
  failure: string | null;
}

/**
 * Runs, ranks and reports them.
 * @param exitCodeOf a result.
 * @returns the exit code of the command: the highest of all results, and 3 where a store was left out.
 * @throws InputError before anything is run, for what cannot be run on one of the stores.
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
  const contenders = entries.flatMap((entry) => contenderOf(entry, rounds) ?? []);
  const skipped = entries
    .filter((entry) => contenderOf(entry, rounds) === null)
    .map(({ name, failure }) => ({ name, why: failure ?? "cut short before its turn came" }));
  if (contenders.length === 0) throw new InputError("Cannot run any of the stores", skipped.map(asProblem));
  const rule = rankingRule(contenders.map(({ result }) => result));
  const placed = rank(contenders, rule);
  const results = placed.map(({ result }) => result);
  const ranking = renderRanking({ placed, rule, skipped }, terminal());
  if (options.json === true) process.stdout.write(`[${results.map(stringifyResult).join(",")}]\n`);
  else process.stdout.write(ranking);
  if (options.json === true) for (const { name, why } of skipped) process.stderr.write(`${name} was not run: ${why}\n`);
  if (options.out !== undefined) {
    const { htmlPath } = await writeReport(results, options.out);
    (options.json === true ? process.stderr : process.stdout).write(`${htmlPath}\n`);
  }
  return Math.max(...results.map(exitCodeOf), skipped.length > 0 ? NOT_ALL_RUN : 0);
}

/** Until all rounds of all stores are done, or an interrupt. */
async function runAll(
  entries: readonly Entry[],
  rounds: number,
  { driver, quiet }: ProvidersOptions,
  runOptions: RunOptions,
): Promise<void> {
  const progress = createProgress(`benching ${entries.length} stores`, quiet === true);
  const interrupt = createInterrupt(() => {
    progress.stop();
    if (quiet !== true) process.stderr.write("Ending the load; Ctrl-C again ends everything at once.\n");
  });
  const { signal } = interrupt;
  const tell = (share: number, note: string) => {
    if (!signal.aborted) progress.update(Math.min(1, share), note);
  };
  try {
    if (driver === "micro")
      await runTogether(
        entries,
        runOptions(signal, ({ share, note }) => tell(share, note)),
      );
    else await runInTurns(entries, rounds, signal, runOptions, tell);
  } finally {
    progress.stop();
    interrupt.release();
  }
}

/** An experiment has rounds of its own inside one run. @throws InputError when it is told to have more. */
function roundsOf({ driver = "journeys", rounds }: ProvidersOptions): number {
  if (driver === "journeys") return rounds ?? ROUNDS_DEFAULT;
  if (rounds === undefined) return 1;
  const expected = `none with --driver ${driver}, which has rounds of its own`;
  throw new InputError("Cannot run", [{ at: "--rounds", given: String(rounds), expected, mend: "leave it out" }]);
}

/** The one place where a store is driven: round after round, each beginning with the store after the one before. */
async function runInTurns(
  entries: readonly Entry[],
  rounds: number,
  signal: AbortSignal,
  runOptions: RunOptions,
  tell: (share: number, note: string) => void,
): Promise<void> {
  let over = 0;
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < entries.length; turn++) {
      const entry = entries[(round + turn) % entries.length];
      if (signal.aborted) return;
      const where = rounds === 1 ? entry.name : `round ${round + 1} of ${rounds}, ${entry.name}`;
      const onProgress = ({ share, note }: BenchProgress) =>
        tell((over + Math.min(1, share)) / (rounds * entries.length), `${where}: ${note}`);
      if (entry.failure === null) await driveOne(entry, round, runOptions(signal, onProgress));
      over++;
    }
  }
}

async function driveOne(entry: Entry, round: number, options: BenchOptions): Promise<void> {
  const { run } = entry.scenario;
  const scenario = { ...entry.scenario, run: { ...run, seed: replicationSeed(run.seed, round) } };
  options.onProgress({ share: 0, note: "starting" });
  try {
    entry.rounds.push(await runBench(scenario, options));
  } catch (error) {
    entry.failure = asReason(error);
  }
}

/** All stores are open at once, and calls to them take turns. Where one cannot be opened, each is tried, and the others go on. */
async function runTogether(entries: readonly Entry[], options: BenchOptions): Promise<void> {
  const { measureMicro } = await import("../bench/drivers/micro.ts");
  const measure = async (these: readonly Entry[]) => {
    const results = await measureMicro(
      these.map(({ scenario }) => scenario),
      options,
    );
    for (const [index, result] of results.entries()) these[index].rounds.push(result);
  };
  try {
    await measure(entries);
  } catch (error) {
    asReason(error);
    const { openMicroSubject } = await import("../bench/drivers/micro-subject.ts");
    for (const entry of entries) {
      try {
        await (await openMicroSubject(entry.scenario)).close();
      } catch (reason) {
        entry.failure = asReason(reason);
      }
    }
    const others = entries.filter(({ failure }) => failure === null);
    if (others.length === entries.length) throw error;
    if (others.length > 0) await measure(others);
  }
}

/** What stood in the way of a store, on one line. @throws what is no matter of the store or the input. */
function asReason(error: unknown): string {
  if (!(error instanceof InputError)) throw error;
  return error.problems
    .map(({ at, given, expected, mend }) => `${at} is ${given}; expected ${expected}; ${mend}`)
    .join(". ");
}

function asProblem({ name, why }: { readonly name: string; readonly why: string }): Problem {
  return { at: "--providers", given: `"${name}"`, expected: "a store that can be run", mend: why };
}

/** A round that was cut short counts only where there is no other. null for a store that was left out. */
function contenderOf({ name, rounds, failure }: Entry, asked: number): Contender | null {
  if (rounds.length === 0 || failure !== null) return null;
  const whole = rounds.filter(({ complete }) => complete);
  const counted = whole.length === 0 ? rounds : whole;
  const result = poolRounds(counted);
  if (whole.length === asked || whole.length === 0) return { name, rounds: counted, result };
  const { audit } = result;
  const finding = `Cut short: the figures cover ${whole.length} of ${asked} rounds.`;
  const verdict = audit.verdict === "invalid" ? "invalid" : "doubtful";
  const said = { ...audit, verdict, findings: [...audit.findings, finding] } as const;
  return { name, rounds: counted, result: { ...result, complete: false, audit: said } };
}

/** @throws InputError with what cannot be driven on any of the stores, each mistake once. */
function refuseAny(scenarios: readonly Scenario[]): void {
  const problems: Problem[] = [];
  for (const scenario of scenarios) {
    try {
      refuseUndrivable(scenario);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(
        ...error.problems.filter((one) => !problems.some(({ at, given }) => at === one.at && given === one.given)),
      );
    }
  }
  if (problems.length > 0) throw new InputError("Cannot rank the stores", problems);
}
