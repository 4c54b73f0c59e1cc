// What formulas alone say of a scenario, without a run. Reports read this and know no more.

import type { Figure, TargetVerdict } from "./run-result.ts";

export interface StationAnswer {
  /** "web cores", "store". */
  readonly station: string;
  readonly servers: number;
  /** Work of a request there, real milliseconds. */
  readonly demandMs: number;
  /** Share of its time that it works; null where nobody knows how many requests come. */
  readonly utilisation: number | null;
}

export interface InstantAnswer {
  /** All that a simulation tells, in its order; `value` is that of the formula, null where there is none. */
  readonly figures: readonly Figure[];
  /** By the key of a figure without a formula: why. */
  readonly withheld: Readonly<Record<string, string>>;
  /** `met` is null where the figure has no formula, or the limit lies within its tolerance. */
  readonly targets: readonly TargetVerdict[];
  readonly stations: readonly StationAnswer[];
  /** The bottleneck, and the real requests a second at which it is full; Infinity where requests are no work. */
  readonly saturation: { readonly station: string; readonly requestsPerSecond: number };
}
