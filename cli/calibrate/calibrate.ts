// sessionlab calibrate: what a provider costs, as a file that simulate, sweep and plan take. Measured here and now, or fitted from
// what somebody already has: results of bench, or access logs.

import { Command } from "commander";
import { UnusableRun } from "../../bench/calibrate/unusable-run.ts";
import { parseCalibration } from "../../config/calibration.ts";
import { InputError, type Problem } from "../../config/problem.ts";
import type { Calibration, StoreProvider } from "../../config/scenario.ts";
import { createStyle } from "../../reports/text-table.ts";
import { RUN_INVALID } from "../exit-codes.ts";
import { commandLine, flagOf, oneProvider, positiveNumber, wholeNumber } from "../options.ts";
import { terminal } from "../terminal.ts";
import { calibrationDocument, roundedCalibration } from "./calibration-document.ts";
import { calibrationPlace, writeCalibration } from "./calibration-place.ts";
import { calibrationTable } from "./calibration-table.ts";
import { kindOfInputs } from "./input-kind.ts";

interface CalibrateCommandOptions {
  readonly provider?: StoreProvider;
  readonly module?: string;
  readonly connection?: string[];
  readonly budgetMinutes?: number;
  readonly from?: string[];
  readonly base?: string;
  readonly cores?: number;
  readonly out?: string;
  readonly force?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function calibrateCommand(): Command {
  return new Command("calibrate")
    .description("what a provider costs on this machine, or on the one that a result comes from")
    .option("--provider <name>", "the store to measure; with --from, whose costs they are", oneProvider)
    .option("--module <path>", "the provider of your own, or for express-session the package of the store")
    .option("--connection <string...>", "where it is (default: one is started, and removed afterwards)")
    .option(
      "--budget-minutes <n>",
      "measure for about so long, two minutes at least",
      positiveNumber("--budget-minutes", 10_000),
    )
    .option("--from <file...>", "fit instead of measuring: results of bench, or access logs of IIS, plain or gzip")
    .option("--cores <n>", "with --from LOG: cores of the server that wrote it", wholeNumber("--cores", 1, 1024))
    .option("--base <file>", "with --from: the calibration for what cannot be told (default: the built-in one)")
    .option("--out <file>", "write it there (default: PROVIDER.calibration.yaml when measured, nowhere with --from)")
    .option("--force", "replace a file that is there")
    .option("--json", "print the calibration as JSON")
    .option("--quiet", "no progress")
    .addHelpText(
      "after",
      `
The file goes into a scenario as store.calibration: redis.calibration.yaml. It names its provider: a scenario on another one refuses it.
--from RESULT changes the few costs that a whole run tells until the simulation of the same visitors answers as the run did: what a
request takes of a core, what lies beyond it (the way to the visitor in process, the store elsewhere), memory. Results at different
loads tell more than one. The rest comes from --base, and the evidence says which.
--from LOG takes the law of a page's own time from the time-taken of quiet stretches, and a core's part of it from how it grows with
the load; the calibration then speaks of whole pages, so a scenario that uses it says cpuMs 0 of its pages.
Ctrl-C ends it and writes nothing.

Exit codes: 0 done, 2 the input was wrong, 3 cut short or the machine too busy, 130 ended by a second Ctrl-C.

Examples:
  sessionlab calibrate --provider redis
  sessionlab calibrate --provider postgres --connection postgres://localhost/app --out postgres.calibration.yaml
  sessionlab bench basket.yaml --provider redis --out out && sessionlab calibrate --from out/result.json --out site.calibration.yaml
  sessionlab calibrate --from u_ex*.log.gz --cores 8 --out site.calibration.yaml
  sessionlab calibrate --from quiet/result.json busy/result.json --base redis.calibration.yaml --out site.calibration.yaml`,
    )
    .action(calibrate);
}

async function calibrate(options: CalibrateCommandOptions): Promise<void> {
  refuseTogether(options);
  const { from } = options;
  const measures = from === undefined;
  const out = options.out ?? (measures && options.json !== true ? "." : undefined);
  const name = `${options.provider ?? (measures ? "module" : "site")}.calibration.yaml`;
  const file = out === undefined ? null : await calibrationPlace(out, name, options.force === true);
  const made = measures ? await measured(options) : await fitted(from, options);
  if (made === null || made instanceof UnusableRun) {
    process.stderr.write(`${made?.message ?? "Cut short: nothing was written."}\n`);
    process.exitCode = RUN_INVALID;
    return;
  }
  const calibration = roundedCalibration(made);
  const text = calibrationDocument(calibration, commandLine());
  const problems = parseCalibration(text, file ?? name).problems;
  if (problems.length > 0) throw new Error(`the calibration just made is not valid: ${JSON.stringify(problems)}`);
  if (file !== null) await writeCalibration(text, file);
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify(calibration, null, 2)}\n`);
    return;
  }
  const { color, columns } = terminal();
  process.stdout.write(calibrationTable(calibration, createStyle(color), columns));
  process.stdout.write(
    file === null ? "\nAdd --out site.calibration.yaml for a file.\n" : `\nCalibration file: ${file}\n`,
  );
}

async function measured(options: CalibrateCommandOptions): Promise<Calibration | UnusableRun | null> {
  const { measureProvider } = await import("./calibrate-provider.ts");
  try {
    return await measureProvider(options);
  } catch (error) {
    if (error instanceof UnusableRun) return error;
    throw error;
  }
}

async function fitted(files: readonly string[], options: CalibrateCommandOptions): Promise<Calibration | null> {
  if ((await kindOfInputs(files)) === "log") {
    const { fitLogs } = await import("./calibrate-logs.ts");
    return (await fitLogs(files, options))?.calibration ?? null;
  }
  if (options.cores !== undefined) {
    const expected = "access logs: a result knows the cores of its scenario";
    throw new InputError("Cannot calibrate", [
      { at: "--cores", given: "with a result", expected, mend: "leave it out" },
    ]);
  }
  const { fitResults } = await import("./calibrate-results.ts");
  return (await fitResults(files, options))?.calibration ?? null;
}

const ONLY_MEASURED = ["module", "connection", "budgetMinutes"] as const;
const ONLY_FITTED = ["base", "cores"] as const;

/** @throws InputError for options that do not go together. */
function refuseTogether(options: CalibrateCommandOptions): void {
  const problems: Problem[] = [];
  if (options.from !== undefined) {
    for (const name of ONLY_MEASURED.filter((one) => options[one] !== undefined)) {
      const expected = "nothing that is measured: the figures are there already";
      problems.push({ at: flagOf(name), given: "together with --from", expected, mend: "leave it out" });
    }
  } else {
    for (const name of ONLY_FITTED.filter((one) => options[one] !== undefined)) {
      problems.push({ at: flagOf(name), given: "without --from", expected: "--from beside it", mend: "leave it out" });
    }
    if (options.provider === undefined && options.module === undefined) {
      const expected = "--provider NAME to measure, or --from FILE to fit";
      problems.push({ at: "the options", given: "neither", expected, mend: "name a provider: --provider redis" });
    }
  }
  if (problems.length > 0) throw new InputError("Cannot calibrate", problems);
}
