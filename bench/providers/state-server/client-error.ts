// How a request to the state service fails, in ASP.NET's own words. The page gets the message; what exactly happened, and where, is
// the cause, as ASP.NET tells it in an event of its own.
// Source: .NET resources Cant_make_session_request, Bad_state_server_request, Need_v2_State_Server, State_Server_detailed_error.

import type { StateServerAddress } from "../../../config/connection-strings.ts";
import { StoreError, type StoreErrorKind } from "../store-error.ts";
import type { Failed } from "./client-connection.ts";

const CANT_MAKE_SESSION_REQUEST =
  "Unable to make the session state request to the session state server. " +
  "Please ensure that the ASP.NET State service is started and that the client and server ports are the same.  " +
  "If the server is on a remote machine, please ensure that it accepts remote requests by checking the value of " +
  "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\aspnet_state\\Parameters\\AllowRemoteConnection.  " +
  "If the server is on the local machine, and if the before mentioned registry value does not exist or is set to 0, " +
  "then the state server connection string must use either 'localhost' or '127.0.0.1' as the server name.";

const BAD_STATE_SERVER_REQUEST =
  "Unable to make the session state request to the session state server. " +
  "The session state server is running, but the request is not formatted correctly.";

const NEED_V2_STATE_SERVER =
  "Unable to use session state server because this version of ASP.NET requires session state server version 2.0 or above.";

/** Nothing, or nothing in time, came back from the address. */
export function cannotMakeRequest(kind: StoreErrorKind, cause: Error): StoreError {
  return new StoreError(kind, CANT_MAKE_SESSION_REQUEST, { cause });
}

export function badRequest(): StoreError {
  return new StoreError("protocol", BAD_STATE_SERVER_REQUEST);
}

/** The peer's version is below 2. */
export function tooOld(version: string): StoreError {
  return new StoreError("protocol", NEED_V2_STATE_SERVER, { cause: new Error(`X-AspNet-Version is ${version}`) });
}

/** @param what a clause that completes "it …". */
export function notAStateServer(address: StateServerAddress, what: string, cause?: Error): StoreError {
  const message = `What listens at ${printed(address)} is not an ASP.NET state service: it ${what}.`;
  return new StoreError("protocol", message, { cause });
}

/** @param sentBytes of the body. */
export function failedExchange(address: StateServerAddress, failed: Failed, sentBytes: number): StoreError {
  if (failed.how === "malformed") return notAStateServer(address, failed.cause.message, failed.cause);
  const kind = failed.how === "timeout" ? "timeout" : "unreachable";
  return cannotMakeRequest(kind, detailed(address, failed, sentBytes));
}

/** Opening: who lets us connect and then hangs up is somebody else. */
export function failedProbe(address: StateServerAddress, failed: Failed): StoreError {
  if (failed.how !== "broken" || failed.phase === "Connecting to the state server") {
    return failedExchange(address, failed, 0);
  }
  const when = failed.answerBegun ? "in the middle of an answer" : "without an answer";
  return notAStateServer(address, `closed the connection ${when}`, failed.cause);
}

function detailed(address: StateServerAddress, { phase, cause }: Failed, sentBytes: number): Error {
  const code = "code" in cause && typeof cause.code === "string" ? cause.code : cause.message;
  const details = `last phase='${phase}', error code=${code}, size of outgoing data=${sentBytes}`;
  return new Error(
    `Unable to make the session state request to the session state server ${printed(address)}. Details: ${details}`,
    { cause },
  );
}

function printed({ host, port }: StateServerAddress): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
