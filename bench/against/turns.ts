// Whose turn it is. Runs come in blocks of four, ABBA or BAAB, and which of the two a coin decides: so a machine that grows slower
// within a block strikes both sides alike, and when nothing changed the sign of a block's difference is a fair coin itself, whatever
// the machine does.

import { createStream, replicationSeed } from "../../workload/random-stream.ts";

export type SideName = "base" | "candidate";

export interface BlockPlan {
  readonly block: number;
  /** In order of their places. */
  readonly order: readonly SideName[];
  /** All four runs meet the same visitors; those of another block meet others. */
  readonly runSeed: number;
}

export const RUNS_OF_BLOCK = 4;

/** @param block from 0. @returns the same for the same seed and block, whatever came before. */
export function planBlock(seed: number, block: number): BlockPlan {
  const runSeed = replicationSeed(seed, block);
  const heads = createStream(runSeed, "order of a block").next() < 0.5;
  const order: readonly SideName[] = heads
    ? ["base", "candidate", "candidate", "base"]
    : ["candidate", "base", "base", "candidate"];
  return { block, order, runSeed };
}
