// The runs of a ranking: rounds of all stores take turns, each round with visitors of its own that every store meets, and each
// begins with another store, so that a slow minute of the machine is nobody's alone.

import type { BenchOptions, BenchProgress } from "../../bench/bench-options.ts";
import { runBench } from "../../bench/run-bench.ts";
import { InputError } from "../../config/problem.ts";
import type { Scenario } from "../../config/scenario.ts";
import { poolRounds } from "../../metrics/pool-rounds.ts";
import type { Contender } from "../../metrics/ranking.ts";
import type { RunResult } from "../../metrics/run-result.ts";
import { replicationSeed } from "../../workload/random-stream.ts";

/** What the command line says of each run: all but the store. */
export type RunOptions = (signal: AbortSignal, onProgress: (progress: BenchProgress) => void) => BenchOptions;

/** One of the stores, before and while it is run. */
export interface Entry {
  readonly name: string;
  readonly scenario: Scenario;
  readonly rounds: RunResult[];
  /** Why it was left out; null as long as it was not. */
  failure: string | null;
}

export interface Turns {
  readonly rounds: number;
  readonly signal: AbortSignal;
  readonly runOptions: RunOptions;
  readonly tell: (share: number, note: string) => void;
}

/** The one place where a store is driven: round after round, each beginning with the store after the one before. */
export async function runInTurns(entries: readonly Entry[], turns: Turns): Promise<void> {
  const { rounds, signal, runOptions, tell } = turns;
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

/** Micro: all stores are open at once and calls to them take turns. Where one cannot be opened, each is tried, and the others go on. */
export async function runTogether(entries: readonly Entry[], options: BenchOptions): Promise<void> {
  try {
    await measureTogether(entries, options);
  } catch (error) {
    asReason(error);
    await findFailures(entries);
    const others = entries.filter(({ failure }) => failure === null);
    if (others.length === entries.length) throw error;
    if (others.length > 0) await measureTogether(others, options);
  }
}

async function measureTogether(entries: readonly Entry[], options: BenchOptions): Promise<void> {
  const { measureMicro } = await import("../../bench/drivers/micro/micro.ts");
  const scenarios = entries.map(({ scenario }) => scenario);
  const results = await measureMicro(scenarios, options);
  for (const [index, result] of results.entries()) entries[index].rounds.push(result);
}

async function findFailures(entries: readonly Entry[]): Promise<void> {
  const { openMicroSubject } = await import("../../bench/drivers/micro/micro-subject.ts");
  for (const entry of entries) {
    try {
      await (await openMicroSubject(entry.scenario)).close();
    } catch (error) {
      entry.failure = asReason(error);
    }
  }
}

/** What stood in the way of a store, on one line. @throws what is no matter of the store or the input. */
function asReason(error: unknown): string {
  if (!(error instanceof InputError)) throw error;
  return error.message.replaceAll(/\n\s*/g, " ");
}

/** With fewer there is no interval to tell two stores apart by. */
const VALID_ROUNDS_MIN = 2;

/**
 * A round that was cut short counts only where there is no other, an invalid one only where fewer than two others are left: one bad
 * moment of the machine shall not cost a store its place, and what is left out is said.
 * @param asked how many rounds there should be.
 * @returns null for a store that was left out, or whose turn never came.
 */
export function contenderOf({ name, rounds, failure }: Entry, asked: number): Contender | null {
  if (rounds.length === 0 || failure !== null) return null;
  const whole = rounds.filter(({ complete }) => complete);
  const ended = whole.length === 0 ? rounds : whole;
  const valid = ended.filter(({ audit }) => audit.verdict !== "invalid");
  const counted = valid.length < VALID_ROUNDS_MIN ? ended : valid;
  const result = poolRounds(counted, rounds);
  const { audit } = result;
  const short = whole.length > 0 && whole.length < asked;
  const said = [
    ...(short ? [`Cut short: the figures cover ${counted.length} of ${asked} rounds.`] : []),
    ...ended
      .filter((round) => !counted.includes(round))
      .map(
        (round) =>
          `Round ${rounds.indexOf(round) + 1} is left out, for it is invalid: ${round.audit.findings[0] ?? "no reason is known"}`,
      ),
  ];
  if (said.length === 0) return { name, rounds: counted, result };
  const verdict = audit.verdict === "invalid" ? "invalid" : "doubtful";
  return {
    name,
    rounds: counted,
    result: {
      ...result,
      complete: result.complete && !short,
      audit: { ...audit, verdict, findings: [...said, ...audit.findings] },
    },
  };
}
