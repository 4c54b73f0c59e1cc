// A visitor's cookies: kept by name until the server replaces them or takes them back, sent with every request. One site and one
// path; when a cookie will expire is not kept, for a visit's time is compressed and its cookies last as long as it does.
// Source: RFC 6265, 5.2 and 5.3.

export interface CookieJar {
  /** The Cookie header; empty when there is nothing to send. */
  header(): string;
  /**
   * @param setCookie one Set-Cookie header.
   * @param nowMs milliseconds since 1970: a cookie that has expired by then is deleted.
   */
  store(setCookie: string, nowMs: number): void;
}

/** @param overTls else a cookie marked secure is not taken, as browsers do not. */
export function createCookieJar(overTls: boolean): CookieJar {
  const values = new Map<string, string>();
  return {
    header: () => [...values].map(([name, value]) => `${name}=${value}`).join("; "),
    store(setCookie, nowMs) {
      const [pair, ...attributes] = setCookie.split(";").map((part) => part.trim());
      const equals = pair.indexOf("=");
      if (equals <= 0) return;
      const name = pair.slice(0, equals).trim();
      if (!overTls && attributes.some((attribute) => attribute.toLowerCase() === "secure")) return;
      if (hasExpired(attributes, nowMs)) values.delete(name);
      else values.set(name, pair.slice(equals + 1).trim());
    },
  };
}

/** A client that takes no cookies. */
export const noCookies: CookieJar = { header: () => "", store: () => undefined };

/** Max-Age goes before Expires; what cannot be read is as if it were not there. */
function hasExpired(attributes: readonly string[], nowMs: number): boolean {
  const maxAge = attributeOf(attributes, "max-age");
  if (maxAge !== undefined && /^-?\d+$/.test(maxAge)) return Number(maxAge) <= 0;
  const expires = attributeOf(attributes, "expires");
  return expires !== undefined && Date.parse(expires) <= nowMs;
}

function attributeOf(attributes: readonly string[], name: string): string | undefined {
  const found = attributes.filter((attribute) => attribute.toLowerCase().startsWith(`${name}=`)).at(-1);
  return found?.slice(name.length + 1).trim();
}
