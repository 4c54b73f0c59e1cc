// Where a redirect leads a visitor, and what of it stays in the addresses he goes to from there.
// Source of the segment: .NET reference source, CookielessHelper.cs.

/** Only the path matters: our host names no other site, and not itself either. */
const ANY_SITE = "http://site.invalid";

/** ASP.NET puts it behind the path of the application, which for our host is the root. */
const SEGMENT = /^(.*?\/\((?:[A-Z]\([^()/]*\))+\))(?:\/|$)/;

/**
 * @param from path with query of the page that answered.
 * @param location its Location header.
 * @param origin of the site, where it may name itself.
 * @returns path with query of the page to go to; null where there is none on this site.
 */
export function followTo(from: string, location: string | null, origin: string = ANY_SITE): string | null {
  const target = location === null ? null : URL.parse(location, `${origin}${from}`);
  return target === null || target.origin !== origin ? null : target.pathname + target.search;
}

/** The path up to the segment that carries a session in the address, that segment included: "/shop/(S(…))"; empty without one. */
export function segmentOf(path: string): string {
  return SEGMENT.exec(path.split("?", 1)[0])?.[1] ?? "";
}
