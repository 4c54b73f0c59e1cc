// How a session id travels: in a cookie, or in the address of clients that take none. Reads what a request carries, and says what
// a response must carry so that the next request has it.
// Source: .NET reference source, SessionIDManager.cs, CookielessHelper.cs; classic ASP: ms972338 and cookies in KB articles.

import type { HostSettings } from "../host-settings.ts";
import { createAspSessionId, parseAspSessionId } from "./asp-session-id.ts";
import { takesCookies } from "./browser-definitions.ts";
import { type CookielessAddress, readCookielessAddress, writeCookielessAddress } from "./cookieless.ts";
import { cookieValue, createSessionId, parseSessionId } from "./session-id.ts";

export interface IdRequest {
  /** As on the request line, without its query. */
  readonly path: string;
  readonly query: string;
  readonly cookie: string | undefined;
  readonly userAgent: string | undefined;
}

/** What a request says about its session. */
export interface Identity {
  /** Well formed, in its one spelling; null when there is none: an id that is not well formed counts as none. */
  readonly id: string | null;
  /** The id is, or would be, in the address. */
  readonly cookieless: boolean;
  readonly address: CookielessAddress;
  readonly query: string;
}

/** The client is first to be asked whether it takes cookies: send it there and back again. */
export interface Handshake {
  readonly location: string;
  readonly setCookie: string;
}

export interface SessionIdManager {
  identify(request: IdRequest): Identity | Handshake;
  createId(): string;
  /** The Set-Cookie header that gives a client its id. */
  setCookie(id: string): string;
  /** The Set-Cookie header that takes the id away again. */
  clearCookie(): string;
  /** The address of the same page with this id in it. */
  location(identity: Identity, id: string): string;
}

export type IdSettings = Pick<
  HostSettings,
  "technology" | "cookieName" | "cookieless" | "cookieSameSite" | "keepSessionIdSecure" | "tls"
>;

const DETECTION = "AspxAutoDetectCookieSupport";
/** A cookie is no longer than this (RFC 6265, 6.1). */
const HELD_ID_LENGTH_MAX = 4096;

/**
 * An id longer than 24 characters is no id, and so is one longer than the 80 that ASP.NET allows at most: the error Session_id_too_long
 * is for managers of one's own that make such ids.
 * @param heldByClient the id is the state itself, which only a cookie can hold, and not one of the built-in manager's making.
 */
export function createSessionIdManager(settings: IdSettings, heldByClient: boolean): SessionIdManager {
  const classic = settings.technology === "asp";
  const attributes = cookieAttributes(settings);

  function parse(text: string | undefined): string | null {
    if (heldByClient) return text !== undefined && text !== "" && text.length <= HELD_ID_LENGTH_MAX ? text : null;
    return classic ? parseAspSessionId(text) : parseSessionId(text);
  }

  /** Detection, in the order of the reference source; a string is where to send the client to find out. */
  function isCookieless(request: IdRequest, address: CookielessAddress): boolean | string {
    if (classic || heldByClient || settings.cookieless === "UseCookies") return false;
    if (settings.cookieless === "UseUri") return true;
    if (!takesCookies(request.userAgent)) return true;
    if (settings.cookieless === "UseDeviceProfile") return false;
    if (address.values.get("X") === "1") return true;
    if (request.cookie !== undefined && request.cookie !== "") return false;
    if (new URLSearchParams(request.query).get(DETECTION) === "1") return true;
    const question = `${DETECTION}=1`;
    return `${request.path}?${request.query === "" ? question : `${request.query}&${question}`}`;
  }

  return {
    identify(asSent) {
      // Two slashes at the start of a Location would lead to another host.
      const request = { ...asSent, path: asSent.path.replace(/^\/+/, "/") };
      const address = classic ? { values: new Map(), pagePath: request.path } : readCookielessAddress(request.path);
      const cookieless = isCookieless(request, address);
      if (typeof cookieless === "string") {
        return { location: cookieless, setCookie: `${DETECTION}=1; path=/` };
      }
      const { query } = request;
      if (!cookieless)
        return { id: parse(cookieValue(request.cookie, settings.cookieName)), cookieless, address, query };
      const detected = settings.cookieless === "AutoDetect" && takesCookies(request.userAgent);
      const values = new Map([...(detected ? [["X", "1"] as const] : []), ...address.values]);
      return { id: parse(values.get("S")), cookieless, address: { ...address, values }, query };
    },
    createId: classic ? createAspSessionId : createSessionId,
    setCookie: (id) => `${settings.cookieName}=${id}${attributes}`,
    clearCookie: () => `${settings.cookieName}=; expires=Thu, 01 Jan 1970 00:00:00 GMT${attributes}`,
    location({ address, query }, id) {
      const path = writeCookielessAddress({ ...address, values: new Map(address.values).set("S", id) });
      return query === "" ? path : `${path}?${query}`;
    },
  };
}

/**
 * ASP.NET's cookie is for the whole host and hidden from scripts; it is marked secure only by httpCookies requireSSL, which is not a
 * session setting. That of classic ASP has no attribute but the path, and is secure when first given over HTTPS.
 */
function cookieAttributes({ technology, tls, keepSessionIdSecure, cookieSameSite }: IdSettings): string {
  if (technology === "asp") return `${tls !== null && keepSessionIdSecure ? "; secure" : ""}; path=/`;
  return `; path=/; HttpOnly${cookieSameSite === "-1" ? "" : `; SameSite=${cookieSameSite}`}`;
}
