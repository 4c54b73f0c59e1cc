// Whether two requests can want one session at a time. A visitor's page views come one after another; only what a page sends in parallel
// can meet, and only where a request lets go of its core, or there is another core, while it holds the session.

import type { Scenario } from "../../config/scenario.ts";
import { locksSessions } from "../unmodelled.ts";

/** @returns "none" where no request ever waits for a session; else why no formula tells how many do. */
export function contention(scenario: Scenario): string {
  const { site, workload } = scenario;
  const { share, requests } = workload.parallel;
  if (site.mode === "Off" || share === 0 || requests < 2 || !locksSessions(scenario)) return "none";
  if (workload.pages.every(({ session }) => session !== "read-write")) return site.sessionStart ? SEVERAL : "none";
  const alone =
    site.mode === "InProc" &&
    site.affinity &&
    site.coresPerWorker === 1 &&
    workload.pages.every(({ waitMs }) => waitMs.kind === "constant" && waitMs.value === 0);
  return alone ? "none" : SEVERAL;
}

const SEVERAL = "pages send requests in parallel, which wait for one session to the beat of the polls";
