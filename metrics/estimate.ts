// A number that was estimated, and how far it may be off.

/** A 95 % confidence interval and how it was come by. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  readonly method: string;
}

/** A figure that was estimated; null interval where too little was measured for one. */
export interface Estimate {
  readonly value: number;
  readonly interval: Interval | null;
}
