// How well the time of a call is known: the runs over HTTP say by how much all calls of the closed loop are stretched, and the spread of
// their responses how much of that is chance. Normal intervals, since each run has hundreds of responses.

import type { Calibration, OperationCost, StoreOperation } from "../../config/scenario.ts";
import { storeOperations } from "../../config/scenario.ts";
import type { MicroStudy } from "../../metrics/study.ts";
import { lawMean } from "../../workload/distributions.ts";
import { callAlone, find, sessionPages } from "./call-costs.ts";
import type { PhaseFinds } from "./phase-finds.ts";
import { SMALL_BYTES } from "./phases.ts";

/** Half of a 95 % interval, in standard errors. */
const HALF_WIDTH = 1.96;

/** @returns of each call that takes time at the store, the 95 % interval of its mean there, by where it stands in the calibration. */
export function callIntervals(
  phases: readonly PhaseFinds[],
  micro: MicroStudy,
  operations: Readonly<Record<StoreOperation, OperationCost>>,
): NonNullable<Calibration["intervals"]> {
  const aloneMs = (operation: StoreOperation) => callAlone(micro, operation)?.meanMs.value ?? 0;
  const empty = find(phases, "empty", SMALL_BYTES);
  const errorOf = ({ varianceMs2, responses }: PhaseFinds) => varianceMs2 / Math.max(1, responses);
  let squares = 0;
  let error = 0;
  for (const { kind, calls } of sessionPages) {
    const ms = calls.reduce((sum, call) => sum + aloneMs(call), 0);
    squares += ms * ms;
    error += ms * ms * (errorOf(find(phases, kind, SMALL_BYTES)) + errorOf(empty));
  }
  if (squares === 0) return {};
  const stretchError = Math.sqrt(error) / squares;
  return Object.fromEntries(
    storeOperations.flatMap((operation) => {
      const mean = lawMean(operations[operation].storeMs);
      if (mean === 0) return [];
      const half = HALF_WIDTH * stretchError * aloneMs(operation);
      return [[`operations.${operation}.storeMs`, { low: Math.max(0, mean - half), high: mean + half }]];
    }),
  );
}
