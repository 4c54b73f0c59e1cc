// The address of a page of our host for one request of one visit: its script stands in the query (host/page.ts), drawn by seed, so that
// every driver asks the same visit's pages.

import type { Scenario } from "../../../config/scenario.ts";
import type { Journeys } from "../../../workload/journeys.ts";
import { type PageScript, writePageQuery } from "../../host/page.ts";

/** Which request: see workload/journeys.ts. */
export interface PageRequest {
  readonly visit: number;
  readonly step: number;
  readonly place: number;
  readonly abandons: boolean;
  /** Whose session it is, if not of one who visits but once. */
  readonly person?: number;
  /** "/(S(…))" for a session without cookies; else empty. */
  readonly segment: string;
}

export function pagePath(
  { site }: Scenario,
  journeys: Journeys,
  { visit, step, place, abandons, segment, person = visit }: PageRequest,
): string {
  const page = journeys.pageOf(visit, step, place);
  const script = {
    session: page.session,
    cpuMs: journeys.cpuMs(visit, step, place),
    waitMs: journeys.waitMs(visit, step, place),
    changes: journeys.changes(visit, step, place),
    abandons,
    stateBytes: journeys.stateBytes(person),
    timeoutMinutes: null,
  };
  return `${segment}${pathOfPage(site.technology, page.name, script)}`;
}

/** "/basket.aspx?session=read-write". */
export function pathOfPage(technology: Scenario["site"]["technology"], name: string, script: PageScript): string {
  return `/${encodeURIComponent(name)}.${technology === "asp" ? "asp" : "aspx"}?${writePageQuery(script)}`;
}

/** 10.x.y.z, another for each of the first 16 million visits, so that a log can tell visitors by address. */
export function addressOf(visit: number): string {
  const number = (visit + 1) & 0xffffff;
  return `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`;
}
