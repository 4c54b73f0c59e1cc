// What a validation answers: how far the simulation of a scenario can be trusted here. The same visitors were sent through both worlds
// at several loads, and every figure stands as predicted beside as measured. Reports read this and know no more.

import type { CalibrationMachine, Scenario, StoreProvider } from "../../config/scenario.ts";
import type { Interval } from "../estimate.ts";
import type { Audit, Environment } from "../run-result.ts";

export const VALIDATION_SCHEMA = "sessionlab.validation/1";

export const rowVerdicts = ["within", "misses", "too few to tell", "not judged"] as const;
/** too few to tell: the measurement's own chance exceeds the bound. not judged: without a bound, or known to one world only. */
export type RowVerdict = (typeof rowVerdicts)[number];

/** How far a prediction may be off; met where either is kept. */
export interface Bound {
  /** Of the measured value: 0.03. */
  readonly relative: number;
  /** In the unit of the figure, for shares so small that their ratio says nothing; left out, none. */
  readonly absolute?: number;
}

export interface ValidationRow {
  /** Key of the figure: "responseP99Ms". Requests a second are those of real time. */
  readonly key: string;
  readonly label: string;
  readonly unit: string;
  /** Of the simulated run with the visitors of the measured one. */
  readonly predicted: number | null;
  /** Where one run with other visitors of the same kind would lie, 95 %; null for fewer than three replications. */
  readonly predictedInterval: Interval | null;
  /** The median of the runs counted. */
  readonly measured: number | null;
  /** From the lowest to the highest of several runs; null for one. */
  readonly measuredRange: { readonly low: number; readonly high: number } | null;
  /** Predicted against measured: −0.1 is a tenth too low; null where one of them is not known, or only the measured one is 0. */
  readonly error: number | null;
  /** Predicted minus measured. */
  readonly difference: number | null;
  readonly bound: Bound | null;
  /** Half the width of what chance alone does to the measured value, 95 %, in its unit; null where chance has no such part. */
  readonly noise: number | null;
  readonly verdict: RowVerdict;
}

/** Response times of both worlds at the same percentiles. */
export interface DistributionPair {
  readonly percentiles: readonly number[];
  /** null beyond what the number of responses supports. */
  readonly predictedMs: readonly (number | null)[];
  readonly measuredMs: readonly (number | null)[];
}

export interface LoadValidation {
  /** Of the saturation: 0.2. */
  readonly share: number;
  /** Aimed at, in real time. */
  readonly requestsPerSecond: number;
  /** The arrivals of the scenario were multiplied by this. */
  readonly arrivalsFactor: number;
  /** Cap of the load; null for none. */
  readonly sessionsMax: number | null;
  /** Benched, and of those the ones that count: invalid ones are left out where others remain. */
  readonly runs: number;
  readonly runsCounted: number;
  /** Replications behind the intervals of prediction. */
  readonly replications: number;
  /** The worst among the measured runs that count. */
  readonly audit: Audit["verdict"];
  readonly findings: readonly string[];
  readonly rows: readonly ValidationRow[];
  readonly distribution: DistributionPair;
}

/** The costs that the predictions rest on. */
export interface CalibrationUsed {
  readonly name: string;
  /** "--calibration redis.json", "the scenario", "built-in". */
  readonly from: string;
  readonly evidence: string;
  readonly measured: boolean;
  readonly machine: CalibrationMachine | null;
  /** Why it may not fit: another machine, an assumption; one sentence each. */
  readonly warnings: readonly string[];
}

export interface SaturationFound {
  /** Requests a real second. */
  readonly requestsPerSecond: number;
  readonly interval: Interval | null;
  /** given: by --saturation. */
  readonly how: "measured" | "given";
  /** At most so many, by the calibration: what the busiest station can serve. */
  readonly predictedPerSecond: number;
  /** Which station that is. */
  readonly bottleneck: "web cores" | "store";
  readonly audit: Audit["verdict"];
  readonly findings: readonly string[];
}

export interface ProviderValidation {
  readonly provider: StoreProvider;
  /** "InProc", "SQLServer on PostgreSQL 18.4". */
  readonly label: string;
  readonly calibration: CalibrationUsed;
  /** null where it could not be found out. */
  readonly saturation: SaturationFound | null;
  /** In rising order. */
  readonly loads: readonly LoadValidation[];
  /** What was changed about the scenario for it; one sentence each. */
  readonly notes: readonly string[];
  /** Why it has not all of its loads; null where it has. */
  readonly failure: string | null;
}

export interface Validation {
  readonly schema: typeof VALIDATION_SCHEMA;
  /** As it was read; the stores and the rates of arrival are those of each provider and load. Secrets are masked. */
  readonly scenario: Scenario;
  readonly seed: number;
  readonly command: string;
  /** false: ended early, or a provider failed; what is told is what was measured. */
  readonly complete: boolean;
  readonly providers: readonly ProviderValidation[];
  readonly environment: Environment;
}

/** How many rows came out how. */
export function verdictCounts(validation: Validation): Readonly<Record<RowVerdict, number>> {
  const counts: Record<RowVerdict, number> = { within: 0, misses: 0, "too few to tell": 0, "not judged": 0 };
  for (const row of validation.providers.flatMap(({ loads }) => loads.flatMap(({ rows }) => rows)))
    counts[row.verdict]++;
  return counts;
}

/** A measured run or the search for the saturation must not be believed. */
export function hasInvalidRuns(validation: Validation): boolean {
  return validation.providers.some(
    ({ saturation, loads }) => saturation?.audit === "invalid" || loads.some(({ audit }) => audit === "invalid"),
  );
}
