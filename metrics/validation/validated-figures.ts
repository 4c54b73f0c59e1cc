// The figures that a validation compares, each with the bound it is judged by and with what tells how much of it is chance.

import type { Counters } from "../run-result.ts";
import type { Bound } from "./validation.ts";

export interface ValidatedFigure {
  readonly key: string;
  /** As readers know it where the figure's own label would mislead. */
  readonly label?: string;
  readonly bound: Bound | null;
  /** A share of events among all: their number scatters as Poisson's does. */
  readonly counted?: (measured: Counters) => { readonly events: number; readonly all: number };
  /** A percentile of the response times: it scatters as order statistics do. */
  readonly percentile?: number;
}

/** Half a percentage point is as near as a plan for refusals needs; so is a tenth of it for failures. */
export const validatedFigures: readonly ValidatedFigure[] = [
  { key: "requestsPerSecond", label: "Requests a real second", bound: { relative: 0.03 } },
  { key: "storedSessionsMean", bound: { relative: 0.03 } },
  { key: "memoryMeanBytes", bound: { relative: 0.1 } },
  {
    key: "refusedShare",
    bound: { relative: 0.1, absolute: 0.005 },
    counted: ({ refused, arrivals }) => ({ events: refused, all: arrivals }),
  },
  {
    key: "lockWaitShare",
    bound: { relative: 0.1 },
    counted: ({ lockWaits, requests }) => ({ events: lockWaits, all: requests }),
  },
  { key: "responseP50Ms", bound: { relative: 0.15 }, percentile: 50 },
  { key: "responseP90Ms", bound: { relative: 0.2 }, percentile: 90 },
  { key: "responseP99Ms", bound: { relative: 0.3 }, percentile: 99 },
  {
    key: "failedShare",
    bound: { relative: 0.1, absolute: 0.0005 },
    counted: ({ failed, requests }) => ({ events: failed, all: requests }),
  },
  { key: "coreUtilisation", bound: null },
  { key: "storeCallsPerRequest", bound: null },
];
