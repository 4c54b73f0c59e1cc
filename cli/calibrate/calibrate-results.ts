// A calibration fitted from results that somebody has: reads them and the base, and lets the simulation run in between.

import { builtInCalibration } from "../../config/built-in-calibration.ts";
import { parseCalibration } from "../../config/calibration.ts";
import { InputError } from "../../config/problem.ts";
import { modeOfProvider } from "../../config/resolve-scenario.ts";
import type { Calibration, StoreProvider } from "../../config/scenario.ts";
import { calibrationFromResults, type ResultsFit } from "../../planning/calibration/from-results.ts";
import { interruptible } from "../interruptible.ts";
import { readInput } from "../load-scenario.ts";
import { readResultInputs } from "./result-inputs.ts";

export interface FitChoice {
  readonly provider?: StoreProvider;
  readonly base?: string;
  readonly quiet?: boolean;
}

/** @returns null when an interrupt ended it. @throws InputError */
export async function fitResults(files: readonly string[], choice: FitChoice): Promise<ResultsFit | null> {
  const { results, provider } = await readResultInputs(files, choice.provider);
  const base = await baseCalibration(choice.base, provider);
  return interruptible("fitting", choice.quiet === true, (signal, tell) =>
    calibrationFromResults(results, base, {
      provider,
      onProgress: (share) => tell(share, "simulating the same visitors"),
      // An interrupt is heard between two simulations.
      goOn: () => new Promise((resolve) => setImmediate(() => resolve(!signal.aborted))),
    }),
  );
}

/** The costs that what is at hand does not tell. @throws InputError for a file that is none, or is of another provider. */
export async function baseCalibration(file: string | undefined, provider: StoreProvider | null): Promise<Calibration> {
  if (file === undefined)
    return provider === null ? builtInCalibration("InProc") : builtInCalibration(modeOfProvider[provider], provider);
  const parsed = parseCalibration(await readInput(file, `Cannot read "${file}"`), file);
  if (parsed.value === null) throw new InputError(`Cannot read "${file}"`, parsed.problems);
  const { provider: whose } = parsed.value;
  if (whose === undefined || whose === (provider ?? "in-proc")) return parsed.value;
  const expected = `one of ${provider ?? "in-proc"}`;
  throw new InputError("Cannot calibrate", [
    { at: "--base", given: `"${file}", which is of ${whose}`, expected, mend: "name another, or leave it out" },
  ]);
}
