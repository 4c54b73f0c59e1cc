// sessionlab sweep: a grid of scenarios in virtual time, its points over worker threads, to be stopped and gone on with at any moment.

import os from "node:os";
import path from "node:path";
import { Command, Option } from "commander";
import { InputError } from "../../config/problem.ts";
import type { Scenario } from "../../config/scenario.ts";
import { type Axis, parseAxis } from "../../config/vary.ts";
import type { Sweep } from "../../metrics/sweep/sweep.ts";
import type { ReportFile } from "../../reports/report-file.ts";
import { sweepCsv } from "../../reports/sweep/sweep-csv.ts";
import { renderSweepTerminal } from "../../reports/sweep/terminal.ts";
import { predictPoints, refuseOversizedPoints } from "../../sim/predict/predict-points.ts";
import { describeSize } from "../../sim/predict/predict-run.ts";
import { describeEnvironment } from "../environment.ts";
import { RUN_INVALID } from "../exit-codes.ts";
import { createInterrupt } from "../interrupt.ts";
import { commandLine, positiveNumber, wholeNumber } from "../options.ts";
import { createProgress } from "../progress.ts";
import { type AskedPrecision, precisionList } from "../simulate/repeat-options.ts";
import { limitsOf } from "../simulate/simulate-modes.ts";
import { createReplicationPool } from "../simulate/workers/replication-pool.ts";
import { terminal } from "../terminal.ts";
import { expectWritableFolder, makeWithParents, writeFiles } from "../write-report.ts";
import { figureList, gatherSweep } from "./gather-sweep.ts";
import { openPointJournal } from "./point-journal.ts";
import {
  type Known,
  noJournal,
  outcomesOf,
  runSweep,
  type SweepOutcomes,
  type SweepWork,
  workOf,
} from "./run-sweep.ts";
import { type Grid, readGrid } from "./sweep-grid.ts";

interface SweepOptions {
  readonly vary?: readonly Axis[];
  readonly figures?: readonly string[];
  readonly fidelity?: "population" | "requests";
  readonly seed?: number;
  readonly replications?: number;
  readonly replicationsMax?: number;
  readonly precision?: readonly AskedPrecision[];
  readonly workers?: number;
  readonly memoryLimit?: number;
  readonly timeLimit?: number;
  readonly out?: string;
  readonly format?: "terminal" | "csv" | "json";
  readonly json?: boolean;
  readonly quiet?: boolean;
}

const TOLD_FROM_SECONDS = 2;

export function sweepCommand(): Command {
  return new Command("sweep")
    .description("simulate a scenario over a grid of values, and tell where its figures turn")
    .argument("<scenario>", "scenario file (YAML or JSON), or a web.config: that site under the lunch-hour workload")
    .option(
      "--vary <key=values>",
      "a key of the scenario file and its values: a,b,c or low..high/count, evenly, /countlog for even ratios; once an axis",
      (text: string, before: readonly Axis[] | undefined) => [...(before ?? []), parseAxis(text)],
    )
    .option(
      "--figures <keys>",
      "the figures to tell, beside those that targets name; default: storedSessionsMean, refusedShare, memoryMaxBytes, responseP99Ms",
      figureList,
    )
    .addOption(
      new Option(
        "--fidelity <fidelity>",
        "of all points: population is much faster and knows no response times",
      ).choices(["population", "requests"]),
    )
    .option("--seed <n>", "another seed than the scenario's", wholeNumber("--seed", 0, Number.MAX_SAFE_INTEGER))
    .option(
      "--replications <n>",
      "independent repeats of each point; default: the scenario's, but 10 at least",
      wholeNumber("--replications", 1, 10_000),
    )
    .option("--precision <figures>", "repeat each point until 95 % intervals are so narrow: key=1%,…", precisionList)
    .option(
      "--replications-max <n>",
      "with --precision: give up after so many (default 1000)",
      wholeNumber("--replications-max", 2, 10_000),
    )
    .option(
      "--workers <n>",
      "threads; default: the cores. The result is the same for any",
      wholeNumber("--workers", 1, 1024),
    )
    .option(
      "--memory-limit <MB>",
      "refuse a sweep predicted to need more; default: 70 % of what there is",
      wholeNumber("--memory-limit", 1, 1e9),
    )
    .option(
      "--time-limit <hours>",
      "refuse a sweep predicted to take longer, as 0.5; default: 24",
      positiveNumber("--time-limit", 1e6),
    )
    .option(
      "--out <dir>",
      "keep each point there as it ends, and write sweep.json, sweep.csv and report.html; started again, only what is missing is run",
    )
    .addOption(new Option("--format <format>", "printed instead of the tables").choices(["terminal", "csv", "json"]))
    .option("--json", "as --format json")
    .option("--quiet", "no progress")
    .addHelpText(
      "after",
      `
All points have the same visitors and luck, so that neighbours are compared replication by replication.
Every point is checked before any is run.

Exit codes: 0 done, whatever became of the targets: a sweep looks around; 2 the input was wrong; 3 cut short: points that had
ended are kept with --out, and the same command goes on from there.

Examples:
  sessionlab sweep scenarios/lunch-hour.yaml --vary site.sessionsMax=500..800/7 --fidelity population
  sessionlab sweep scenarios/lunch-hour.yaml --vary site.sessionsMax=500..800/7 --vary site.mode=InProc,StateServer,SQLServer --out caps
  sessionlab sweep scenarios/lunch-hour.yaml --vary workload.arrivals.perSecond=0.1..10/7log --figures responseP99Ms,coreUtilisation
  sessionlab sweep web.config --vary site.timeoutMinutes=5,10,20,40 --format csv > timeouts.csv`,
    )
    .action(async (file: string, options: SweepOptions) => {
      const startedAt = new Date();
      if (options.vary === undefined) {
        const mend = "add --vary site.sessionsMax=1000..9000/9";
        throw new InputError("Cannot sweep", [{ at: "--vary", given: "", expected: "a key and its values", mend }]);
      }
      if (options.json === true && options.format !== undefined && options.format !== "json") {
        const expected = `--json or --format ${options.format}, not both`;
        throw new InputError("Cannot sweep", [{ at: "--json", given: "true", expected, mend: "leave one out" }]);
      }
      const quiet = options.quiet === true;
      if (options.out !== undefined) await expectWritableFolder(options.out);
      const checking = createProgress("checking the points", quiet);
      const grid = await readGrid(file, options.vary, { ...options, onProgress: checking.update }).finally(
        checking.stop,
      );
      const journal = options.out === undefined ? noJournal : await openPointJournal(options.out);
      const work = workOf(grid.points, journal);
      const outcomes = await carryOut(work, journal, grid, options);
      if (outcomes.outcomes.every((outcome) => outcome === null)) {
        process.stderr.write("Cut short before the first point had ended: there is nothing to tell.\n");
        process.exitCode = RUN_INVALID;
        return;
      }
      const sweep = gatherSweep(grid, outcomes.outcomes, {
        figures: options.figures,
        command: commandLine(),
        environment: describeEnvironment(startedAt, (Date.now() - startedAt.getTime()) / 1000),
      });
      print(sweep, options);
      if (options.out !== undefined) await write(sweep, options.out, options);
      if (!outcomes.complete) {
        process.stderr.write(howToGoOn(sweep, options));
        process.exitCode = RUN_INVALID;
      }
    });
}

