// sessionlab bench --calibrate-noise: runs of one and the same program take turns as if they were two sides, so that whatever differs
// is the machine's. What is found is kept, and later verdicts on this machine know what they cannot see.

import { noiseFloors } from "../../metrics/compare/measure-floors.ts";
import { medianOf } from "../../metrics/confidence.ts";
import type { RunResult } from "../../metrics/run-result.ts";
import { renderNoise } from "../../reports/comparison/noise-table.ts";
import type { BenchCommandOptions } from "../bench/bench-options.ts";
import { refuseUnheeded } from "../bench/driver-options.ts";
import { chooseSite } from "../choose-site.ts";
import { RUN_INVALID } from "../exit-codes.ts";
import { interruptible } from "../interruptible.ts";
import { loadScenario } from "../load-scenario.ts";
import { terminal } from "../terminal.ts";
import { openAlikeSides } from "./comparison-sides.ts";
import { drawnSeed } from "./drawn-seed.ts";
import { interleave, isInvalid, type Runs } from "./interleave.ts";
import { writeNoise } from "./noise-file.ts";
import { BUDGET_MINUTES, defaultScenario, sessionsOfTurns, shortened } from "./turn-length.ts";

const BLOCKS = 16;
/** With fewer the deviations are those of a few. */
const BLOCKS_MIN = 4;

/** @param file left out: the scenario that comes with the program. @returns the exit code. */
export async function calibrateNoise(file: string | undefined, given: BenchCommandOptions): Promise<number> {
  const options = { ...shortened(given), seed: given.seed ?? drawnSeed() };
  const { driver = "journeys", blocksMax = BLOCKS, budgetMinutes = BUDGET_MINUTES, quiet } = options;
  refuseUnheeded({ ...options, seed: undefined });
  const scenarioFile = file ?? defaultScenario(options);
  const { scenario } = await loadScenario(scenarioFile);
  // What cannot be driven is refused before the first run.
  chooseSite(scenario, options);
  const { runs, blocks, blockMs, ended } = await interruptible("calibrating", quiet === true, async (signal, tell) => {
    const sides = openAlikeSides(scenarioFile, options);
    try {
      return await interleave(sides, {
        seed: options.seed,
        unseeded: driver === "micro",
        blocksMax,
        budgetMs: Number.POSITIVE_INFINITY,
        signal,
        tell,
        begin: async ({ base }) => ({ sessions: sessionsOfTurns(base, options) }),
        judge: () => ({ settled: false, note: "runs that are alike" }),
      });
    } finally {
      sides.close();
    }
  });
  if (blocks < Math.min(BLOCKS_MIN, blocksMax) || ended === "too many invalid runs") {
    const why = ended === "too many invalid runs" ? "Too many runs were invalid" : "Cut short";
    process.stderr.write(`${why} after ${blocks} blocks, too few to know the noise by; nothing was kept.\n`);
    return RUN_INVALID;
  }
  // What a comparison has time for by itself, or by the budget that is given here.
  const allowed = Math.max(1, Math.floor((budgetMinutes * 60_000) / blockMs));
  const { base, candidate } = validBlocks(runs);
  const runSeconds = medianOf([...base, ...candidate].map(({ environment }) => environment.wallSeconds));
  const floors = { ...noiseFloors(base, candidate, { blocksMax: allowed, seed: options.seed }), runSeconds };
  const place = await writeNoise(floors, options.noiseFile);
  const { json } = options;
  process.stdout.write(
    json === true ? `${JSON.stringify(floors, null, 2)}\n` : renderNoise(floors, allowed, terminal()),
  );
  (json === true ? process.stderr : process.stdout).write(`${place}\n`);
  return ended === "interrupted" ? RUN_INVALID : 0;
}

/** One invalid run makes its block say nothing. */
function validBlocks({ base, candidate }: Runs): Runs {
  const broken = new Set([...base, ...candidate].filter(isInvalid).map(({ turn }) => turn?.block));
  const valid = (runs: readonly RunResult[]) => runs.filter(({ turn }) => !broken.has(turn?.block));
  return { base: valid(base), candidate: valid(candidate) };
}
