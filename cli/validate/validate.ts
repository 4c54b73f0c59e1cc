// sessionlab validate: a scenario in both worlds at several loads, predicted beside measured. Ctrl-C once keeps the loads that were
// done; twice, it ends everything at once.

import path from "node:path";
import { Command, Option } from "commander";
import { maskStore } from "../../config/mask-settings.ts";
import type { StoreProvider } from "../../config/scenario.ts";
import { VALIDATION_SCHEMA, type Validation } from "../../metrics/validation/validation.ts";
import { stringifyResult } from "../../reports/result-file.ts";
import { renderValidation } from "../../reports/validation/terminal.ts";
import { stringifyValidation } from "../../reports/validation/validation-file.ts";
import { type NamedProvider, providerList } from "../bench/named-providers.ts";
import { describeEnvironment } from "../environment.ts";
import { RUN_INVALID } from "../exit-codes.ts";
import { interruptible } from "../interruptible.ts";
import { commandLine, positiveNumber, wholeNumber } from "../options.ts";
import { terminal } from "../terminal.ts";
import { expectWritableFolder, writeFiles } from "../write-report.ts";
import { keptLabel, keptRuns } from "./kept-runs.ts";
import { loadList } from "./load-list.ts";
import { measuredName, runValidation, validationSeconds } from "./run-validation.ts";
import { expectStores, prepareSubjects, type Subjects } from "./subjects.ts";
import { validationExitCode } from "./validation-exit-code.ts";
import { validationFiles } from "./validation-report.ts";

