// How visitors of the journeys meet somebody's real site: which address a page of the workload has there, and what an answer means.

import type { PageKind } from "../../../config/scenario.ts";
import type { Clock } from "../../clock.ts";
import { followTo } from "../http/redirects.ts";
import type { ForeignSite } from "../journeys/journeys.ts";
import { type SessionCarrier, sentId } from "./session-watch.ts";
import type { SiteAddress } from "./site-address.ts";

/** How IIS and ASP.NET word it when the cap on sessions or a queue is full. */
const TOO_BUSY = /server too busy/i;

export function foreignSite({ origin, startPath }: SiteAddress, carrier: SessionCarrier, clock: Clock): ForeignSite {
  return {
    origin,
    pathOf: (page, segment) => insertSegment(page.path ?? startPath, segment),
    meaningOf({ status, reason, location }, path, visitor) {
      if (status >= 200 && status < 300) return "completed";
      if ((status === 500 || status === 503) && TOO_BUSY.test(reason)) return "refused";
      // Service Unavailable to somebody who has a session is a failure; to a newcomer it is the door.
      if (status === 503 && carrier.kind !== "none") {
        const cookies = visitor.jar.header(path, clock());
        const has = sentId(carrier, { cookies, path: visitor.segment }) !== null;
        return has ? { failure: "http 503" } : "refused";
      }
      const elsewhere = status >= 300 && status < 400 && location !== null && followTo(path, location, origin) === null;
      return { failure: elsewhere ? "redirected to another site" : `http ${status}` };
    },
  };
}

/** The page with the session in its address. @param segment "/shop/(S(id))", or empty. */
export function insertSegment(path: string, segment: string): string {
  const application = segment.slice(0, segment.indexOf("/("));
  return segment === "" || !path.startsWith(`${application}/`) ? path : segment + path.slice(application.length);
}

/** The addresses that the workload asks for, each once, in order. */
export function pathsOf(pages: readonly PageKind[], startPath: string): string[] {
  return [...new Set(pages.filter((page) => page.share > 0).map((page) => page.path ?? startPath))];
}
