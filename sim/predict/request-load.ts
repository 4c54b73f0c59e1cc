// What a request asks of the site's cores and store, on average, and so how many the site can serve at all. Without it a load beyond
// that would be taken for one that is served, and the queue it makes for none.

import type { Scenario } from "../../config/scenario.ts";
import { lawMean } from "../../workload/distributions.ts";
import { storesOf } from "../stores.ts";
import { locksSessions } from "../unmodelled.ts";

/** Times are scenario time. */
export interface RequestLoad {
  /** Of a request that waits for nobody. */
  readonly responseMs: number;
  /** Served at most; Infinity where requests take no time. */
  readonly requestsPerMs: number;
  /** Tries of the requests of one page view that send several at once, on the session that each of them locks. */
  readonly pollsPerPage: number;
  /** Stores that each have the cap of their own. */
  readonly stores: number;
}

export function requestLoad({ site, store, workload, calibration, run }: Scenario): RequestLoad {
  const processes = site.servers * site.workersPerServer;
  const stores = storesOf({ site, store });
  if (run.fidelity === "population") {
    return { responseMs: 0, requestsPerMs: Number.POSITIVE_INFINITY, pollsPerPage: 0, stores };
  }
  const shares = workload.pages.reduce((sum, page) => sum + page.share, 0);
  const pageMean = (of: "cpuMs" | "waitMs") =>
    workload.pages.reduce((sum, page) => sum + (page.share / shares) * lawMean(page[of]), 0);
  const kib = lawMean(workload.stateBytes) / 1024;
  const off = site.mode === "Off";
  const remote = site.mode !== "InProc" && site.mode !== "Off";
  const { operations } = calibration;
  const calls = off ? [] : [operations.getItemExclusive, operations.setAndReleaseItemExclusive];
  const coreMs =
    (calibration.pageCpuFactor ?? 1) * pageMean("cpuMs") +
    lawMean(calibration.requestCpuMs) +
    calls.reduce((sum, cost) => sum + cost.webCpuMs + cost.webCpuMsPerKiB * kib, 0);
  const storeMs = remote ? calls.reduce((sum, cost) => sum + lawMean(cost.storeMs) + cost.storeMsPerKiB * kib, 0) : 0;
  const heldMs =
    coreMs + storeMs + pageMean("waitMs") + (remote ? calls.length * lawMean(calibration.networkRoundTripMs) : 0);
  const perRealMs = Math.min(
    (processes * site.coresPerWorker) / coreMs,
    storeMs === 0 ? Number.POSITIVE_INFINITY : (stores * calibration.storeConcurrency) / storeMs,
  );
  return {
    responseMs: (heldMs + lawMean(calibration.clientRoundTripMs)) * run.timeScale,
    requestsPerMs: perRealMs / run.timeScale,
    pollsPerPage:
      off || site.technology === "asp" || !locksSessions({ site, store })
        ? 0
        : pollsOf(workload.parallel, heldMs, site),
    stores,
  };
}

/**
 * Those that find the session locked look again at the same moments, and at each only one of them gets it; none waits for longer than a
 * lock may last.
 */
function pollsOf(
  { requests, spacingMs }: Scenario["workload"]["parallel"],
  heldMs: number,
  { lockPollMs, executionTimeoutMs }: Scenario["site"],
): number {
  if (spacingMs >= heldMs) return 0;
  const pollsMax = executionTimeoutMs / lockPollMs;
  const pollsEach = Math.ceil(heldMs / lockPollMs);
  let polls = 0;
  for (let before = 1; before < requests; before++) polls += Math.min(pollsMax, before * pollsEach);
  return polls;
}
