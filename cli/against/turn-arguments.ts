// The command line of one run of a comparison, made of that of the whole: all that says what is run, nothing of what becomes of it.

import type { BenchCommandOptions } from "../bench/bench-options.ts";
import { flagOf } from "../options.ts";

/** Of the comparison, not of its runs; each run gets its seed and its way of answering beside these. */
const ofTheWhole: readonly (keyof BenchCommandOptions)[] = [
  "against",
  "calibrateNoise",
  "budgetMinutes",
  "blocksMax",
  "build",
  "noiseFile",
  "waivers",
  "minEffect",
  "strict",
  "force",
  "out",
  "json",
  "quiet",
  "seed",
];

/** Options whose values are separated by commas; of the others each value is a word of its own. */
const inOneWord: readonly (keyof BenchCommandOptions)[] = ["stateBytes", "concurrency", "operations"];

/** What is said of each run by itself. */
export interface TurnAsked {
  /** Of the visitors; null where the driver draws none. */
  readonly seed: number | null;
  /** Of a turn of micro; null: as the options have it. */
  readonly sessions: number | null;
}

/** @param file the scenario. */
export function turnArguments(
  file: string,
  options: BenchCommandOptions,
  { seed, sessions }: TurnAsked,
): readonly string[] {
  const given = (Object.keys(options) as (keyof BenchCommandOptions)[]).filter((name) => !ofTheWhole.includes(name));
  const words = given.flatMap((name) => {
    const value: unknown = options[name];
    if (value === undefined || value === false) return [];
    if (value === true) return [flagOf(name)];
    if (!Array.isArray(value)) return [flagOf(name), String(value)];
    return [flagOf(name), ...(inOneWord.includes(name) ? [value.join(",")] : value.map(String))];
  });
  const own = Object.entries({ seed, sessions }).flatMap(([name, value]) =>
    value === null ? [] : [flagOf(name), String(value)],
  );
  return ["bench", file, ...words, ...own, "--json", "--quiet"];
}
