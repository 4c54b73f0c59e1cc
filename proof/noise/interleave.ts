// A made-up interleaved comparison, run as a real one is: blocks of four runs, the order of each drawn by a coin, and after each block
// the verdicts are asked for, until there is one on every metric or no block is left.

import { planBlock } from "../../bench/against/turns.ts";
import type { ComparisonVerdict } from "../../metrics/compare/comparison.ts";

/** One value a run of a metric, in the order they ran, two of each side a block. */
export interface Sides {
  readonly key: string;
  readonly base: readonly number[];
  readonly candidate: readonly number[];
}

export interface MadeUpComparison {
  readonly keys: readonly string[];
  /** What the next process measures, whichever side it is, one value a metric. */
  readonly run: () => readonly number[];
  /** What the candidate truly changes of what was measured; absent: nothing. */
  readonly change?: (value: number, key: string) => number;
  readonly seed: number;
  readonly blocksMax: number;
  /** @returns a verdict a metric, in order. @param last no block will follow. */
  readonly judge: (metrics: readonly Sides[], last: boolean) => readonly ComparisonVerdict[];
}

export interface Outcome {
  readonly blocks: number;
  readonly verdicts: readonly ComparisonVerdict[];
  /** Keys that were called regressed after any block, be it taken back or not. */
  readonly everRegressed: readonly string[];
}

export function interleave({ keys, run, change, seed, blocksMax, judge }: MadeUpComparison): Outcome {
  const sides = keys.map((key) => ({ key, base: [] as number[], candidate: [] as number[] }));
  const everRegressed = new Set<string>();
  let verdicts: readonly ComparisonVerdict[] = [];
  let blocks = 0;
  while (blocks < blocksMax && (blocks === 0 || verdicts.includes("cannot tell"))) {
    for (const side of planBlock(seed, blocks).order) {
      const values = run();
      for (const [place, one] of sides.entries()) {
        const value = values[place]!;
        one[side].push(side === "candidate" && change !== undefined ? change(value, one.key) : value);
      }
    }
    blocks++;
    verdicts = judge(sides, blocks === blocksMax);
    for (const [place, verdict] of verdicts.entries()) if (verdict === "regressed") everRegressed.add(keys[place]!);
  }
  return { blocks, verdicts, everRegressed: [...everRegressed] };
}
