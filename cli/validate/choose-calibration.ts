// Which calibration the predictions for a provider rest on, and what speaks against it. Costs that were fitted to the very scenario
// they are then judged on would prove nothing, and those of another provider mean nothing.

import os from "node:os";
import { parseCalibration } from "../../config/calibration.ts";
import { InputError, type Problem } from "../../config/problem.ts";
import type { Calibration, CalibrationMachine, StoreProvider } from "../../config/scenario.ts";
import type { CalibrationUsed } from "../../metrics/validation/validation.ts";
import { providerNamed } from "../bench/named-providers.ts";
import { readInput } from "../load-scenario.ts";

/** A calibration that the command line names. */
export interface GivenCalibration {
  readonly file: string;
  readonly provider: StoreProvider;
  readonly calibration: Calibration;
}

/**
 * @param words "redis.json", or "redis=costs.json" where the file does not say whose costs it has.
 * @param providers of the validation.
 * @throws InputError with every file that is none, of another provider, or second for one.
 */
export async function readCalibrations(
  words: readonly string[],
  providers: readonly StoreProvider[],
): Promise<readonly GivenCalibration[]> {
  const problems: Problem[] = [];
  const given: GivenCalibration[] = [];
  for (const word of words) {
    const [, name, rest] = /^([\w-]+)=(.*)$/.exec(word) ?? [];
    const named = name === undefined ? undefined : providerNamed(name);
    const file = named === undefined ? word : rest!;
    const parsed = parseCalibration(await readInput(file, `Cannot read calibration "${file}"`), file);
    if (parsed.value === null) {
      problems.push(...parsed.problems);
      continue;
    }
    const calibration = parsed.value;
    const provider = calibration.provider ?? named ?? (providers.length === 1 ? providers[0] : undefined);
    const wrong = whyNotFor(calibration, provider, named, providers, given);
    if (wrong !== null) problems.push({ at: "--calibration", file, ...wrong });
    else if (provider !== undefined) given.push({ file, provider, calibration });
  }
  if (problems.length > 0) throw new InputError("Cannot validate", problems);
  return given;
}

function whyNotFor(
  calibration: Calibration,
  provider: StoreProvider | undefined,
  named: StoreProvider | undefined,
  providers: readonly StoreProvider[],
  before: readonly GivenCalibration[],
): Pick<Problem, "given" | "expected" | "mend"> | null {
  const given = `"${calibration.name}"`;
  if (provider === undefined) {
    const mend = `write --calibration ${providers[0]}=…`;
    return { given: `${given}, which does not say whose costs it has`, expected: "a provider before the file", mend };
  }
  if (named !== undefined && named !== provider) {
    return { given: `${given}, which is of ${provider}`, expected: `one of ${named}`, mend: "name the other file" };
  }
  if (!providers.includes(provider)) {
    const expected = `one of ${providers.join(", ")}`;
    return { given: `${given}, which is of ${provider}`, expected, mend: "leave it out, or add it to --providers" };
  }
  if (before.some((one) => one.provider === provider)) {
    return { given: `a second one of ${provider}`, expected: "one for each provider", mend: "leave one out" };
  }
  return null;
}

/** What a report says of the calibration of a provider. @param from "--calibration redis.json", "the scenario". */
export function describeCalibration(calibration: Calibration, from: string): CalibrationUsed {
  const { name, evidence, measured, machine } = calibration;
  return { name, from, evidence, measured, machine: machine ?? null, warnings: warningsOf(calibration) };
}

export function isBuiltIn({ name }: Calibration): boolean {
  return name.startsWith("built-in ");
}

function* misfits({ machine, measured }: Calibration): Generator<string> {
  if (!measured) {
    yield "The predictions rest on costs that nobody measured: calibrate --provider measures them on this machine.";
  }
  if (machine === undefined) {
    if (measured) yield "The calibration does not say on which machine it was measured.";
    return;
  }
  const here: Pick<CalibrationMachine, "cpu" | "cores"> = {
    cpu: os.cpus()[0]?.model.trim() ?? "unknown",
    cores: os.availableParallelism(),
  };
  if (machine.cpu !== here.cpu || machine.cores !== here.cores) {
    yield `The calibration was measured on another machine (${machine.cpu}, ${machine.cores} cores; this is ${here.cpu}, ` +
      `${here.cores} cores): its times are those of that machine.`;
  }
  if (machine.node !== process.version) {
    yield `The calibration was measured with Node ${machine.node}, this is ${process.version}.`;
  }
}

function warningsOf(calibration: Calibration): readonly string[] {
  return [...misfits(calibration)];
}

/**
 * @param from where the calibration comes from.
 * @throws InputError for one of another provider, and for one that was fitted to a run of this scenario.
 */
export function refuseUnfit(
  calibration: Calibration,
  provider: StoreProvider,
  scenarioName: string,
  from: string,
): void {
  const { provider: owner = provider } = calibration;
  if (owner !== provider) {
    const mend = `measure them: sessionlab calibrate --provider ${provider} --out ${provider}.json, and --calibration ${provider}.json`;
    const given = `"${calibration.name}", which is of ${owner}`;
    throw refusal({ given, expected: `the costs of ${provider}`, mend });
  }
  const fitted = /\bfitted\b/i.test(calibration.evidence) && calibration.evidence.includes(`"${scenarioName}"`);
  if (fitted) {
    throw refusal({
      given: `"${calibration.name}" (${from}), which was fitted to a run of "${scenarioName}"`,
      expected: "costs from other runs than those it is judged on",
      mend: `take one that is measured by itself: sessionlab calibrate --provider ${provider}`,
    });
  }
}

function refusal(problem: Pick<Problem, "given" | "expected" | "mend">): InputError {
  return new InputError("Cannot validate", [{ at: "the calibration", ...problem }]);
}
