// sessionlab bench --against: is what is here worse than what was there? Base and candidate run in turns until every metric has its
// verdict, or the time is over.

import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import type { Scenario } from "../../config/scenario.ts";
import { compareRuns } from "../../metrics/compare/compare-runs.ts";
import type { Comparison } from "../../metrics/compare/comparison.ts";
import type { NoiseFloors } from "../../metrics/compare/noise-floors.ts";
import type { RunResult } from "../../metrics/run-result.ts";
import { stringifyComparison } from "../../reports/comparison/comparison-file.ts";
import { renderComparison } from "../../reports/comparison/terminal.ts";
import { stringifyResult } from "../../reports/result-file.ts";
import type { BenchCommandOptions } from "../bench/bench-options.ts";
import { refuseUnheeded } from "../bench/driver-options.ts";
import { chooseSite } from "../choose-site.ts";
import { expectMetrics } from "../compare/minimum-effects.ts";
import { readWaivers } from "../compare/read-waivers.ts";
import { waiverCommits } from "../compare/waiver-commits.ts";
import { writeComparison } from "../compare/write-comparison.ts";
import { comparisonExitCode, RUN_INVALID } from "../exit-codes.ts";
import { interruptible } from "../interruptible.ts";
import { loadScenario } from "../load-scenario.ts";
import { commandLine } from "../options.ts";
import { terminal } from "../terminal.ts";
import { expectWritableFolder, writeFiles } from "../write-report.ts";
import { chooseAgainst } from "./against-choice.ts";
import { openSides } from "./comparison-sides.ts";
import { drawnSeed } from "./drawn-seed.ts";
import { type Interleaved, interleave, isInvalid, type Progressed, type Runs } from "./interleave.ts";
import { noiseAbout, readNoise } from "./noise-file.ts";
import { BUDGET_MINUTES, defaultScenario, sessionsOfTurns, shortened, tooLong } from "./turn-length.ts";

/** More than any budget has room for. */
const BLOCKS_MAX = 1_000;

type AgainstOptions = BenchCommandOptions & { readonly against: readonly string[] };

/** @param file left out: the scenario that comes with the program. @returns the exit code. */
export async function benchAgainst(file: string | undefined, given: AgainstOptions): Promise<number> {
  const options = { ...shortened(given), seed: given.seed ?? drawnSeed() };
  const { driver = "journeys", out, quiet, budgetMinutes = BUDGET_MINUTES, blocksMax = BLOCKS_MAX } = options;
  refuseUnheeded({ ...options, seed: undefined });
  const choice = chooseAgainst(given.against, options);
  const { scenario: asRead } = await loadScenario(file ?? defaultScenario(options));
  const scenario = chooseSite(asRead, options);
  if (out !== undefined) await expectWritableFolder(out);
  const command = given.seed === undefined ? `${commandLine()} --seed ${options.seed}` : commandLine();
  const judge = await createJudge(command, options);
  const budgetMs = budgetMinutes * 60_000;
  const warning = tooLong(scenario, options, budgetMs);
  if (warning !== null) process.stderr.write(`${warning}\n`);

  const { runs, blocks, ended } = await interruptible("comparing", quiet === true, async (signal, tell) => {
    const sides = await openSides({
      choice,
      file: file === undefined ? null : path.resolve(file),
      fileDefault: defaultScenario(options),
      options: withRelativeModule(options, scenario),
      store: scenario.store,
      signal,
      tell: (note) => tell(0, note),
    });
    try {
      return await interleave(sides, {
        seed: options.seed,
        unseeded: driver === "micro",
        blocksMax,
        budgetMs,
        signal,
        tell,
        async begin({ base, candidate }) {
          await judge.begin({ base: sides.base.title, candidate: sides.candidate.title }, base, candidate);
          return { sessions: sessionsOfTurns(base, options) };
        },
        judge: judge.between,
      });
    } finally {
      sides.close();
    }
  });
  if (blocks === 0) {
    process.stderr.write(`${endings[ended]} before there was a block to compare; there is no verdict.\n`);
    const invalid = [...runs.base, ...runs.candidate].find(isInvalid);
    if (invalid !== undefined)
      process.stderr.write(`A run was invalid: ${invalid.audit.findings[0] ?? "it does not say why"}\n`);
    return RUN_INVALID;
  }
  const comparison = judge.atTheEnd(runs, ended !== "interrupted" && ended !== "too many invalid runs");
  process.stdout.write(
    options.json === true ? stringifyComparison(comparison) : renderComparison(comparison, terminal()),
  );
  if (!isSettled(comparison)) process.stderr.write(`${endings[ended]}; ${openIn(comparison)}.\n`);
  if (out !== undefined) await writeAll(comparison, runs, out, options.json === true);
  return comparisonExitCode(comparison, options.strict === true);
}

