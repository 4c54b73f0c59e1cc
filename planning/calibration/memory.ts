// What a session takes, from the memory of whole runs: bytes against stored sessions while they fill up, one slope a run. The bytes
// of state that a session has are those of the same visitors in the simulation.
// Source of the correction for readings that lean on each other: Bartlett, Some aspects of the time-correlation problem, 1935.

import type { Calibration } from "../../config/scenario.ts";
import { meanOf, tQuantile } from "../../metrics/confidence.ts";
import { type LinePoint, leastSquares } from "../../metrics/regression.ts";
import type { RunResult } from "../../metrics/run-result.ts";
import { storesOf } from "../../sim/stores.ts";

export interface MemoryFit {
  readonly memory: Calibration["memory"];
  readonly intervals: NonNullable<Calibration["intervals"]>;
  /** How it was come by, in a sentence. */
  readonly how: string;
}

/** A run that was measured, with the bytes of state of an average stored session. */
export interface MemoryRun {
  readonly result: RunResult;
  readonly stateBytesMean: number;
}

interface Slope {
  readonly stateBytesMean: number;
  readonly slope: number;
  readonly halfWidth: number;
}

const READINGS_MIN = 8;
/** Sessions must fill up by so much of their highest number for a slope to be told from drift. */
const FILLED_MIN = 0.3;
/** States so many times as large as those of another run tell a byte's cost from a session's. */
const APART = 1.5;

/** @returns null where no run told its memory. */
export function memoryOf(runs: readonly MemoryRun[], base: Calibration): MemoryFit | null {
  const told = runs.filter(({ result }) => readingsOf(result).length > 0);
  if (told.length === 0) return null;
  const slopes = told.flatMap((run): Slope[] => {
    const slope = slopeOf(readingsOf(run.result));
    return slope === null ? [] : [{ ...slope, stateBytesMean: run.stateBytesMean }];
  });
  const split = splitSlopes(slopes, base);
  const fixedBytes = Math.max(0, meanOf(told.map((run) => beginningOf(run, split.perSession, split.perByte))));
  return {
    memory: { fixedBytes, bytesPerSession: split.perSession, bytesPerStateByte: split.perByte },
    intervals: split.intervals,
    how: split.how,
  };
}

/** Memory is read less often than sessions are counted: a reading is where it changes. */
function readingsOf({ series }: RunResult): readonly LinePoint[] {
  const { stored, memoryBytes } = series.columns;
  if (stored === undefined || memoryBytes === undefined) return [];
  return stored.flatMap((x, i) => {
    const y = memoryBytes[i]!;
    return x === null || y === null || y === memoryBytes[i - 1] ? [] : [{ x, y }];
  });
}

function slopeOf(readings: readonly LinePoint[]): Omit<Slope, "stateBytesMean"> | null {
  if (readings.length < READINGS_MIN) return null;
  const stored = readings.map(({ x }) => x);
  const most = Math.max(...stored);
  if (most - Math.min(...stored) < FILLED_MIN * most) return null;
  const line = leastSquares(readings);
  const residuals = readings.map(({ x, y }) => y - line.intercept - line.slope * x);
  const leaning = lagOne(residuals) * lagOne(stored);
  const inflation = (1 + leaning) / (1 - leaning);
  const variance = (line.residualSquares / line.freedom) * line.slopeFactor * Math.max(1, inflation);
  const freedom = Math.max(1, Math.floor(line.freedom / Math.max(1, inflation)));
  const halfWidth = tQuantile(0.975, freedom) * Math.sqrt(variance);
  return line.slope > halfWidth ? { slope: line.slope, halfWidth } : null;
}

/** Autocorrelation at lag 1, at most 0.95: of a few readings nobody knows it to be closer to 1. */
function lagOne(values: readonly number[]): number {
  const mean = meanOf(values);
  let products = 0;
  let squares = 0;
  for (const [i, value] of values.entries()) {
    squares += (value - mean) * (value - mean);
    if (i > 0) products += (value - mean) * (values[i - 1]! - mean);
  }
  return squares === 0 ? 0 : Math.min(0.95, Math.max(0, products / squares));
}

interface Split {
  readonly perSession: number;
  readonly perByte: number;
  readonly intervals: NonNullable<Calibration["intervals"]>;
  readonly how: string;
}

function splitSlopes(slopes: readonly Slope[], base: Calibration): Split {
  const { bytesPerSession, bytesPerStateByte } = base.memory;
  if (slopes.length === 0) {
    const how = `memory did not grow clearly with stored sessions, so what a session takes is that of "${base.name}"; only the beginning is measured`;
    return { perSession: bytesPerSession, perByte: bytesPerStateByte, intervals: {}, how };
  }
  const sizes = slopes.map(({ stateBytesMean }) => stateBytesMean);
  if (Math.max(...sizes) > APART * Math.min(...sizes)) {
    const weights = slopes.map(({ halfWidth }) => 1 / (halfWidth * halfWidth));
    const points = slopes.map(({ stateBytesMean, slope }) => ({ x: stateBytesMean, y: slope }));
    const line = leastSquares(points, weights);
    if (line.slope > 0 && line.intercept >= 0) {
      const how = `memory by ${slopes.length} runs with states of different sizes, weighted least squares`;
      // The half widths of the slopes are those of 95 % already: the line passes them on.
      return {
        perSession: line.intercept,
        perByte: line.slope,
        intervals: {
          "memory.bytesPerSession": around(line.intercept, Math.sqrt(line.interceptFactor)),
          "memory.bytesPerStateByte": around(line.slope, Math.sqrt(line.slopeFactor)),
        },
        how,
      };
    }
  }
  const weight = (slope: Slope) => 1 / (slope.halfWidth * slope.halfWidth);
  const total = slopes.reduce((sum, slope) => sum + weight(slope), 0);
  const weighted = (of: (slope: Slope) => number) =>
    slopes.reduce((sum, slope) => sum + weight(slope) * of(slope), 0) / total;
  const slope = weighted((one) => one.slope);
  const bytes = weighted((one) => one.stateBytesMean);
  const halfWidth = 1 / Math.sqrt(total);
  const perSession = slope - bytesPerStateByte * bytes;
  const whole = `a stored session takes ${Math.round(slope)} ± ${Math.round(halfWidth)} bytes with ${Math.round(bytes)} of state`;
  if (perSession >= 0) {
    const how = `${whole}; a byte of state is taken to cost what it does in "${base.name}"`;
    const intervals = { "memory.bytesPerSession": around(perSession, halfWidth) };
    return { perSession, perByte: bytesPerStateByte, intervals, how };
  }
  const how = `${whole}, less than "${base.name}" would have for the state alone: all of it is laid on the state`;
  const intervals = { "memory.bytesPerStateByte": around(slope / bytes, halfWidth / bytes) };
  return { perSession: 0, perByte: slope / bytes, intervals, how };
}

function around(value: number, halfWidth: number): { readonly low: number; readonly high: number } {
  return { low: value - halfWidth, high: value + halfWidth };
}

/** Memory of the site without a session, so that the mean of the measured part comes out. */
function beginningOf({ result, stateBytesMean }: MemoryRun, perSession: number, perByte: number): number {
  const readings = readingsOf(result);
  const mean = (of: (point: LinePoint) => number) => meanOf(readings.map(of));
  const sessions = (perSession + perByte * stateBytesMean) * mean(({ x }) => x);
  return (mean(({ y }) => y) - sessions) / storesOf(result.scenario);
}
