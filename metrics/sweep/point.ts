// One scenario of many, as it is kept: its figures with their intervals, what each replication says of them, and no more, so that ten
// thousand points take no more memory than one run.

import type { Interval } from "../estimate.ts";

export interface PointFigure {
  /** null where the run cannot know it. */
  readonly value: number | null;
  /** 95 %; null where too little was seen for one. */
  readonly interval: Interval | null;
  /**
   * What each replication says of it, in order of their numbers; of antithetic pairs, each pair. Points that share a seed share their
   * visitors, so that their differences are taken replication by replication. null where one of them cannot know it.
   */
  readonly byReplication: readonly number[] | null;
  /** What a formula says, where one applies. */
  readonly closedForm?: number;
}

export interface PointOutcome {
  readonly replications: number;
  /** Every figure of a run, by key. */
  readonly figures: Readonly<Record<string, PointFigure>>;
  /** What makes figures doubtful, one sentence each. */
  readonly findings: readonly string[];
}
