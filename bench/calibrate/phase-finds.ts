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
  /** Processors that the site had to itself; null: none. */
  readonly siteProcessors: number | null;
}

/** Of runs that are asked for more than once, the mean. @returns one for each that differs, in the order of the first of them. */
export function meanFinds(finds: readonly PhaseFinds[]): readonly PhaseFinds[] {
  const alike = Map.groupBy(finds, ({ kind, stateBytes, perSecond }) => `${kind} ${stateBytes} ${perSecond}`);
  return [...alike.values()].map((runs) => {
    const mean = (of: (run: PhaseFinds) => number) => runs.reduce((sum, run) => sum + of(run), 0) / runs.length;
    const known = (of: (run: PhaseFinds) => number | null) => runs.map(of).filter((value) => value !== null);
    const meanOrNull = (values: readonly number[]) =>
      values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
    const mostOrNull = (values: readonly number[]) => (values.length === 0 ? null : Math.max(...values));
    const [{ kind, stateBytes, perSecond, quantilesMs }] = runs;
    return {
      kind,
      stateBytes,
      perSecond,
      responses: runs.reduce((sum, { responses }) => sum + responses, 0),
      quantilesMs: quantilesMs.map((_, i) => mean((run) => run.quantilesMs[i])),
      meanMs: mean((run) => run.meanMs),
      varianceMs2: mean((run) => run.varianceMs2),
      cpuMsPerRequest: mean((run) => run.cpuMsPerRequest),
      requestsPerSecond: mean((run) => run.requestsPerSecond),
      memoryBytes: meanOrNull(known((run) => run.memoryBytes)),
      storedSessions: meanOrNull(known((run) => run.storedSessions)),
      otherLoadShare: mostOrNull(known((run) => run.otherLoadShare)),
      stealShare: mostOrNull(known((run) => run.stealShare)),
      siteProcessors: runs[0].siteProcessors,
    };
  });
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
    siteProcessors: result.audit.generator?.siteProcessors ?? null,
  };
}
