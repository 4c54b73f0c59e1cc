// What a run leaves behind when its visits are walked one after another and not in the order of time: every event is put down where its
// moment lies, and sums are taken at the end. Time is cut into the spacing of the samples, once more at the end of the warm-up; what
// comes after the measured part goes to a slot of its own.

import type { Run } from "../../config/scenario.ts";

export type Flow =
  | "visits"
  | "followUps"
  | "otherRequests"
  | "started"
  | "refused"
  | "expired"
  | "abandoned"
  | "lost"
  | "revived";

/** A level (sessions stored, live, their bytes) as its jumps, and what each adds to the area of the slot it falls in. */
export interface Level {
  readonly jumps: Float64Array;
  readonly parts: Float64Array;
}

/** Stretches of a run: the warm-up, the measured part, and what comes after. */
export const WARMUP = 0;
export const MEASURED = 1;
export const AFTERWARDS = 2;
export type Phase = typeof WARMUP | typeof MEASURED | typeof AFTERWARDS;

export interface RecordBook {
  readonly flows: Readonly<Record<Flow, Float64Array>>;
  readonly stored: Level;
  readonly live: Level;
  readonly storedBytes: Level;
  /** Samples that lie within the measured part, the one at 0 left out. */
  readonly samples: number;
  slotOf(atMs: number): number;
  phaseOf(slot: number): Phase;
  change(level: Level, atMs: number, by: number): void;
  /** The same for a moment whose slot is known. */
  changeIn(slot: number, level: Level, atMs: number, by: number): void;
  /** Of a flow within one phase, or in each sample. */
  sum(flow: Flow, phase: Phase): number;
  perSample(flow: Flow): number[];
  /** Mean over the measured part, and over each sample. */
  mean(level: Level): number;
  meanPerSample(level: Level): number[];
}

export function createRecordBook({ durationMs, warmupMs, sampleMs }: Run): RecordBook {
  const stretches = Math.ceil(durationMs / sampleMs);
  // Slot r holds stretch r before the warm-up ends, slot r + 1 the same stretch after it; both exist for the one it ends in.
  const cutIn = Math.floor(warmupMs / sampleMs);
  const after = stretches + 1;
  const fromMs = new Float64Array(after);
  const toMs = new Float64Array(after);
  for (let slot = 0; slot < after; slot++) {
    const stretch = slot <= cutIn ? slot : slot - 1;
    fromMs[slot] = slot <= cutIn ? stretch * sampleMs : Math.max(stretch * sampleMs, warmupMs);
    toMs[slot] = Math.min((stretch + 1) * sampleMs, slot <= cutIn ? warmupMs : durationMs);
  }
  const column = () => new Float64Array(after + 1);
  const flows = {
    visits: column(),
    followUps: column(),
    otherRequests: column(),
    started: column(),
    refused: column(),
    expired: column(),
    abandoned: column(),
    lost: column(),
    revived: column(),
  };
  const createLevel = (): Level => ({ jumps: column(), parts: column() });

  function slotOf(atMs: number): number {
    if (atMs >= durationMs) return after;
    const stretch = Math.floor(atMs / sampleMs);
    return atMs >= warmupMs ? stretch + 1 : stretch;
  }

  function changeIn(slot: number, level: Level, atMs: number, by: number): void {
    if (slot === after) return;
    level.jumps[slot] += by;
    level.parts[slot] += by * (toMs[slot] - atMs);
  }

  /** Level × time of each slot. */
  function areasOf({ jumps, parts }: Level): Float64Array {
    const areas = new Float64Array(after);
    let level = 0;
    for (let slot = 0; slot < after; slot++) {
      areas[slot] = level * (toMs[slot] - fromMs[slot]) + parts[slot];
      level += jumps[slot];
    }
    return areas;
  }

  function total(values: Float64Array, from: number, to: number): number {
    let sum = 0;
    for (let slot = from; slot < to; slot++) sum += values[slot];
    return sum;
  }

  // As with any clock, the last sample falls on the end of the run, whatever the rounding.
  const samples = Math.floor((durationMs / sampleMs) * (1 + 4 * Number.EPSILON));
  function perSample(values: Float64Array): number[] {
    return Array.from({ length: samples }, (_, stretch) => {
      const before = stretch <= cutIn ? values[stretch] : 0;
      return before + (stretch >= cutIn ? values[stretch + 1] : 0);
    });
  }

  return {
    flows,
    stored: createLevel(),
    live: createLevel(),
    storedBytes: createLevel(),
    samples,
    slotOf,
    phaseOf: (slot) => (slot <= cutIn ? WARMUP : slot < after ? MEASURED : AFTERWARDS),
    change: (level, atMs, by) => changeIn(slotOf(atMs), level, atMs, by),
    changeIn,
    sum(flow, phase) {
      if (phase === AFTERWARDS) return flows[flow][after];
      return phase === WARMUP ? total(flows[flow], 0, cutIn + 1) : total(flows[flow], cutIn + 1, after);
    },
    perSample: (flow) => perSample(flows[flow]),
    mean: (level) => total(areasOf(level), cutIn + 1, after) / (durationMs - warmupMs),
    meanPerSample: (level) => perSample(areasOf(level)).map((area) => area / sampleMs),
  };
}
