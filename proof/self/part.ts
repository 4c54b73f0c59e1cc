// One part of this project that is held against its past.

import type { Comparison } from "../../metrics/compare/comparison.ts";

export interface PartAsked {
  /** A commit. */
  readonly ref: string;
  readonly seed: number;
  readonly budgetMinutes: number;
  /** Left out: as many as there is time for. */
  readonly blocksMax?: number;
  readonly signal: AbortSignal;
  /** Share of this part. */
  readonly tell: (share: number, note: string) => void;
}

export interface SelfPart {
  readonly name: string;
  /** Of the time there is: what a block takes, about, in seconds. */
  readonly weight: number;
  /** @returns null when it was interrupted. @throws InputError when it cannot be run here, or on one of the two commits. */
  readonly compare: (asked: PartAsked) => Promise<Comparison | null>;
}
