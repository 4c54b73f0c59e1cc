// Whether the browser definitions of ASP.NET say that a client takes cookies. They go by the User-Agent alone, and they are odd:
// who calls himself Mozilla and is none of the browsers known takes no cookies, a name never heard of does. In short form: the
// files (mozilla.browser and its children) are not had here, so the table holds what was observed and is otherwise unconfirmed.
// Source: dylanbeattie.net 2012-10-30, tried on IIS 7 ("Mozilla/5.0 (compatible; PRTG Network Monitor …" gets no cookie,
// "Bozilla/5.0 (compatible; PRTG …" does); the known bug by which Internet Explorer 10 fell to the definition "Mozilla".

const KNOWN_BROWSERS = /MSIE |Trident\/|Edge\/|Chrome\/|Safari\/|Gecko\/|Firefox\/|Opera/;

/** A device whose definition lacks cookies, for visitors who are to be one. */
export const NO_COOKIE_DEVICE = "Mozilla/5.0 (compatible; sessionlab-bench)";

/** @param userAgent the header; undefined when the client sent none. */
export function takesCookies(userAgent: string | undefined): boolean {
  return userAgent === undefined || !userAgent.startsWith("Mozilla/") || KNOWN_BROWSERS.test(userAgent);
}
