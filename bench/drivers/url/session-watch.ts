// What becomes of the visitors' sessions, seen from outside: from the session id a request carried and the one its answer gave. An
// answer that gives an id to who had none started a session; one that gives another id to who had one did not keep his; the rest
// kept it.

import type { Clock } from "../../clock.ts";
import type { Answered, ClientRequest } from "../http/http-client.ts";
import { readSetCookie } from "../http/set-cookie.ts";

/** Where the site carries its session id. */
export type SessionCarrier =
  | { readonly kind: "cookie"; readonly name: string; readonly holdsState: boolean }
  /** In the address, "/(S(id))/page.aspx". */
  | { readonly kind: "address" }
  | { readonly kind: "none" };

export interface SessionCounts {
  /** Given to visitors who brought none, or in the place of one that was not kept. */
  started: number;
  /** Requests whose session was there and stayed. */
  kept: number;
  /** Sessions replaced by another after so little time that they should have been there still. */
  lost: number;
  /** Sessions replaced after at least their timeout. */
  expired: number;
  /** Taken back by the site: a cookie cleared. */
  abandoned: number;
  /** Answers to who brought no session that gave none either. */
  without: number;
  /** How long visitors had been away, real time: the longest whose session was kept, the shortest whose was not. */
  keptIdleMaxMs: number | null;
  renewedIdleMinMs: number | null;
}

export interface SessionWatch {
  /** To be told of every answer, redirects too. @param sentAtMs when its request went out. */
  saw(request: ClientRequest, answer: Answered, sentAtMs: number): void;
  readonly counts: SessionCounts;
}

/** @param timeoutMs after which a session may be gone, real time; null: never. */
export function watchSessions(carrier: SessionCarrier, timeoutMs: number | null, clock: Clock): SessionWatch {
  const counts: SessionCounts = {
    started: 0,
    kept: 0,
    lost: 0,
    expired: 0,
    abandoned: 0,
    without: 0,
    keptIdleMaxMs: null,
    renewedIdleMinMs: null,
  };
  /** By id, when it was last heard of. */
  const seenAtMs = new Map<string, number>();

  function saw(request: ClientRequest, answer: Answered, sentAtMs: number): void {
    const nowMs = clock();
    const sent = sentId(carrier, request);
    const given = givenId(carrier, answer, nowMs);
    if (sent === null) {
      if (given === null || given === "") counts.without++;
      else start(given, nowMs);
      return;
    }
    const last = seenAtMs.get(sent);
    const idleMs = last === undefined ? null : Math.max(0, sentAtMs - last);
    if (given === "") {
      if (seenAtMs.delete(sent)) counts.abandoned++;
    } else if (given === null || given === sent) keep(sent, idleMs, nowMs);
    else if (carrier.kind === "cookie" && carrier.holdsState) {
      seenAtMs.delete(sent);
      keep(given, idleMs, nowMs);
    } else {
      if (seenAtMs.delete(sent)) end(idleMs ?? 0);
      start(given, nowMs);
    }
  }

  function start(id: string, nowMs: number): void {
    counts.started++;
    seenAtMs.set(id, nowMs);
  }

  function keep(id: string, idleMs: number | null, nowMs: number): void {
    counts.kept++;
    seenAtMs.set(id, nowMs);
    if (idleMs !== null) counts.keptIdleMaxMs = Math.max(counts.keptIdleMaxMs ?? 0, idleMs);
  }

  function end(idleMs: number): void {
    if (timeoutMs !== null && idleMs >= timeoutMs) counts.expired++;
    else counts.lost++;
    counts.renewedIdleMinMs = Math.min(counts.renewedIdleMinMs ?? idleMs, idleMs);
  }

  return { saw, counts };
}

/** null where the request carried none. */
export function sentId(
  carrier: SessionCarrier,
  { cookies, path }: Pick<ClientRequest, "cookies" | "path">,
): string | null {
  if (carrier.kind === "none") return null;
  if (carrier.kind === "address") return addressId(path);
  const pair = cookies.split("; ").find((known) => known.startsWith(`${carrier.name}=`));
  return pair === undefined ? null : pair.slice(carrier.name.length + 1);
}

/** null where the answer says nothing of it; empty where it takes it back. */
function givenId(carrier: SessionCarrier, answer: Answered, nowMs: number): string | null {
  if (carrier.kind === "none") return null;
  if (carrier.kind === "address") return answer.location === null ? null : addressId(answer.location);
  const given = answer.setCookies.map((header) => readSetCookie(header, nowMs)).filter((cookie) => cookie !== null);
  const last = given.filter(({ name }) => name === carrier.name).at(-1);
  if (last === undefined) return null;
  return last.lifetimeMs !== null && last.lifetimeMs <= 0 ? "" : last.value;
}

const ADDRESS_ID = /\/\((?:[A-RT-Z]\([^()/]*\))*S\(([^()/]+)\)/;

/** The session in an address; null without one. Source: .NET reference source, CookielessHelper.cs. */
export function addressId(address: string): string | null {
  return ADDRESS_ID.exec(address.split("?", 1)[0])?.[1] ?? null;
}
