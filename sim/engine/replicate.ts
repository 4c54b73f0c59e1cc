// The same model several times, each time with other luck, and what the runs together say about the truth.

import { meanInterval, meanOf } from "../../metrics/confidence.ts";
import type { Estimate } from "../../metrics/estimate.ts";
import { replicationSeed } from "../../workload/random-stream.ts";
import { misuse, requireWhole } from "./misuse.ts";

export interface ReplicateOptions {
  /** Whole, 0 or more. The first repeat has this very seed, the others have seeds made from it. */
  readonly seed: number;
  /** Whole, 2 or more; 10 and more give intervals of use. */
  readonly replications: number;
}

/**
 * @param model one whole run with the seed it is given; returns its figures by name, the same names each time.
 * @returns of each figure the mean over the runs and its 95 % interval, from Student's t over independent runs.
 * @throws InputError for fewer than two replications and for a figure that is missing or no finite number.
 */
export function replicate<Name extends string>(
  { seed, replications }: ReplicateOptions,
  model: (seed: number, replication: number) => Readonly<Record<Name, number>>,
): Record<Name, Estimate> {
  const action = "Cannot replicate the model";
  requireWhole(action, "replications", replications, 2, 1_000_000);
  requireWhole(action, "seed", seed, 0, Number.MAX_SAFE_INTEGER);
  const runs = Array.from({ length: replications }, (_, n) => model(replicationSeed(seed, n), n));
  const names = Object.keys(runs[0]) as Name[];
  const estimates = names.map((name) => {
    const values = runs.map((run) => run[name]);
    const bad = values.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) throw misuse(action, `${name} of run ${bad}`, values[bad], "a finite number", "return one each time");
    const method = `Student's t over ${replications} independent runs`;
    return [name, { value: meanOf(values), interval: meanInterval(values, 0.95, method) }];
  });
  return Object.fromEntries(estimates) as Record<Name, Estimate>;
}
