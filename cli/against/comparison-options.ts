// Which options of bench go with --against and --calibrate-noise, and which mean nothing without them.

import { InputError, type Problem } from "../../config/problem.ts";
import type { BenchCommandOptions } from "../bench/bench-options.ts";
import { flagOf } from "../options.ts";

type Name = keyof BenchCommandOptions;

/** Of one run, or of another question: a comparison has many runs and its own answer. */
const notBeside: readonly Name[] = [
  "providers",
  "rounds",
  "selftest",
  "log",
  "url",
  "page",
  "sessionCookie",
  "remote",
  "insecure",
  "requestsMax",
  "secondsMax",
  "rateMax",
];
const ofAgainstAlone: readonly Name[] = ["build", "waivers", "minEffect", "strict", "force"];
const ofEither: readonly Name[] = ["budgetMinutes", "blocksMax", "noiseFile"];

/** @throws InputError with every option that would not be heeded. */
export function refuseBesideComparison(options: BenchCommandOptions): void {
  const { against, calibrateNoise } = options;
  const problems: Problem[] = [];
  const refuse = (names: readonly Name[], expected: string) => {
    for (const name of names.filter((one) => options[one] !== undefined)) {
      problems.push({ at: flagOf(name), given: "given", expected, mend: "leave it out" });
    }
  };
  const calibrates = calibrateNoise === true;
  if (against !== undefined && calibrates) {
    const expected = "one of the two: noise is measured with both sides alike";
    problems.push({ at: "--against", given: "beside --calibrate-noise", expected, mend: "leave one out" });
  }
  if (against !== undefined || calibrates) {
    refuse(notBeside, `none with ${calibrates ? "--calibrate-noise" : "--against"}`);
  } else {
    refuse(ofEither, "only with --against or --calibrate-noise");
  }
  if (calibrates) refuse(["out"], "none: what is kept is one file, --noise-file");
  if (against === undefined) refuse(ofAgainstAlone, "only with --against");
  if (problems.length > 0) throw new InputError("Cannot run", problems);
}
