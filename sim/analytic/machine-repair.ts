// Machine repair, M/M/c//N: N machines fail now and then, c repairers mend them. The same sums describe N users who think, then wait
// for one of c servers: a closed system, in balance at any load.

import { load, positive, requireAll, whole } from "./arguments.ts";

export interface MachineRepairInput {
  /** Whole, at least 1, at most 1e9: they are gone through one by one. */
  readonly machines: number;
  readonly repairers: number;
  /** Mean time from a repair to the next failure (or the think time). */
  readonly upSeconds: number;
  /** Mean repair (or service) time, without the wait for it. */
  readonly repairSeconds: number;
}

export interface MachineRepair {
  /** Machines that do not run, on average. */
  readonly downMean: number;
  /** Those of them that wait for a repairer. */
  readonly queueMean: number;
  readonly repairersBusyMean: number;
  readonly repairsPerSecond: number;
  /** From failure to the start of the repair. */
  readonly waitSecondsMean: number;
  /** From failure to the end of the repair. */
  readonly downSecondsMean: number;
  /** Chance that a failed machine finds all repairers busy. */
  readonly waitShare: number;
}

/**
 * @throws InputError for an argument out of range.
 * Source: D. Gross, C. M. Harris, Fundamentals of Queueing Theory, section 2.6 (finite-source queues). The weight of n machines down
 * is the weight of n − 1 × (N − n + 1) r / min(n, c), r = repair time / up time; weights rise to one mode and fall from it.
 */
export function machineRepair(input: MachineRepairInput): MachineRepair {
  const { machines, repairers, upSeconds, repairSeconds } = input;
  requireAll("machine repair", [
    whole("machines", machines, 1, 1e9),
    whole("repairers", repairers, 1),
    positive("upSeconds", upSeconds),
    positive("repairSeconds", repairSeconds),
    load("repairSeconds / upSeconds", repairSeconds / upSeconds),
  ]);
  const sums: Sums = { all: 0, down: 0, queue: 0, asking: 0, askingLate: 0 };
  const mode = modeOf(input);
  add(sums, input, mode, 1);
  let weight = stepUp(input, mode);
  for (let n = mode + 1; n <= machines && add(sums, input, n, weight); n++) weight *= stepUp(input, n);
  weight = 1;
  for (let n = mode - 1; n >= 0; n--) {
    weight /= stepUp(input, n);
    if (!add(sums, input, n, weight)) break;
  }
  const running = sums.asking / sums.all;
  const repairsPerSecond = running / upSeconds;
  const downMean = sums.down / sums.all;
  const queueMean = sums.queue / sums.all;
  return {
    downMean,
    queueMean,
    repairersBusyMean: repairsPerSecond * repairSeconds,
    repairsPerSecond,
    waitSecondsMean: queueMean / repairsPerSecond,
    downSecondsMean: downMean / repairsPerSecond,
    waitShare: sums.askingLate / sums.asking,
  };
}

/** Sums over the numbers of machines down, each by its weight. */
interface Sums {
  all: number;
  down: number;
  queue: number;
  asking: number;
  askingLate: number;
}

/** Weights below this share of all before them are beyond a double's digits. */
const WEIGHT_SHARE_MIN = 1e-25;

/** @returns whether it shows. */
function add(sums: Sums, { machines, repairers }: MachineRepairInput, n: number, weight: number): boolean {
  const before = sums.all;
  sums.all += weight;
  sums.down += weight * n;
  sums.queue += weight * Math.max(0, n - repairers);
  // Failures come in proportion to the machines that run.
  sums.asking += weight * (machines - n);
  if (n >= repairers) sums.askingLate += weight * (machines - n);
  return weight > before * WEIGHT_SHARE_MIN;
}

/** From the weight of n machines down to that of n + 1. */
function stepUp({ machines, repairers, upSeconds, repairSeconds }: MachineRepairInput, n: number): number {
  return ((machines - n) * repairSeconds) / (Math.min(n + 1, repairers) * upSeconds);
}

/** Where weights stop rising: the steps fall from one to the next. */
function modeOf(input: MachineRepairInput): number {
  let below = 0;
  let above = input.machines;
  while (above > below) {
    const middle = Math.floor((below + above) / 2);
    if (stepUp(input, middle) > 1) below = middle + 1;
    else above = middle;
  }
  return below;
}
