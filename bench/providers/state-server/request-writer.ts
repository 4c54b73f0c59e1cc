// Writes the requests of the state service's protocol. What is the same in all requests of an application is put together once.
// Whether a request may be sent a second time, when the first one got no answer, is decided here: yes where the store would be as
// after the first. A second read slides the expiry again (and finds the mark of an uninitialised session gone, but so would the next
// request if we gave up), a second release finds the session free (or locked by another, and is refused), a
// second uninitialised PUT finds the session there and does nothing. No for the others: a second acquire would meet its own lock,
// a second PUT could overwrite whoever came between, and a second DELETE could end a newer session, whose first lock has the same
// number. What ASP.NET's native layer does is unconfirmed, but for this: it looks whether a pooled socket is sound before it sends.
// Source: [MS-ASP] §2.2; .NET reference source, OutOfProcStateClientManager.cs.

import type { StateServerAddress } from "../../../config/connection-strings.ts";
import type { StoredBytes } from "../byte-store.ts";
import type { WireRequest } from "./client-connection.ts";
import { encodedUriBase, type UriHash, urlEncode } from "./uri.ts";

/** Points at which clients differ, or on which sources do. */
export interface WireForm {
  readonly uriHash: UriHash;
  /**
   * One more slash, in clear, before the encoded URI. Seen of 2.0 in a memory dump of a state service; for later ones unconfirmed.
   * All servers of a farm must do the same, for it is part of the session's name.
   */
  readonly leadingSlash: boolean;
  /** Unconfirmed: [MS-ASP] prints `Lock-Cookie` in requests, but servers that real clients work with read `LockCookie`. */
  readonly lockCookieHeader: "LockCookie" | "Lock-Cookie";
}

export const wireFormDefault: WireForm = {
  uriHash: { kind: "sha-256" },
  leadingSlash: true,
  lockCookieHeader: "LockCookie",
};

export interface RequestWriter {
  get(id: string): WireRequest;
  acquire(id: string): WireRequest;
  release(id: string, lockCookie: number): WireRequest;
  set(id: string, item: StoredBytes, lockCookie: number): WireRequest;
  setUninitialized(id: string, empty: StoredBytes): WireRequest;
  /** @param lockCookie null: the header is left out. */
  remove(id: string, lockCookie: number | null): WireRequest;
  resetTimeout(id: string): WireRequest;
}

export function createRequestWriter(address: StateServerAddress, applicationId: string, form: WireForm): RequestWriter {
  const base = `${form.leadingSlash ? "/" : ""}${encodedUriBase(applicationId, form.uriHash)}`;
  const host = address.host.includes(":") ? `[${address.host}]` : address.host;
  const tail = ` HTTP/1.1\r\nHost: ${host}:${address.port}\r\n`;
  const cookie = `${form.lockCookieHeader}: `;

  function bodiless(verb: string, id: string, headers: string, repeatable: boolean): WireRequest {
    const head = `${verb} ${base}${urlEncode(id)}${tail}${headers}\r\n`;
    return { head, body: null, answerHasBody: verb !== "HEAD", repeatable };
  }

  function put(id: string, { bytes, timeoutMinutes }: StoredBytes, flags: string, lockCookie: number): WireRequest {
    const headers = `Timeout: ${timeoutMinutes}\r\nContent-Length: ${bytes.length}\r\n${flags}${cookie}${lockCookie}\r\n`;
    const head = `PUT ${base}${urlEncode(id)}${tail}${headers}\r\n`;
    return { head, body: bytes, answerHasBody: true, repeatable: flags !== "" };
  }

  return {
    get: (id) => bodiless("GET", id, "", true),
    acquire: (id) => bodiless("GET", id, "Exclusive: acquire\r\n", false),
    release: (id, lockCookie) => bodiless("GET", id, `Exclusive: release\r\n${cookie}${lockCookie}\r\n`, true),
    set: (id, item, lockCookie) => put(id, item, "", lockCookie),
    setUninitialized: (id, empty) => put(id, empty, "ExtraFlags: 1\r\n", 0),
    remove: (id, lockCookie) => bodiless("DELETE", id, lockCookie === null ? "" : `${cookie}${lockCookie}\r\n`, false),
    resetTimeout: (id) => bodiless("HEAD", id, "", true),
  };
}
