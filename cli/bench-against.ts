// sessionlab bench --against: is what is here worse than what was there? Base and candidate run in turns until every metric has its
// verdict, or the time is over.

import path from "node:path";
import { compareRuns } from "../metrics/compare/compare-runs.ts";
import type { Comparison } from "../metrics/compare/comparison.ts";
import type { NoiseFloors } from "../metrics/compare/noise-floors.ts";
import type { RunResult } from "../metrics/run-result.ts";
import { stringifyComparison } from "../reports/comparison/comparison-file.ts";
import { renderComparison } from "../reports/comparison/terminal.ts";
import { stringifyResult } from "../reports/result-file.ts";
import { chooseAgainst } from "./against-choice.ts";
import type { BenchCommandOptions } from "./bench-options.ts";
import { chooseSite } from "./choose-site.ts";
import { openSides } from "./comparison-sides.ts";
import { refuseUnheeded } from "./driver-options.ts";
import { RUN_INVALID, TARGET_MISSED } from "./exit-codes.ts";
import { type Interleaved, interleave, type Progressed, type Runs } from "./interleave.ts";
import { interruptible } from "./interruptible.ts";
import { loadScenario, ycsbPath } from "./load-scenario.ts";
import { noiseAbout, readNoise } from "./noise-file.ts";
import { commandLine } from "./options.ts";
import { terminal } from "./terminal.ts";
import { shortened, tooLong } from "./turn-length.ts";
import { expectWritableFolder, writeFiles } from "./write-report.ts";

const BUDGET_MINUTES = 10;
/** More than any budget has room for. */
const BLOCKS_MAX = 1_000;

/** @param file null: the scenario that comes with the program. @returns the exit code. */
export async function benchAgainst(
  file: string | undefined,
  given: BenchCommandOptions & { readonly against: readonly string[] },
): Promise<number> {
  const options = shortened(given);
  const { driver = "journeys", out, quiet } = options;
  refuseUnheeded({ ...options, seed: undefined });
  const choice = chooseAgainst(given.against, options);
  const { scenario: asRead } = await loadScenario(file ?? ycsbPath);
  const scenario = chooseSite(asRead, options);
  if (out !== undefined) await expectWritableFolder(out);
  const budgetMs = (options.budgetMinutes ?? BUDGET_MINUTES) * 60_000;
  const warning = tooLong(scenario, options, budgetMs);
  if (warning !== null) process.stderr.write(`${warning}\n`);

  const names = { base: "", candidate: "" };
  let noise: NoiseFloors | null = null;
  const compare = (runs: Runs, stage: Pick<Comparison, "complete"> & { readonly interim: boolean }) =>
    compareRuns(runs.base, runs.candidate, {
      names,
      seed: scenario.run.seed,
      command: commandLine(),
      force: options.force === true,
      waivers: [],
      today: new Date().toISOString().slice(0, 10),
      covers: () => null,
      noise,
      ...stage,
    });
  const interleaved = await interruptible("comparing", quiet === true, async (signal, tell) => {
    const sides = await openSides({
      choice,
      file: file === undefined ? null : path.resolve(file),
      fileDefault: ycsbPath,
      options,
      store: scenario.store,
      signal,
      tell: (note) => tell(0, note),
    });
    names.base = sides.base.title;
    names.candidate = sides.candidate.title;
    try {
      return await interleave(sides, {
        seed: scenario.run.seed,
        unseeded: driver === "micro",
        blocksMax: options.blocksMax ?? BLOCKS_MAX,
        budgetMs,
        signal,
        tell,
        async begin(warm) {
          noise = await readNoise(noiseAbout(warm.candidate), options.noiseFile);
          // What must not be compared is refused before hours are spent on it.
          const valid = [warm.base, warm.candidate].every(({ audit }) => audit.verdict !== "invalid");
          if (valid) compare({ base: [warm.base], candidate: [warm.candidate] }, { complete: true, interim: true });
        },
        judge: (runs) => progressOf(compare(runs, { complete: true, interim: true })),
      });
    } finally {
      sides.close();
    }
  });
  const { runs, blocks, ended } = interleaved;
  if (blocks === 0) {
    process.stderr.write(`${endedEarly[ended]} before there was a block to compare; there is no verdict.\n`);
    return RUN_INVALID;
  }
  const complete = ended !== "interrupted" && ended !== "too many invalid runs";
  const comparison = compare(runs, { complete, interim: false });
  process.stdout.write(
    options.json === true ? stringifyComparison(comparison) : renderComparison(comparison, terminal()),
  );
  if (ended !== "settled" && !isSettled(comparison))
    process.stderr.write(`${endedEarly[ended]}; ${openIn(comparison)}.\n`);
  if (out !== undefined) await writeAll(comparison, runs, out);
  return exitCodeOf(comparison, options.strict === true);
}

const endedEarly: Readonly<Record<Interleaved["ended"], string>> = {
  settled: "Every metric has its verdict",
  "all blocks run": "All blocks of --blocks-max are run",
  "time is over": "The time of --budget-minutes is over",
  interrupted: "Cut short",
  "too many invalid runs": "Ended, for too many runs were invalid,",
};

/** A metric whose minimum effect this machine's noise hides is not waited for. */
function isSettled({ metrics }: Comparison): boolean {
  return metrics.every(({ verdict, undecidable }) => verdict !== "cannot tell" || undecidable);
}

function progressOf(comparison: Comparison): Progressed {
  return { settled: isSettled(comparison), note: openIn(comparison) };
}

/** "5 of 28 metrics have no verdict yet" */
function openIn({ metrics }: Comparison): string {
  const open = metrics.filter(({ verdict, undecidable }) => verdict === "cannot tell" && !undecidable).length;
  const regressed = metrics.filter(({ verdict }) => verdict === "regressed").length;
  return `${open} of ${metrics.length} metrics without a verdict${regressed === 0 ? "" : `, ${regressed} regressed`}`;
}

/** What the same comparison can be made of again: sessionlab compare DIR/base DIR/candidate. */
async function writeAll(comparison: Comparison, runs: Runs, out: string): Promise<void> {
  await writeFiles([{ name: "comparison.json", text: stringifyComparison(comparison) }], `${out}${path.sep}`);
  for (const [side, results] of Object.entries(runs)) {
    await writeFiles(results.map(runFile), path.join(out, side, path.sep));
  }
}

function runFile(result: RunResult, index: number) {
  return { name: `${String(index + 1).padStart(2, "0")}.json`, text: stringifyResult(result) };
}

function exitCodeOf(comparison: Comparison, strict: boolean): number {
  if (comparison.verdict === "regressed") return TARGET_MISSED;
  if (!comparison.complete && !isSettled(comparison)) return RUN_INVALID;
  return strict && comparison.verdict === "cannot tell" ? RUN_INVALID : 0;
}
