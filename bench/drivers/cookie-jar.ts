// A visitor's cookies: kept by name until the server replaces them, sent back with every request. One site, one path, no expiry:
// all that session cookies need.

export interface CookieJar {
  /** The Cookie header; empty when there is nothing to send. */
  header(): string;
  /** @param setCookie one Set-Cookie header. */
  store(setCookie: string): void;
}

export function createCookieJar(): CookieJar {
  const values = new Map<string, string>();
  return {
    header: () => [...values].map(([name, value]) => `${name}=${value}`).join("; "),
    store(setCookie) {
      const pair = setCookie.split(";", 1)[0];
      const equals = pair.indexOf("=");
      if (equals > 0) values.set(pair.slice(0, equals).trim(), pair.slice(equals + 1).trim());
    },
  };
}

/** A client that takes no cookies. */
export const noCookies: CookieJar = { header: () => "", store: () => undefined };
