// What the site itself takes of a request, from empty pages at several rates. The seldomer requests come, the more each takes
// (sim/model/waking.ts): own time and waking are told apart by that. A page with work of its own tells how far the processor clock can be
// believed.

import type { Calibration, Law } from "../../config/scenario.ts";
import { find, rounded } from "./call-costs.ts";
import type { PhaseFinds } from "./phase-finds.ts";
import { PAGE_CPU_MS, SMALL_BYTES } from "./phases.ts";

export interface Waking {
  /** Processor time of a request that comes right after another. */
  readonly ownMs: number;
  readonly cpuMsMax: number;
  readonly afterMs: number;
}

/** Tried for how long a pause must be, from a tenth of a millisecond to a second. */
const AFTER_MS_TRIED = Array.from({ length: 81 }, (_, i) => 0.1 * 10 ** (i / 20));

/**
 * Requests that come at random do so after exponential pauses t of a mean m, of which 1 − e^(−t/a) has the mean m / (m + a). The a that
 * fits best, own time and waking by least squares.
 */
export function fitWaking(empty: readonly Pick<PhaseFinds, "cpuMsPerRequest" | "requestsPerSecond">[]): Waking {
  const points = empty.map(({ cpuMsPerRequest, requestsPerSecond }) => ({
    cpuMs: cpuMsPerRequest,
    pauseMs: 1000 / requestsPerSecond,
  }));
  let best: Waking & { readonly error: number } = {
    ownMs: 0,
    cpuMsMax: 0,
    afterMs: 1,
    error: Number.POSITIVE_INFINITY,
  };
  for (const afterMs of AFTER_MS_TRIED) {
    const weights = points.map(({ pauseMs }) => pauseMs / (pauseMs + afterMs));
    const meanWeight = mean(weights);
    const meanCpu = mean(points.map(({ cpuMs }) => cpuMs));
    const spread = weights.reduce((sum, weight) => sum + (weight - meanWeight) ** 2, 0);
    const slope =
      spread === 0
        ? 0
        : weights.reduce((sum, weight, i) => sum + (weight - meanWeight) * (points[i].cpuMs - meanCpu), 0) / spread;
    const cpuMsMax = Math.max(0, Math.min(slope, meanWeight === 0 ? 0 : meanCpu / meanWeight));
    const ownMs = meanCpu - cpuMsMax * meanWeight;
    const error = points.reduce((sum, { cpuMs }, i) => sum + (cpuMs - ownMs - cpuMsMax * weights[i]) ** 2, 0);
    if (error < best.error) best = { ownMs, cpuMsMax, afterMs, error };
  }
  return best;
}

/** What waking adds to a request on average, at such a rate. */
export function wakingMs(
  { cpuMsMax, afterMs }: Pick<Waking, "cpuMsMax" | "afterMs">,
  { requestsPerSecond }: Pick<PhaseFinds, "requestsPerSecond">,
): number {
  const pauseMs = 1000 / requestsPerSecond;
  return (cpuMsMax * pauseMs) / (pauseMs + afterMs);
}

/** No clock is as wrong as that; a run of pages may be. */
const COUNTED_MIN = 0.5;
const COUNTED_MAX = 2;

/**
 * What the processor clock counts of a millisecond in which a page has its core. A core that is taken away for moments to which nobody
 * owns up is charged to the process, and only the page notices (bench/host/burn.ts). Seen on a shared machine: 1.00 to 1.05, alike for
 * all that was measured within minutes, and another value an hour later; so it is no cost of the site.
 */
export function countedPerMs(finds: readonly PhaseFinds[]): number {
  const waking = fitWaking(finds.filter(({ kind }) => kind === "empty"));
  const pages = finds.filter(({ kind }) => kind === "page");
  const pageMs = mean(pages.map((page) => page.cpuMsPerRequest - waking.ownMs - wakingMs(waking, page)));
  return Math.min(COUNTED_MAX, Math.max(COUNTED_MIN, pageMs / PAGE_CPU_MS));
}

/** Own time, waking, and what the visitor waits beside them. */
export function siteCosts(
  finds: readonly PhaseFinds[],
): Pick<Calibration, "requestCpuMs" | "waking" | "clientRoundTripMs" | "networkRoundTripMs"> {
  const { ownMs, cpuMsMax, afterMs } = fitWaking(finds.filter(({ kind }) => kind === "empty"));
  const empty = find(finds, "empty", SMALL_BYTES);
  const beyond = empty.quantilesMs.map((ms) => rounded(Math.max(0, ms - empty.cpuMsPerRequest)));
  return {
    requestCpuMs: { kind: "constant", value: rounded(ownMs) } satisfies Law,
    ...(cpuMsMax > 0 ? { waking: { cpuMsMax: rounded(cpuMsMax), afterMs: rounded(afterMs) } } : {}),
    clientRoundTripMs: { kind: "empirical", quantiles: everyFifth(beyond) } satisfies Law,
    networkRoundTripMs: { kind: "constant", value: 0 } satisfies Law,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** As fine as the law needs. */
function everyFifth(values: readonly number[]): readonly number[] {
  return values.filter((_, i) => i % 5 === 4 || i === 0 || i === values.length - 1);
}
