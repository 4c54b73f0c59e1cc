// A visitor's cookies: kept by name and path until they expire or the server replaces them or takes them back, sent with every
// request to their path. There is one site only.
// Source: RFC 6265, 5.3 and 5.4.

import { defaultPath, pathMatches, readSetCookie } from "./set-cookie.ts";

export interface CookieJar {
  /**
   * The Cookie header; empty when there is nothing to send.
   * @param path of the request, with or without its query.
   * @param nowMs milliseconds since 1970.
   */
  header(path: string, nowMs: number): string;
  /**
   * @param setCookie one Set-Cookie header.
   * @param path of the request that it answers.
   */
  store(setCookie: string, path: string, nowMs: number): void;
}

interface Kept {
  readonly name: string;
  readonly value: string;
  readonly path: string;
  readonly expiresAtMs: number;
}

/** @param overTls else a cookie marked secure is not taken, as browsers do not. */
export function createCookieJar(overTls: boolean): CookieJar {
  let kept: readonly Kept[] = [];
  return {
    header(path, nowMs) {
      const plain = withoutQuery(path);
      return kept
        .filter((cookie) => cookie.expiresAtMs > nowMs && pathMatches(cookie.path, plain))
        .map(({ name, value }) => `${name}=${value}`)
        .join("; ");
    },
    store(setCookie, path, nowMs) {
      const cookie = readSetCookie(setCookie, nowMs);
      if (cookie === null || (cookie.secure && !overTls)) return;
      const { name, value, lifetimeMs } = cookie;
      const of = cookie.path ?? defaultPath(withoutQuery(path));
      const expiresAtMs = lifetimeMs === null ? Number.POSITIVE_INFINITY : nowMs + lifetimeMs;
      const fresh = { name, value, path: of, expiresAtMs };
      const at = kept.findIndex((known) => known.name === name && known.path === of);
      if (lifetimeMs !== null && lifetimeMs <= 0) kept = kept.filter((_, index) => index !== at);
      // In the place of the old; longer paths first.
      else if (at >= 0) kept = kept.with(at, fresh);
      else kept = [...kept, fresh].sort((a, b) => b.path.length - a.path.length);
    },
  };
}

/** A client that takes no cookies. */
export const noCookies: CookieJar = { header: () => "", store: () => undefined };

function withoutQuery(path: string): string {
  return path.split("?", 1)[0];
}
