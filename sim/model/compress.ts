// Scenario time, compressed: what belongs to the lives of visitors and sessions runs `timeScale` times faster, the work of a request
// does not. The model then computes in the same real milliseconds that a bench of the scenario lives through; what a page takes of a
// processor is turned into what it takes of the calibration's.

import type { Calibration, Site } from "../../config/scenario.ts";
import type { Journeys } from "../../workload/journeys.ts";

const scaled = (lengthMs: number | null, scale: number) => (lengthMs === null ? null : lengthMs / scale);

/** Lock polls and the execution timeout belong to the request, and stay. */
export function compressSite(site: Site, scale: number): Site {
  return {
    ...site,
    timeoutMs: scaled(site.timeoutMs, scale),
    expirySweepMs: site.expirySweepMs / scale,
    expirySlideMinMs: site.expirySlideMinMs / scale,
    deleteJobMs: scaled(site.deleteJobMs, scale),
    recycleEveryMs: scaled(site.recycleEveryMs, scale),
  };
}

export function compressJourneys(journeys: Journeys, scale: number): Journeys {
  return {
    ...journeys,
    thinkMs: (visit, step) => journeys.thinkMs(visit, step) / scale,
    retryAfterMs: (visit, attempt) => scaled(journeys.retryAfterMs(visit, attempt), scale),
    failedRetryAfterMs: (visit, step, attempt) => scaled(journeys.failedRetryAfterMs(visit, step, attempt), scale),
  };
}

export function pagesOnMachine(journeys: Journeys, { pageCpuFactor = 1 }: Calibration): Journeys {
  if (pageCpuFactor === 1) return journeys;
  return {
    ...journeys,
    cpuMs: (visit, step, number) => pageCpuFactor * journeys.cpuMs(visit, step, number),
  };
}
