// The shape of what lies beyond the site's own work: no law that two numbers describe has the tail of a real machine. Where the
// simulated response times lie too low, the law is raised by as much at that quantile, and again, until they lie where they were seen.

import type { Law } from "../../config/scenario.ts";
import { type Histogram, percentileMs } from "../../metrics/latency-histogram.ts";
import { lawQuantile } from "../../workload/distributions.ts";

const CELLS = 100;
/** Of some thousand requests, no more than this is known of the longest. */
const HIGHEST = 0.999;

/**
 * @param measured and simulated response times of the same runs.
 * @returns the law raised and lowered by the mean difference at each hundredth.
 */
export function reshaped(law: Law, measured: readonly Histogram[], simulated: readonly Histogram[]): Law {
  const quantiles: number[] = [];
  for (let cell = 0; cell <= CELLS; cell++) {
    const share = Math.min(HIGHEST, Math.max(1 - HIGHEST, cell / CELLS));
    const off = measured.reduce(
      (sum, histogram, i) => sum + (percentileMs(histogram, share * 100)! - percentileMs(simulated[i]!, share * 100)!),
      0,
    );
    const wanted = lawQuantile(law, share) + off / measured.length;
    quantiles.push(Math.max(0, quantiles.at(-1) ?? 0, wanted));
  }
  return { kind: "empirical", quantiles };
}
