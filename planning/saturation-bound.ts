// What a site serves at most, by its calibration: no station can be busy for more than all of the time, so throughput ends at the
// inverse of the largest demand that a request has on one of them (asymptotic bound).
// Source: E. D. Lazowska et al., Quantitative System Performance, 1984, section 5.2.

import type { PageKind, Scenario, StoreOperation } from "../config/scenario.ts";
import { lawMean } from "../workload/distributions.ts";

export interface SaturationBound {
  /** Real time. */
  readonly requestsPerSecond: number;
  readonly bottleneck: "web cores" | "store";
  /** Of a request, on average. */
  readonly coreMs: number;
  readonly storeMs: number;
}

/** Of visitors who have a session and its state already, as those of a closed loop. */
export function saturationBound(scenario: Scenario): SaturationBound {
  const { site, workload, calibration } = scenario;
  const shares = workload.pages.reduce((sum, page) => sum + page.share, 0);
  const kib = lawMean(workload.stateBytes) / 1024;
  const inProcess = site.mode === "InProc" || site.mode === "Off";
  let coreMs = lawMean(calibration.requestCpuMs);
  let storeMs = 0;
  for (const page of workload.pages) {
    const weight = page.share / shares;
    coreMs += weight * (calibration.pageCpuFactor ?? 1) * lawMean(page.cpuMs);
    if (site.mode === "Off") continue;
    for (const [operation, times] of callsOf(page)) {
      const cost = calibration.operations[operation];
      coreMs += weight * times * (cost.webCpuMs + cost.webCpuMsPerKiB * kib);
      if (!inProcess) storeMs += weight * times * (lawMean(cost.storeMs) + cost.storeMsPerKiB * kib);
    }
  }
  const cores = site.servers * site.workersPerServer * site.coresPerWorker;
  const byCores = (1000 * cores) / coreMs;
  const byStore = storeMs === 0 ? Number.POSITIVE_INFINITY : (1000 * calibration.storeConcurrency) / storeMs;
  return {
    requestsPerSecond: Math.min(byCores, byStore),
    bottleneck: byCores <= byStore ? "web cores" : "store",
    coreMs,
    storeMs,
  };
}

/** Calls of a page of somebody who has a session, and how often each is made. */
function callsOf({ session, changedShare }: PageKind): readonly (readonly [StoreOperation, number])[] {
  if (session === "none") return [["resetItemTimeout", 1]];
  if (session === "read-only") return [["getItem", 1]];
  return [
    ["getItemExclusive", 1],
    ["setAndReleaseItemExclusive", changedShare],
    ["releaseItemExclusive", 1 - changedShare],
  ];
}
