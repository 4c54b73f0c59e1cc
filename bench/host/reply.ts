// What goes over the wire for each thing that can become of a request.

import type { Handshake, Identity, SessionIdManager } from "./ids/session-id-manager.ts";
import type { FailedOutcome, Outcome } from "./sessions/outcome.ts";

/** How long a request waited for its session's lock, on the responses of those that waited. */
export const LOCK_WAIT_HEADER = "x-lock-wait-ms";
export const TOO_BUSY = "Server Too Busy";

/** IIS logs this substatus for "Web server is too busy" (KB318380). */
const TOO_BUSY_SUBSTATUS = 13;

export interface Reply {
  readonly status: number;
  /** The second number of `500.13` in the log; 0 for most. */
  readonly substatus: number;
  /** The one of HTTP for this status when absent. */
  readonly reason?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export const badQuery: Reply = {
  status: 400,
  substatus: 0,
  headers: {},
  body: "The query must say what the page does, as in ?session=read-write&cpu=2&changes=1\n",
};

export const pageServed: Reply = { status: 200, substatus: 0, headers: {}, body: "OK\n" };

/** Nobody's outcome, but a fault of this program. */
export const internalFault: Reply = { status: 500, substatus: 0, reason: "internal fault", headers: {}, body: "" };

export function handshakeReply({ location, setCookie }: Handshake): Reply {
  return redirectTo(location, { "Set-Cookie": setCookie });
}

export function replyTo(outcome: Outcome, identity: Identity, ids: SessionIdManager): Reply {
  const headers: Record<string, string> = {};
  if (outcome.lockWaitMs > 0) headers[LOCK_WAIT_HEADER] = outcome.lockWaitMs.toFixed(3);
  switch (outcome.kind) {
    case "served":
      if (outcome.newSessionId !== null) headers["Set-Cookie"] = ids.setCookie(outcome.newSessionId);
      else if (outcome.idIsOver) headers["Set-Cookie"] = ids.clearCookie();
      return { ...pageServed, headers };
    case "redirected":
      return redirectTo(ids.location(identity, outcome.sessionId), headers);
    case "refused":
      return { status: 500, substatus: TOO_BUSY_SUBSTATUS, reason: TOO_BUSY, headers, body: `${TOO_BUSY}\n` };
    case "failed":
      return failedReply(outcome, headers);
  }
}

export function failedReply(outcome: FailedOutcome, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status: 500, substatus: 0, reason: outcome.failure, headers, body: `${outcome.message}\n` };
}

function redirectTo(location: string, headers: Readonly<Record<string, string>>): Reply {
  return { status: 302, substatus: 0, headers: { ...headers, Location: location }, body: "Object moved\n" };
}
