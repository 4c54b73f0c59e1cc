// Two scenarios simulated under the same luck, so that their difference can be told from chance with few replications.

import type { Scenario } from "../config/scenario.ts";
import { pairedDifferences, type Side } from "../metrics/paired.ts";
import type { RunResult } from "../metrics/run-result.ts";
import { concludeSimulation, runReplications, type SimulateOptions } from "./simulate.ts";

/** A scenario, its replications, and what came of them. */
export interface PairedSide extends Side {
  readonly result: RunResult;
}

/**
 * @param first decides on seed, number of replications and antithetic pairs; a precision asked for is left aside, because it is the
 *   difference that is looked for.
 * @returns both results, the differences with the second.
 */
export function simulatePaired(
  first: Scenario,
  second: Scenario,
  options: SimulateOptions = {},
): readonly [RunResult, RunResult] {
  const scenarios = sharingLuck(first, second);
  const [a, b] = scenarios.map((scenario, side): PairedSide => {
    const onProgress = (share: number) => options.onProgress?.((side + share) / scenarios.length);
    const records = runReplications(scenario, { onProgress });
    return { scenario, records, result: concludeSimulation(scenario, records, options) };
  });
  return comparePaired(a, b);
}

/** Both scenarios with the luck of the first: the same seeds, as many replications. */
export function sharingLuck(first: Scenario, second: Scenario): readonly [Scenario, Scenario] {
  const { seed, replications, antithetic } = first.run;
  const withLuck = (scenario: Scenario): Scenario => {
    const { antithetic: _antithetic, precision: _precision, ...run } = scenario.run;
    return {
      ...scenario,
      run: { ...run, seed, replications, ...(antithetic === true ? { antithetic } : {}) },
    };
  };
  return [withLuck(first), withLuck(second)];
}

/** The results with the names of their scenarios, and the second with how it differs from the first; of a run cut short, as far as both went. */
export function comparePaired(first: PairedSide, second: PairedSide): readonly [RunResult, RunResult] {
  const [named, other] = namesOf(first.scenario.name, second.scenario.name);
  return [
    { ...first.result, label: named },
    { ...second.result, label: other, ...pairedWith(first, named, second) },
  ];
}

/**
 * Alternatives of one scenario, as its modes are: whatever they are, replication k of each meets the same visitors.
 * @returns their results in the same order, all but the first with how they differ from it; without where a single replication of one
 *   has no interval.
 */
export function compareWithFirst(sides: readonly PairedSide[]): readonly RunResult[] {
  const [first] = sides;
  return sides.map((side) => {
    const alone = side === first || side.records.length < 2 || first.records.length < 2;
    return alone ? side.result : { ...side.result, ...pairedWith(first, first.result.label, side) };
  });
}

/** As far as both went. */
function pairedWith(first: PairedSide, against: string, second: PairedSide): Required<Pick<RunResult, "paired">> {
  const replications = Math.min(first.records.length, second.records.length);
  const cut = ({ scenario, records }: PairedSide): Side => ({ scenario, records: records.slice(0, replications) });
  return { paired: { against, replications, differences: pairedDifferences(cut(first), cut(second)) } };
}

function namesOf(first: string, second: string): readonly [string, string] {
  return first === second ? [`${first} (A)`, `${second} (B)`] : [first, second];
}
