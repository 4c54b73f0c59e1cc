// Who sent a request, as far as a log can tell: its address, its address and browser, or a session cookie. The answer is a key of 64
// bits, hashed from the bytes of the row: with ten million clients the chance that any two share a key is three in a million.

import type { LogRow } from "./row.ts";

export type ClientsBy =
  | { readonly kind: "ip" | "ip+agent" }
  /** A name that ends in `*` stands for every cookie that begins so. Earlier names win. */
  | { readonly kind: "cookie"; readonly names: readonly string[] };

/** ASP.NET's cookie, and classic ASP's, whose name ends in letters of its own on every server. */
export const sessionCookieNames = ["ASP.NET_SessionId", "ASPSESSIONID*"] as const;

export function clientsByText(by: ClientsBy): string {
  return by.kind === "cookie" ? `cookie:${by.names.join(",")}` : by.kind;
}

export interface ClientKey {
  low: number;
  high: number;
}

/** Writes the key of the row's client into `key`; answers false where the row does not tell. */
export type KeyOf = (row: LogRow, key: ClientKey) => boolean;

export function createKeyOf(by: ClientsBy): KeyOf {
  if (by.kind === "cookie") return cookieKey(by.names);
  const withAgent = by.kind === "ip+agent";
  return (row, key) => {
    if (row.clientEnd === row.clientStart) return false;
    begin(key);
    mixIn(key, row.bytes, row.clientStart, row.clientEnd);
    if (withAgent) {
      mixByte(key, 0);
      mixIn(key, row.bytes, row.agentStart, row.agentEnd);
    }
    finish(key);
    return true;
  };
}

/**
 * The first request of a visitor carries no cookie yet; where the log has the response's Set-Cookie, the cookie it was given counts.
 */
function cookieKey(names: readonly string[]): KeyOf {
  const patterns = names.map((name) => {
    const prefix = name.endsWith("*");
    return { prefix, name: new TextEncoder().encode(prefix ? name.slice(0, -1) : name) };
  });
  const span = { start: 0, end: 0 };
  return (row, key) => {
    for (const { name, prefix } of patterns) {
      if (
        findCookie(row.bytes, row.cookieStart, row.cookieEnd, name, prefix, span) ||
        findCookie(row.bytes, row.setCookieStart, row.setCookieEnd, name, prefix, span)
      ) {
        begin(key);
        mixIn(key, row.bytes, span.start, span.end);
        finish(key);
        return true;
      }
    }
    return false;
  };
}

/**
 * Finds `name=value` in a Cookie header as logs hold it (`a=1;+b=2` in IIS, where + is a space). The span is that of the value, and
 * of the whole cookie where the name was only a beginning. An empty value is none.
 */
function findCookie(
  bytes: Uint8Array,
  start: number,
  end: number,
  name: Uint8Array,
  prefix: boolean,
  span: { start: number; end: number },
): boolean {
  for (let at = start; at < end; ) {
    while (at < end && (bytes[at] === 43 || bytes[at] === 32)) at++;
    let stop = at;
    while (stop < end && bytes[stop] !== 59) stop++;
    let i = 0;
    while (i < name.length && at + i < stop && bytes[at + i] === name[i]) i++;
    if (i === name.length) {
      let equals = at + i;
      if (prefix) while (equals < stop && bytes[equals] !== 61) equals++;
      if (bytes[equals] === 61 && equals + 1 < stop) {
        span.start = prefix ? at : equals + 1;
        span.end = stop;
        return true;
      }
    }
    at = stop + 1;
  }
  return false;
}

// The two lanes of cyrb53 (public domain), kept apart so that all 64 bits stay.
function begin(key: ClientKey): void {
  key.low = 0xdeadbeef | 0;
  key.high = 0x41c6ce57;
}

function mixByte(key: ClientKey, byte: number): void {
  key.low = Math.imul(key.low ^ byte, 2_654_435_761);
  key.high = Math.imul(key.high ^ byte, 1_597_334_677);
}

function mixIn(key: ClientKey, bytes: Uint8Array, start: number, end: number): void {
  let low = key.low;
  let high = key.high;
  for (let i = start; i < end; i++) {
    low = Math.imul(low ^ bytes[i], 2_654_435_761);
    high = Math.imul(high ^ bytes[i], 1_597_334_677);
  }
  key.low = low;
  key.high = high;
}

function finish(key: ClientKey): void {
  let { low, high } = key;
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909);
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  key.low = low >>> 0;
  key.high = high >>> 0;
}
