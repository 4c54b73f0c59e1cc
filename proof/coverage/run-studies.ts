// All repeats of all studies, over worker threads. A repeat is known by its seed, so that what comes out is the same for any number of
// threads.

import os from "node:os";
import path from "node:path";
import { Tinypool } from "tinypool";
import { replicationSeed } from "../../workload/random-stream.ts";
import type { CoverageTask, Ends } from "./coverage-worker.ts";
import { coverageStudies } from "./studies.ts";

export interface Tally {
  readonly repeats: number;
  given: number;
  held: number;
  /** The truth lay above the interval. */
  above: number;
  /** Sum of half widths, as shares of the truth. */
  halfWidths: number;
}

/** Of one task: often enough to show progress, seldom enough to cost nothing. */
const REPEATS_A_TASK = 10;
const worker = path.join(import.meta.dirname, `coverage-worker${path.extname(import.meta.filename)}`);

/**
 * @param goOn awaited after every task; false ends the work.
 * @returns a tally for each subject of each study, in their order, of what was done when it ended.
 */
export async function runStudies(
  repeats: number,
  seed: number,
  goOn: (share: number, note: string) => Promise<boolean>,
): Promise<readonly (readonly Tally[])[]> {
  // Turn by turn, so that a run cut short has seen as much of each.
  const tasks = tasksOf(repeats, seed);
  const costOf = ({ study, seeds }: CoverageTask) => coverageStudies[study].cost * seeds.length;
  const whole = tasks.reduce((sum, task) => sum + costOf(task), 0);
  const pool = new Tinypool({
    filename: worker,
    minThreads: 0,
    maxThreads: os.availableParallelism(),
    idleTimeout: 60_000,
  });
  const startFailed = new Promise<never>((_, reject) => pool.on("error", reject));
  startFailed.catch(() => {});
  const rows: (readonly (readonly Ends[])[])[] = [];
  let done = 0;
  let next = 0;
  let ended = false;
  async function work(): Promise<void> {
    while (!ended && next < tasks.length) {
      const place = next++;
      const task = tasks[place];
      rows[place] = await Promise.race([pool.run(task), startFailed]);
      done += costOf(task);
      if (!ended && !(await goOn(done / whole, coverageStudies[task.study].name))) ended = true;
    }
  }
  try {
    await Promise.all(Array.from({ length: os.availableParallelism() }, work));
  } finally {
    await Promise.all(pool.threads.map((thread) => thread.terminate()));
  }
  return coverageStudies.map(({ subjects }, study) => {
    const ofStudy = tasks.flatMap((task, place) => (task.study === study ? (rows[place] ?? []) : []));
    return subjects.map(({ truth }, subject) =>
      tallyOf(
        ofStudy.map((row) => row[subject]),
        truth,
      ),
    );
  });
}

function tasksOf(repeats: number, seed: number): CoverageTask[] {
  return Array.from({ length: Math.ceil(repeats / REPEATS_A_TASK) }, (_, turn) => {
    const from = turn * REPEATS_A_TASK;
    const length = Math.min(REPEATS_A_TASK, repeats - from);
    const seeds = Array.from({ length }, (_, i) => replicationSeed(seed, from + i));
    return coverageStudies.map((_, study) => ({ study, seeds }));
  }).flat();
}

function tallyOf(intervals: readonly Ends[], truth: number): Tally {
  const tally: Tally = { repeats: intervals.length, given: 0, held: 0, above: 0, halfWidths: 0 };
  for (const interval of intervals) {
    if (interval === null) continue;
    tally.given++;
    if (truth > interval.high) tally.above++;
    else if (truth >= interval.low) tally.held++;
    tally.halfWidths += (interval.high - interval.low) / 2 / Math.abs(truth);
  }
  return tally;
}
