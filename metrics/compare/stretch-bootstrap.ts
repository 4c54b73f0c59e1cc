// How far a percentile of one run's response times may be off by what happened inside the run. Requests of one moment share its luck, so
// whole stretches of time are drawn anew, several neighbours together, never single requests.
// Source: Politis and Romano, A circular block-resampling procedure for stationary data (1992).

import { log } from "../../config/elementary.ts";
import type { Interval } from "../estimate.ts";
import { decodeHistogram, recordedValues } from "../latency-histogram.ts";
import type { Random } from "../random-numbers.ts";
import type { HistogramInterval } from "../run-result.ts";
import { percentileInterval } from "./middle.ts";

/** Stretches drawn together: a fifteenth of the run. */
const TOGETHER = 4;
const RESAMPLES = 499;
/** With fewer stretches that hold responses there is nothing to draw from. */
const STRETCHES_MIN = 20;

/** All responses of a run, smallest first, each with its stretch. */
interface Responses {
  readonly us: Float64Array;
  readonly counts: Float64Array;
  readonly stretch: Uint16Array;
  readonly ofStretch: Float64Array;
}

/** @returns for each percentile the interval of log(candidate) − log(base); null where a run has too few stretches. */
export function percentileRatioIntervals(
  base: readonly HistogramInterval[],
  candidate: readonly HistogramInterval[],
  percentiles: readonly number[],
  random: Random,
): readonly Interval[] | null {
  const [a, b] = [base, candidate].map(responsesOf);
  if (a === null || b === null) return null;
  return percentiles.map((percentile) =>
    percentileInterval(
      () => log(drawnPercentile(b, percentile, random)) - log(drawnPercentile(a, percentile, random)),
      "stretches of time within the runs",
      RESAMPLES,
    ),
  );
}

function responsesOf(intervals: readonly HistogramInterval[]): Responses | null {
  const entries = intervals.flatMap(({ histogram }, stretch) =>
    histogram.count === 0
      ? []
      : recordedValues(decodeHistogram(histogram)).map(({ us, count }) => ({ us, count, stretch })),
  );
  if (new Set(entries.map(({ stretch }) => stretch)).size < STRETCHES_MIN) return null;
  entries.sort((one, other) => one.us - other.us);
  return {
    us: Float64Array.from(entries, ({ us }) => Math.max(1, us)),
    counts: Float64Array.from(entries, ({ count }) => count),
    stretch: Uint16Array.from(entries, ({ stretch }) => stretch),
    ofStretch: Float64Array.from(intervals, ({ histogram }) => histogram.count),
  };
}

/** Of one resample. */
function drawnPercentile({ us, counts, stretch, ofStretch }: Responses, percentile: number, random: Random): number {
  const times = new Float64Array(ofStretch.length);
  let total = 0;
  for (let drawn = 0; drawn < ofStretch.length || total === 0; drawn += TOGETHER) {
    const first = random.below(ofStretch.length);
    for (let i = 0; i < TOGETHER; i++) {
      const one = (first + i) % ofStretch.length;
      times[one]++;
      total += ofStretch[one];
    }
  }
  let left = (percentile / 100) * total;
  let entry = 0;
  for (; entry < us.length - 1; entry++) {
    left -= counts[entry] * times[stretch[entry]];
    if (left <= 0) break;
  }
  return us[entry];
}
