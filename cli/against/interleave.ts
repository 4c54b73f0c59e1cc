// Runs of two sides in turns, block after block, each run a fresh process with nothing else of ours beside it, until there is nothing
// left to find out or the time is over.

import { runProgram } from "../../bench/against/guarded-process.ts";
import { planBlock, RUNS_OF_BLOCK, type SideName } from "../../bench/against/turns.ts";
import { maskSecrets } from "../../config/connection-strings.ts";
import { InputError } from "../../config/problem.ts";
import type { RunResult } from "../../metrics/run-result.ts";
import { parseResult } from "../../reports/result-file.ts";
import { RUN_INVALID, TARGET_MISSED } from "../exit-codes.ts";
import type { Side, Sides } from "./comparison-sides.ts";
import type { TurnAsked } from "./turn-arguments.ts";

export interface Interleaving {
  /** Of the order of turns and of the visitors. */
  readonly seed: number;
  /** The driver draws no visitors, and takes no seed. */
  readonly unseeded: boolean;
  readonly blocksMax: number;
  readonly budgetMs: number;
  readonly signal: AbortSignal;
  readonly tell: (share: number, note: string) => void;
  /** After the unmeasured runs. @returns what is said of the others. Rejects with what speaks against going on. */
  readonly begin: (warm: Readonly<Record<SideName, RunResult>>) => Promise<Pick<TurnAsked, "sessions">>;
  /** After a block whose runs are all valid. */
  readonly judge: (runs: Runs) => Progressed;
}

export type Runs = Readonly<Record<SideName, readonly RunResult[]>>;

export interface Progressed {
  /** Nothing is left to find out. */
  readonly settled: boolean;
  /** "5 of 28 metrics open" */
  readonly note: string;
}

export interface Interleaved {
  readonly runs: Runs;
  /** What a block takes. */
  readonly blockMs: number;
  /** Those of which every run is valid. */
  readonly blocks: number;
  readonly ended: "settled" | "all blocks run" | "time is over" | "interrupted" | "too many invalid runs";
}

/** Blocks with an invalid run are run again, but not for ever: so many, and one for each four that went well. */
const REPEATED_MIN = 3;
const REPEATED_SHARE = 0.25;
/** A run that takes so many times as long as the first hangs. */
const SLOWER_MAX = 10;
const LIMIT_MIN_MS = 60_000;
const FIRST_LIMIT_MS = 60 * 60_000;

/** @throws InputError when a side cannot be run, naming it. */
export async function interleave(sides: Sides, interleaving: Interleaving): Promise<Interleaved> {
  const { seed, unseeded, blocksMax, budgetMs, signal, tell, begin, judge } = interleaving;
  const startedAtMs = performance.now();
  const spentMs = () => performance.now() - startedAtMs;
  const runs: Record<SideName, RunResult[]> = { base: [], candidate: [] };
  let turnMs = 0;
  const over = (blocks: number, ended: Interleaved["ended"]): Interleaved => {
    return { runs, blockMs: RUNS_OF_BLOCK * turnMs, blocks, ended };
  };

  tell(0, `a first run of ${sides.base.title}, which is not measured`);
  const first = { seed: unseeded ? null : seed, sessions: null };
  const warmBase = await runSide(sides.base, first, signal, FIRST_LIMIT_MS);
  tell(0, `a first run of ${sides.candidate.title}, which is not measured`);
  const warmStartMs = performance.now();
  const warmCandidate = await runSide(sides.candidate, first, signal, FIRST_LIMIT_MS);
  if (warmBase === null || warmCandidate === null) return over(0, "interrupted");
  turnMs = performance.now() - warmStartMs;
  const { sessions } = await begin({ base: warmBase, candidate: warmCandidate });

  const measuredFromMs = performance.now();
  const limitMs = LIMIT_MIN_MS + SLOWER_MAX * turnMs;
  let note = "nothing is known yet";
  let blocks = 0;
  for (let block = 0; blocks < blocksMax; block++) {
    if (block > 0 && spentMs() + RUNS_OF_BLOCK * turnMs > budgetMs) return over(blocks, "time is over");
    const { order, runSeed } = planBlock(seed, block);
    const ofBlock: Record<SideName, RunResult[]> = { base: [], candidate: [] };
    for (const [place, name] of order.entries()) {
      const share = Math.max((blocks + place / RUNS_OF_BLOCK) / blocksMax, spentMs() / budgetMs);
      tell(share, `block ${block + 1}, ${name}: ${note}; ${left(budgetMs - spentMs())}`);
      const result = await runSide(sides[name], { seed: unseeded ? null : runSeed, sessions }, signal, limitMs);
      if (result === null) return over(blocks, "interrupted");
      ofBlock[name].push({ ...result, turn: { block, place } });
    }
    turnMs = (performance.now() - measuredFromMs) / ((block + 1) * RUNS_OF_BLOCK);
    runs.base.push(...ofBlock.base);
    runs.candidate.push(...ofBlock.candidate);
    if ([...ofBlock.base, ...ofBlock.candidate].some(isInvalid)) {
      if (block + 1 - blocks > REPEATED_MIN + REPEATED_SHARE * blocks) {
        return over(blocks, "too many invalid runs");
      }
      continue;
    }
    blocks++;
    const progressed = judge(runs);
    note = progressed.note;
    if (progressed.settled) return over(blocks, "settled");
  }
  return over(blocks, "all blocks run");
}

/** It says nothing, and neither does the block it is in. */
export function isInvalid({ audit, complete }: RunResult): boolean {
  return audit.verdict === "invalid" || !complete;
}

function left(ms: number): string {
  return Number.isFinite(ms) ? `${minutes(ms)} of the budget left` : "no time limit";
}

/** "4.5 min" */
function minutes(ms: number): string {
  return `${(Math.max(0, ms) / 60_000).toFixed(1)} min`;
}

/** @returns null when it was interrupted. @throws InputError when it gives no result. */
async function runSide(side: Side, turn: TurnAsked, signal: AbortSignal, limitMs: number): Promise<RunResult | null> {
  if (signal.aborted) return null;
  const program = { file: process.execPath, args: side.argumentsFor(turn), cwd: side.cwd, env: side.env };
  const { exitCode, stdout, said, endedBy } = await runProgram(program, { signal, limitMs });
  if (endedBy === "abort" || signal.aborted) return null;
  if (endedBy === "time limit") {
    throw failure(side, `still at work after ${minutes(limitMs)}`, "see what it waits for");
  }
  // A program that cannot even be loaded ends like one that missed a target, but says nothing on stdout.
  const answered = exitCode === 0 || exitCode === TARGET_MISSED || exitCode === RUN_INVALID;
  const hasResult = answered && stdout.trim() !== "";
  if (!hasResult) {
    const words = maskSecrets(said.trim().replaceAll(/\s+/g, " "));
    throw failure(side, `a failure (exit code ${exitCode ?? "none"}): ${words}`, mendFor(words));
  }
  const result = parseResult(stdout, `a run of ${side.title}`);
  return side.commit === null ? result : { ...result, environment: { ...result.environment, commit: side.commit } };
}

function mendFor(words: string): string {
  return /unknown option/.test(words)
    ? "name a commit whose bench knows it, or leave the option out"
    : "see to it and run again";
}

function failure({ title }: Side, given: string, mend: string): InputError {
  return new InputError(`Cannot run ${title}`, [{ at: `a run of ${title}`, given, expected: "a result", mend }]);
}
