// Where a redirect leads a visitor, and what of it stays in the addresses he goes to from there.

import { readCookielessAddress, writeCookielessAddress } from "../host/ids/cookieless.ts";

/** Only the path matters: there is but one site. */
const ANY_SITE = "http://site.invalid";

/**
 * @param from path with query of the page that answered.
 * @param location its Location header.
 * @returns path with query of the page to go to; null where there is none on this site.
 */
export function followTo(from: string, location: string | null): string | null {
  const target = location === null ? null : URL.parse(location, `${ANY_SITE}${from}`);
  return target === null || target.origin !== ANY_SITE ? null : target.pathname + target.search;
}

/** The segment that carries a session in the address, "/(S(…))"; empty without one. */
export function segmentOf(path: string): string {
  const { values } = readCookielessAddress(path.split("?", 1)[0]);
  return writeCookielessAddress({ values, pagePath: "" });
}
