// Which options of bench mean something to which driver. One that a driver would not heed is refused: whoever gives it expects it to
// show in the figures.

import { InputError, type Problem } from "../../config/problem.ts";
import type { StoreOperation } from "../../config/scenario.ts";
import { type BenchDriverName, benchDriverNames } from "../../metrics/run-result.ts";
import { flagOf } from "../options.ts";

export interface DriverOptions {
  readonly driver?: BenchDriverName;
  readonly straight?: boolean;
  readonly sharedProcessors?: boolean;
  readonly generators?: number;
  readonly connectionsMax?: number;
  readonly stateBytes?: readonly number[];
  readonly seconds?: number;
  readonly sessions?: number;
  readonly operations?: readonly StoreOperation[];
  readonly concurrency?: readonly number[];
  readonly faults?: string;
  readonly seed?: number;
  readonly timeScale?: number;
  readonly log?: string;
}

const heededBy: Readonly<Record<Exclude<keyof DriverOptions, "driver">, readonly BenchDriverName[]>> = {
  straight: ["journeys", "slo"],
  sharedProcessors: ["journeys", "slo", "saturation", "locks"],
  generators: ["journeys", "slo", "saturation"],
  connectionsMax: ["journeys", "slo"],
  stateBytes: ["micro", "memory"],
  seconds: ["micro"],
  sessions: ["micro"],
  operations: ["micro"],
  concurrency: ["locks", "saturation"],
  faults: ["journeys"],
  // Micro draws nothing: every round has the same calls, in turn.
  seed: benchDriverNames.filter((name) => name !== "micro"),
  // Calls, fillings and lock waits last as long as they last.
  timeScale: ["journeys", "slo", "saturation"],
  log: ["journeys", "saturation", "locks"],
};

/** @throws InputError with every option that the driver would not heed. */
export function refuseUnheeded(options: DriverOptions): void {
  const { driver = "journeys", concurrency = [] } = options;
  const problems = (Object.keys(heededBy) as (keyof typeof heededBy)[])
    .filter((name) => asksForSomething(options, name) && !heededBy[name].includes(driver))
    .map((name): Problem => {
      const expected = `only with --driver ${heededBy[name].join(", ")}`;
      return {
        at: flagOf(name),
        given: `with --driver ${driver}`,
        expected,
        mend: "leave it out, or change the driver",
      };
    });
  if (driver === "saturation" && concurrency.length > 1) {
    const expected = "one number with --driver saturation: all connections are open at once";
    problems.push({ at: "--concurrency", given: concurrency.join(","), expected, mend: "leave one of them" });
  }
  if (problems.length > 0) throw new InputError("Cannot run", problems);
}

/** One generator and no faults is what every driver has anyway. */
function asksForSomething({ generators, faults, ...others }: DriverOptions, name: keyof typeof heededBy): boolean {
  if (name === "generators") return generators !== undefined && generators > 1;
  if (name === "faults") return faults !== undefined && faults !== "none";
  return others[name] !== undefined;
}
