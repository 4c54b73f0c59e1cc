// One run of the bench from what the command line says: at a host of our own or at --url, with progress, ended early by an interrupt.

import { access, constants, stat } from "node:fs/promises";
import path from "node:path";
import { type BenchOptions, runBench } from "../../bench/run-bench.ts";
import { InputError } from "../../config/problem.ts";
import type { RunResult } from "../../metrics/run-result.ts";
import { chooseSite } from "../choose-site.ts";
import { describeEnvironment } from "../environment.ts";
import { missesTarget, RUN_INVALID, TARGET_MISSED } from "../exit-codes.ts";
import { interruptible } from "../interruptible.ts";
import type { LoadedScenario } from "../load-scenario.ts";
import { commandLine } from "../options.ts";
import type { BenchCommandOptions } from "./bench-options.ts";
import { benchUrl, urlOf } from "./bench-url.ts";

/** The run, with progress on stderr, ended early by an interrupt. @throws InputError for what bench cannot drive. */
export async function benchWithProgress(
  { scenario, settings }: LoadedScenario,
  options: BenchCommandOptions,
): Promise<RunResult> {
  if (options.log !== undefined) await expectWritable(options.log);
  const asked = chooseSite(scenario, options);
  const url = urlOf({ ...options });
  const title = `benching ${url === null ? asked.site.mode : "the site"}`;
  return interruptible(title, options.quiet === true, (signal, tell) => {
    const bench = benchOptions(options, settings, signal, ({ share, note }) => tell(share, note));
    return url === null ? runBench(asked, bench) : benchUrl(url, asked, options, bench);
  });
}

/** What the command line says of a run, whichever its store. */
export function benchOptions(
  options: BenchCommandOptions,
  settings: BenchOptions["settings"],
  signal: AbortSignal,
  onProgress: BenchOptions["onProgress"],
): BenchOptions {
  return {
    driver: options.driver ?? "journeys",
    through: options.straight === true ? "provider" : "http",
    processors: options.sharedProcessors === true ? "shared" : "apart",
    generators: options.generators ?? 1,
    connectionsMax: options.connectionsMax,
    stateBytes: options.stateBytes ?? null,
    seconds: options.seconds,
    sessions: options.sessions,
    operations: options.operations,
    concurrency: options.concurrency ?? null,
    settings,
    command: commandLine(),
    signal,
    logFile: options.log,
    environment: describeEnvironment,
    onProgress,
  };
}

/** 3 when the figures must not be used or the run was cut short, 1 when a target was missed, else 0. */
export function benchExitCode(result: RunResult): number {
  if (result.audit.verdict === "invalid" || !result.complete) return RUN_INVALID;
  return missesTarget([result]) ? TARGET_MISSED : 0;
}

/** Found out before the run, not after it. */
async function expectWritable(log: string): Promise<void> {
  const folder = path.dirname(path.resolve(log));
  const refuse = (expected: string, mend: string) => {
    throw new InputError("Cannot run", [{ at: "--log", given: `"${log}"`, expected, mend }]);
  };
  const writable = await access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!writable) refuse("a file in a folder that exists and can be written to", `make the folder ${folder}`);
  const folderItself = await stat(log).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (folderItself) refuse("a file, not a folder", "name a file in it");
}
