// Two scenarios under the same luck. Replication k of both meets the same visitors, so what chance does to one it does to the other, and
// their difference swings far less than that of two runs with luck of their own. Student's t goes over the differences.
// Source: Law, Simulation Modeling and Analysis, 5th ed., 10.2.1 (paired t) and 11.2 (common random numbers).

import { assert } from "../config/assert.ts";
import type { Scenario } from "../config/scenario.ts";
import { meanInterval, meanOf, varianceOf } from "./confidence.ts";
import { poolHistograms, replicationValues } from "./estimate-figure.ts";
import { type FigureKind, figureKinds } from "./figures.ts";
import type { RunRecord } from "./run-record.ts";
import type { PairedDifference } from "./run-result.ts";

/** A scenario and its replications, in the order of their numbers. */
export interface Side {
  readonly scenario: Scenario;
  readonly records: readonly RunRecord[];
}

/**
 * @param first, second as many replications of each, replication by replication of the same seed, both antithetic or neither.
 * @returns second − first, for each figure that both know.
 */
export function pairedDifferences(first: Side, second: Side): readonly PairedDifference[] {
  assert(first.records.length === second.records.length, "every replication has its fellow");
  assert(first.scenario.run.antithetic === second.scenario.run.antithetic, "both are antithetic, or neither");
  const pools = [first, second].map(({ records }) => poolHistograms(records));
  return figureKinds.flatMap((kind) => {
    const [a, b] = [first, second].map(({ scenario, records }, side) =>
      replicationValues(kind, scenario, records, pools[side]),
    );
    return a === null || b === null ? [] : [differenceOf(kind, a, b)];
  });
}

function differenceOf({ key, label, unit }: FigureKind, a: readonly number[], b: readonly number[]): PairedDifference {
  const first = meanOf(a);
  const second = meanOf(b);
  const size = Math.max(Math.abs(first), Math.abs(second));
  const differences = b.map((value, i) => exact(value - a[i], size));
  const interval = meanInterval(differences, 0.95, `95 %, paired t over ${differences.length} replications`);
  return {
    figure: key,
    label,
    unit,
    first,
    second,
    difference: { value: exact(meanOf(differences), size), interval },
    differs: interval === null ? null : interval.low > 0 || interval.high < 0,
    ...likeness(a, b, differences),
  };
}

/** The difference of two values of such a size, without what is their rounding alone. */
function exact(difference: number, size: number): number {
  return Math.abs(difference) < ROUNDED_OFF * size ? 0 : difference;
}

const ROUNDED_OFF = 1e-12;
/** Differences that vary by less are one difference, and the rounding of it. */
const ROUNDING = 1e-20;

/** How much alike luck made the two: null where one of them, or of the ratio the difference, never varied, and for fewer than three. */
function likeness(
  a: readonly number[],
  b: readonly number[],
  differences: readonly number[],
): Pick<PairedDifference, "correlation" | "varianceRatio"> {
  if (a.length < 3) return { correlation: null, varianceRatio: null };
  const [ofA, ofB, ofDifference] = [a, b, differences].map(varianceOf);
  if (ofA === 0 || ofB === 0) return { correlation: null, varianceRatio: null };
  const correlation = (ofA + ofB - ofDifference) / (2 * Math.sqrt(ofA * ofB));
  const ratio = ofDifference / (ofA + ofB);
  return {
    correlation: Math.max(-1, Math.min(1, correlation)),
    varianceRatio: ratio < ROUNDING ? null : 1 / ratio,
  };
}