const endings: Readonly<Record<Interleaved["ended"], string>> = {
  settled: "Every metric had its verdict",
  "all blocks run": "All blocks of --blocks-max are run",
  "time is over": "The time of --budget-minutes is over",
  interrupted: "Cut short",
  "too many invalid runs": "Ended, for too many runs were invalid,",
};

interface Judge {
  /** With one run of each, which take no part. @throws InputError for sides that must not be compared. */
  begin(names: Readonly<Record<"base" | "candidate", string>>, base: RunResult, candidate: RunResult): Promise<void>;
  between(runs: Runs): Progressed;
  atTheEnd(runs: Runs, complete: boolean): Comparison;
}

/** @throws InputError for a waiver file that cannot be read. */
async function createJudge(command: string, options: AgainstOptions & { readonly seed: number }): Promise<Judge> {
  const { seed, force = false, minEffect = {}, noiseFile } = options;
  const waivers = options.waivers === undefined ? [] : await readWaivers(options.waivers);
  const fixed = { seed, command, force, waivers, minimumEffects: minEffect };
  const today = new Date().toISOString().slice(0, "2026-12-31".length);
  let names = { base: "base", candidate: "candidate" };
  let noise: NoiseFloors | null = null;
  let covers = await waiverCommits(waivers, []);
  const compare = ({ base, candidate }: Runs, complete: boolean, interim: boolean) =>
    compareRuns(base, candidate, { ...fixed, today, names, noise, covers, complete, interim });
  return {
    async begin(given, base, candidate) {
      names = given;
      noise = await readNoise(noiseAbout(candidate), noiseFile);
      covers = await waiverCommits(waivers, [candidate.environment.commit]);
      // What must not be compared is refused before hours are spent on it. A run that is invalid may be the only one.
      if ([base, candidate].some(({ audit }) => audit.verdict === "invalid")) return;
      expectMetrics(
        minEffect,
        compare({ base: inPlaces(base, 0, 3), candidate: inPlaces(candidate, 1, 2) }, true, true),
      );
    },
    between(runs) {
      const comparison = compare(runs, true, true);
      return { settled: isSettled(comparison), note: openIn(comparison) };
    },
    atTheEnd: (runs, complete) => compare(runs, complete, false),
  };
}

/** A path from the top of the machine would lead to the working tree, whichever commit asks. */
function withRelativeModule<T extends BenchCommandOptions>(options: T, { site, store }: Scenario): T {
  const { provider, module } = store;
  if (provider !== "module" || module === null || !path.isAbsolute(module)) return options;
  return { ...options, mode: site.mode, provider, module: path.relative(process.cwd(), module) };
}

/** As if it had run twice, so that there is a block with every metric. */
function inPlaces(run: RunResult, ...places: readonly number[]): readonly RunResult[] {
  return places.map((place) => ({ ...run, turn: { block: 0, place } }));
}

/** A metric whose minimum effect this machine's noise hides is not waited for. */
function isSettled({ metrics }: Comparison): boolean {
  return metrics.every(({ verdict, undecidable }) => verdict !== "cannot tell" || undecidable);
}

/** "5 of 28 metrics without a verdict" */
function openIn({ metrics }: Comparison): string {
  const open = metrics.filter(({ verdict, undecidable }) => verdict === "cannot tell" && !undecidable).length;
  const regressed = metrics.filter(({ verdict }) => verdict === "regressed").length;
  return `${open} of ${metrics.length} metrics without a verdict${regressed === 0 ? "" : `, ${regressed} regressed`}`;
}

/** The comparison, and what the same can be made of again: sessionlab compare DIR/base DIR/candidate. */
async function writeAll(comparison: Comparison, runs: Runs, out: string, json: boolean): Promise<void> {
  for (const [side, results] of Object.entries(runs)) {
    const folder = path.join(out, side, path.sep);
    await removeRuns(folder);
    await writeFiles(results.map(runFile), folder);
  }
  const paths = await writeComparison(comparison, out);
  (json ? process.stderr : process.stdout).write(paths.map((file) => `${file}\n`).join(""));
}

/** Those of an earlier comparison, which may have had more. */
async function removeRuns(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((one) => /^\d{3,}\.json$/.test(one))) await rm(path.join(folder, name));
}

function runFile(result: RunResult, index: number) {
  return { name: `${String(index + 1).padStart(3, "0")}.json`, text: stringifyResult(result) };
}
