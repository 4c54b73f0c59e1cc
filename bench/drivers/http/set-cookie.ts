// One Set-Cookie header, read as browsers read it: what it names, for which paths, for how long.
// Source: RFC 6265, 5.1.4 and 5.2.

export interface SetCookie {
  readonly name: string;
  readonly value: string;
  /** As it stands; null where the path of the request decides. */
  readonly path: string | null;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  /** How long it lasts from now; 0 or less: it is taken back. null: until the browser is closed. */
  readonly lifetimeMs: number | null;
}

/**
 * @param nowMs milliseconds since 1970, for those that expire at a moment.
 * @returns null where no cookie is named.
 */
export function readSetCookie(header: string, nowMs: number): SetCookie | null {
  const [pair, ...attributes] = header.split(";").map((part) => part.trim());
  const equals = pair.indexOf("=");
  if (equals <= 0) return null;
  const path = attributeOf(attributes, "path");
  return {
    name: pair.slice(0, equals).trim(),
    value: pair.slice(equals + 1).trim(),
    path: path?.startsWith("/") ? path : null,
    secure: attributes.some((attribute) => attribute.toLowerCase() === "secure"),
    httpOnly: attributes.some((attribute) => attribute.toLowerCase() === "httponly"),
    lifetimeMs: lifetimeMsOf(attributes, nowMs),
  };
}

/** @param cookiePath of the cookie. @param path of the request, without its query. */
export function pathMatches(cookiePath: string, path: string): boolean {
  if (!path.startsWith(cookiePath)) return false;
  return path.length === cookiePath.length || cookiePath.endsWith("/") || path[cookiePath.length] === "/";
}

/** The path of a cookie that names none. @param path of the request that it answers, without its query. */
export function defaultPath(path: string): string {
  const last = path.lastIndexOf("/");
  return last <= 0 ? "/" : path.slice(0, last);
}

/** Max-Age goes before Expires; what cannot be read is as if it were not there. */
function lifetimeMsOf(attributes: readonly string[], nowMs: number): number | null {
  const maxAge = attributeOf(attributes, "max-age");
  if (maxAge !== undefined && /^-?\d+$/.test(maxAge)) return Number(maxAge) * 1000;
  const expiresAtMs = Date.parse(attributeOf(attributes, "expires") ?? "");
  return Number.isNaN(expiresAtMs) ? null : expiresAtMs - nowMs;
}

function attributeOf(attributes: readonly string[], name: string): string | undefined {
  const found = attributes.filter((attribute) => attribute.toLowerCase().startsWith(`${name}=`)).at(-1);
  return found?.slice(name.length + 1).trim();
}