async function carryOut(
  work: SweepWork,
  journal: Known,
  { points }: Grid,
  options: SweepOptions,
): Promise<SweepOutcomes> {
  const { scenarios, known } = work;
  const quiet = options.quiet === true;
  const say = (text: string) => {
    if (!quiet) process.stderr.write(text);
  };
  if (known > 0) say(`${known} of ${points.length} points are there already.\n`);
  if (scenarios.length === 0) return outcomesOf(work, journal);
  const limits = limitsOf(options);
  const threads = options.workers ?? threadsFor(scenarios, limits.bytesMax);
  refuseOversizedPoints(scenarios, threads, limits);
  const size = predictPoints(scenarios, threads);
  if (size.seconds >= TOLD_FROM_SECONDS)
    say(`simulating ${scenarios.length} points, ${size.replications} replications: about ${describeSize(size)}\n`);
  await journal.prepare();
  const progress = createProgress("sweeping", quiet);
  const interrupt = createInterrupt(() => {
    progress.stop();
    say("\nEnding the sweep; points that have ended are kept.\n");
  });
  const pool = createReplicationPool(threads, Math.ceil(limits.bytesMax / threads / 1e6));
  let kept = 0;
  try {
    return await runSweep(work, journal, {
      pool,
      threads,
      signal: interrupt.signal,
      onKept: () => {
        kept++;
      },
      onProgress: (share) => {
        if (!interrupt.signal.aborted) progress.update(share, `${kept} of ${scenarios.length} points`);
      },
    });
  } finally {
    await pool.end();
    progress.stop();
    interrupt.release();
  }
}

/** As many as there are cores and memory for. */
function threadsFor(scenarios: readonly Scenario[], bytesMax: number): number {
  const { replications } = predictPoints(scenarios, 1);
  let threads = Math.min(os.availableParallelism(), replications);
  while (threads > 1 && predictPoints(scenarios, threads).bytes > bytesMax) threads--;
  return threads;
}

function printed({ format, json }: SweepOptions): "terminal" | "csv" | "json" {
  return json === true ? "json" : (format ?? "terminal");
}

function print(sweep: Sweep, options: SweepOptions): void {
  const format = printed(options);
  if (format === "json") process.stdout.write(`${JSON.stringify(sweep)}\n`);
  else process.stdout.write(format === "csv" ? sweepCsv(sweep) : renderSweepTerminal(sweep, terminal()));
}

async function write(sweep: Sweep, folder: string, options: SweepOptions): Promise<void> {
  // Charts take half of the time that a command needs to start.
  const { renderSweepHtml } = await import("../../reports/sweep/html-page.ts");
  const files: readonly ReportFile[] = [
    { name: "sweep.json", text: `${JSON.stringify(sweep)}\n` },
    { name: "sweep.csv", text: sweepCsv(sweep) },
    { name: "report.html", text: await renderSweepHtml(sweep) },
  ];
  await makeWithParents(path.resolve(folder));
  const paths = await writeFiles(files, folder);
  (printed(options) === "terminal" ? process.stdout : process.stderr).write(`${paths.at(-1)}\n`);
}

function howToGoOn({ points, pointsAsked }: Sweep, { out }: SweepOptions): string {
  const share = `Cut short after ${points.length} of ${pointsAsked} points.`;
  return out === undefined
    ? `${share} With --out they would have been kept.\n`
    : `${share} They are kept in ${out}: the same command does the other ${pointsAsked - points.length}.\n`;
}
