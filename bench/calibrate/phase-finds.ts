// What one run of a calibration came to, as numbers that can be subtracted from those of another: response times without their few
// extremes (a hiccup of the machine strikes one run and not the next), processor time and memory.

import { assert } from "../../config/assert.ts";
import { decodeHistogram, percentileMs } from "../../metrics/latency-histogram.ts";
import type { RunResult } from "../../metrics/run-result.ts";
import type { Phase, PhaseKind } from "./phases.ts";

export interface PhaseFinds {
  readonly kind: PhaseKind;
  readonly stateBytes: number;
  /** As asked for. */
  readonly perSecond: number;
  /** Responses that the figures rest on. */
  readonly responses: number;
  /** Response times at equally spaced probabilities, from 0.25 to 99.25 %. */
  readonly quantilesMs: readonly number[];
  /** Of those quantiles. */
  readonly meanMs: number;
  readonly varianceMs2: number;
  /** Processor time of the site's process for each request, garbage collection and timers included. */
  readonly cpuMsPerRequest: number;
  readonly requestsPerSecond: number;
  /** null where nothing tells. */
  readonly memoryBytes: number | null;
  readonly storedSessions: number | null;
  /** Processor share, of all cores, of what was not part of the run; null where the machine does not tell. */
  readonly otherLoadShare: number | null;
  /** The same of what the hypervisor gave to other machines. */
  readonly stealShare: number | null;
}

const FIRST_PERCENT = 0.25;
const STEP_PERCENT = 0.5;
const QUANTILES = 199;

/** @param result of the phase's scenario, with responses. */
export function phaseFinds({ kind, stateBytes, perSecond }: Phase, result: RunResult): PhaseFinds {
  const figure = (key: string) => result.figures.find((one) => one.key === key)?.value ?? null;
  const histogram = decodeHistogram(result.histograms.response);
  const quantilesMs = Array.from({ length: QUANTILES }, (_, i) => {
    const ms = percentileMs(histogram, FIRST_PERCENT + STEP_PERCENT * i);
    assert(ms !== null, "a run of a calibration has responses");
    return ms;
  });
  const meanMs = quantilesMs.reduce((sum, ms) => sum + ms, 0) / QUANTILES;
  const requestsPerSecond = figure("requestsPerSecond");
  const busyShare = figure("coreUtilisation");
  assert(requestsPerSecond !== null && requestsPerSecond > 0, "a run of a calibration has requests");
  assert(busyShare !== null, "the host tells its processor time");
  return {
    kind,
    stateBytes,
    perSecond,
    responses: histogram.totalCount,
    quantilesMs,
    meanMs,
    varianceMs2: quantilesMs.reduce((sum, ms) => sum + (ms - meanMs) ** 2, 0) / QUANTILES,
    cpuMsPerRequest: (busyShare * 1000) / requestsPerSecond,
    requestsPerSecond,
    memoryBytes: figure("memoryMeanBytes"),
    storedSessions: figure("storedSessionsMean"),
    otherLoadShare: result.audit.generator?.otherLoadShare ?? null,
    stealShare: result.audit.generator?.stealShare ?? null,
  };
}
