// How often a simulation is repeated, as options of the command line say it over what the scenario says.

import { InputError, type Problem } from "../../config/problem.ts";
import type { Precision, Run } from "../../config/scenario.ts";
import { requestFigureKeys, simulatedFigureKeys } from "../../metrics/figures.ts";

export type AskedPrecision = Pick<Precision, "figure" | "relativeHalfWidth">;

export interface RepeatOptions {
  readonly seed?: number;
  readonly replications?: number;
  readonly replicationsMax?: number;
  readonly precision?: readonly AskedPrecision[];
  readonly antithetic?: boolean;
}

const REPLICATIONS_MAX = 1000;

/** @throws InputError where the options contradict each other or the scenario. */
export function repeated(run: Run, options: RepeatOptions): Run {
  const replications = options.replications ?? run.replications;
  const precision =
    options.precision?.map((asked) => ({ ...asked, replicationsMax: REPLICATIONS_MAX })) ?? run.precision;
  const problems = [...contradictions(precision, replications, options), ...unknowable(run, precision)];
  if (problems.length > 0) throw new InputError("Cannot run", problems);
  const { replicationsMax } = options;
  return {
    ...run,
    seed: options.seed ?? run.seed,
    replications,
    ...(precision === undefined
      ? {}
      : {
          precision: precision.map((asked) => ({
            ...asked,
            replicationsMax: replicationsMax ?? asked.replicationsMax,
          })),
        }),
    ...(options.antithetic === true ? { antithetic: true } : {}),
  };
}

function contradictions(
  precision: readonly Precision[] | undefined,
  replications: number,
  { replicationsMax }: RepeatOptions,
): readonly Problem[] {
  if (precision === undefined) {
    if (replicationsMax === undefined) return [];
    const expected = "--precision, or run.precision in the scenario";
    return [{ at: "--replications-max", given: "without a precision", expected, mend: "add one, or leave this out" }];
  }
  const allowed = replicationsMax ?? Math.min(...precision.map((asked) => asked.replicationsMax));
  if (replications <= allowed) return [];
  const expected = `at most ${allowed}, after which a precision is given up`;
  return [
    { at: "--replications", given: String(replications), expected, mend: "lower it, or raise --replications-max" },
  ];
}

function unknowable({ fidelity }: Run, precision: readonly Precision[] = []): readonly Problem[] {
  if (fidelity !== "population") return [];
  return precision
    .filter(({ figure }) => requestFigureKeys.includes(figure))
    .map(({ figure }) => ({
      at: "the precision asked for",
      given: `of ${figure}`,
      expected: "a figure of sessions, memory or rates: under fidelity: population requests take no time",
      mend: "leave it out, or use fidelity: requests",
    }));
}

/** A parser for commander: "storedSessionsMean=1%,responseP99Ms=0.02". */
export function precisionList(text: string): AskedPrecision[] {
  const problems: Problem[] = [];
  const asked = text.split(",").flatMap((one) => {
    const given = `"${one}"`;
    const [, figure = "", number = "", percent = ""] = /^\s*(\w+)\s*=\s*([\d.]+)\s*(%?)\s*$/.exec(one) ?? [];
    const relativeHalfWidth = Number(number) / (percent === "" ? 1 : 100);
    if (figure === "") {
      const mend = "write storedSessionsMean=1%, and more after commas";
      problems.push({ at: "--precision", given, expected: "a figure and a share, as key=1%", mend });
    } else if (!simulatedFigureKeys.includes(figure)) {
      const expected = `a figure: one of ${simulatedFigureKeys.join(", ")}`;
      problems.push({ at: "--precision", given, expected, mend: "choose one of them" });
    } else if (!(relativeHalfWidth > 0 && relativeHalfWidth <= 1)) {
      problems.push({ at: "--precision", given, expected: "more than 0 and at most 100%", mend: "change it" });
    } else {
      return [{ figure, relativeHalfWidth }];
    }
    return [];
  });
  if (problems.length > 0) throw new InputError("Cannot run", problems);
  return asked;
}