interface ValidateOptions {
  readonly providers?: readonly NamedProvider[];
  readonly loads: readonly number[];
  readonly calibration?: readonly string[];
  readonly saturation?: number;
  readonly seconds?: number;
  readonly requests?: number;
  readonly repeats: number;
  readonly replications: number;
  readonly keepCap?: boolean;
  readonly measured?: string;
  readonly seed?: number;
  readonly out?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

const LOADS_DEFAULT = "20%,40%,60%,80%";

export function validateCommand(): Command {
  return new Command("validate")
    .description(
      "how far predictions can be trusted here: a scenario in both worlds, the same visitors, at several loads",
    )
    .argument("<scenario>", "scenario file (YAML or JSON), or a web.config: that site under the lunch-hour workload")
    .option(
      "--providers <list>",
      "on these stores, as inproc,stateserver,postgres,redis (default: the scenario's)",
      providerList,
    )
    .addOption(
      new Option("--loads <list>", "shares of what the site serves at most")
        .argParser(loadList)
        .default(loadList(LOADS_DEFAULT), LOADS_DEFAULT),
    )
    .option(
      "--calibration <files>",
      "costs to predict with, as redis.json or redis=costs.json, separated by commas (default: the scenario's)",
      (text: string, before: readonly string[] = []) => [...before, ...text.split(",").map((word) => word.trim())],
    )
    .option(
      "--saturation <rps>",
      "requests a second that the site serves at most (default: measured, about 15 s a store)",
      positiveNumber("--saturation", 1e7),
    )
    .option(
      "--seconds <n>",
      "length of each measured part in real time (default: the scenario's)",
      positiveNumber("--seconds", 86_400),
    )
    .option(
      "--requests <n>",
      "each measured part lasts until about so many requests came: a low load longer than a high one",
      wholeNumber("--requests", 100, 100_000_000),
    )
    .option(
      "--repeats <n>",
      "bench each load so often, with the same visitors, and take the median",
      wholeNumber("--repeats", 1, 100),
      1,
    )
    .option(
      "--replications <n>",
      "simulations behind the interval of a prediction",
      wholeNumber("--replications", 1, 1000),
      8,
    )
    .option("--keep-cap", "site.sessionsMax stays; without it the cap grows and shrinks with the load")
    .option("--measured <dir>", "judge by what a validation measured before, in its --out: nothing is benched")
    .option("--seed <n>", "another seed than the scenario's", wholeNumber("--seed", 0, Number.MAX_SAFE_INTEGER))
    .option("--out <dir>", "write validation.json, validation.html, validation.md and every result there")
    .option("--json", "print the validation as JSON")
    .option("--quiet", "no progress")
    .addHelpText(
      "after",
      `
Of each store first the saturation: the highest rate of requests that the site serves on this machine, by a closed loop over the
scenario's pages. A load is a share of it: arrivals are multiplied until so many requests come in a real second. Each load is benched
over HTTP and simulated with the visitors of the bench, and every figure told as predicted and as measured.
Bounds: requests and stored sessions 3 %, memory 10 %, shares that waited for a lock or were refused 10 %, response times p50 15 %,
p90 20 %, p99 30 %. "too few to tell": chance alone moves the measured figure by more than that; longer runs (--seconds, --requests) or more
of them (--repeats) settle it. Stores out of process have no cap on sessions; the scenario's is left out for them, and the report says so.
Costs must come from other runs than those they are judged on: sessionlab calibrate measures them. --measured tries others on the same
measurements.

Exit codes: 0 no figure misses its bound, 1 one does, 2 the input was wrong, 3 a run is invalid or it was cut short,
            130 ended by a second Ctrl-C.

Examples:
  sessionlab validate scenarios/validation.yaml
  sessionlab validate scenarios/validation.yaml --providers inproc,stateserver,postgres,redis --requests 7000 --out out
  sessionlab validate scenarios/validation.yaml --providers redis --calibration redis.json --loads 20%,50%
  sessionlab validate scenarios/validation.yaml --providers redis --calibration other.json --measured out
  sessionlab validate scenarios/lunch-hour.yaml --saturation 1500 --seconds 20 --json`,
    )
    .action(async (file: string, options: ValidateOptions) => {
      process.exitCode = await validate(file, options);
    });
}

/** @returns the exit code. */
async function validate(file: string, options: ValidateOptions): Promise<number> {
  const subjects = await prepareSubjects(file, options);
  if (options.out !== undefined) await expectWritableFolder(options.out);
  const validation = await carryOut(subjects, options);
  if (validation.providers.every(({ loads }) => loads.length === 0)) {
    process.stderr.write("There is nothing to tell: no load was measured to its end.\n");
    for (const { label, failure } of validation.providers) process.stderr.write(`  ${label}: ${failure}\n`);
    return RUN_INVALID;
  }
  process.stdout.write(
    options.json === true ? stringifyValidation(validation) : renderValidation(validation, terminal()),
  );
  if (options.out !== undefined) {
    const paths = await writeValidation(validation, options.out);
    (options.json === true ? process.stderr : process.stdout).write(`${paths.at(-1)}\n`);
  }
  return validationExitCode(validation);
}

async function carryOut({ base, all }: Subjects, options: ValidateOptions): Promise<Validation> {
  const startedAt = new Date();
  const { loads, repeats, replications, out } = options;
  const kept = options.measured === undefined ? null : keptRuns(options.measured);
  const asked = {
    loads,
    repeats,
    replications,
    saturation: options.saturation ?? null,
    requests: options.requests ?? null,
    scaleCap: options.keepCap !== true,
    kept,
  };
  const seconds = Math.ceil(validationSeconds(all, asked));
  if (options.quiet !== true)
    process.stderr.write(`validating ${all.length * loads.length} loads: about ${inWords(seconds)}\n`);
  const providers = await interruptible("validating", options.quiet === true, async (signal, tell) => {
    tell(0, "looking for the stores");
    const labels = options.measured === undefined ? await expectStores(all) : await keptLabels(all, options);
    return runValidation(all, labels, {
      ...asked,
      signal,
      tell,
      async onResult(name, result) {
        if (out === undefined) return;
        await writeFiles([{ name: `${name}.json`, text: stringifyResult(result) }], path.join(out, "runs", path.sep));
      },
    });
  });
  return {
    schema: VALIDATION_SCHEMA,
    scenario: maskStore(base),
    seed: base.run.seed,
    command: commandLine(),
    complete: providers.length === all.length && providers.every(({ failure }) => failure === null),
    providers,
    environment: describeEnvironment(startedAt, (Date.now() - startedAt.getTime()) / 1000),
  };
}

/** Of stores that need not be there any more. */
async function keptLabels(
  all: Subjects["all"],
  { measured = "", loads, repeats }: ValidateOptions,
): Promise<ReadonlyMap<StoreProvider, string>> {
  const name = (provider: StoreProvider) => measuredName(provider, loads[0], repeats === 1 ? null : 1);
  const labels = all.map(async ({ provider }) => [provider, await keptLabel(measured, name(provider))] as const);
  return new Map(await Promise.all(labels));
}

function inWords(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.ceil(seconds / 60)} min` : `${Math.ceil(seconds / 3600)} h`;
}

/** @returns the paths, the one to look at last. */
async function writeValidation(validation: Validation, out: string): Promise<readonly string[]> {
  return writeFiles(await validationFiles(validation), path.join(out, path.sep));
}
