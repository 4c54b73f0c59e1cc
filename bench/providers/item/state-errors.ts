// The two ways in which a session's state itself is at fault, in the words that ASP.NET has for them; what exactly was wrong is the
// cause. Source: .NET reference source, System.Web.txt (Invalid_session_state, Cant_serialize_session_state).

import { StoreError } from "../store-error.ts";

const INVALID_SESSION_STATE = "The session state information is invalid and might be corrupted.";

const CANT_SERIALIZE_SESSION_STATE =
  "Unable to serialize the session state. In 'StateServer' and 'SQLServer' mode, ASP.NET will serialize the session state " +
  "objects, and as a result non-serializable objects or MarshalByRef objects are not permitted. The same restriction applies " +
  "if similar serialization is done by the custom session state store in 'Custom' mode.";

/** Bytes that came from a store are not a session. */
export function invalidState(detail: string): StoreError {
  return new StoreError("state", INVALID_SESSION_STATE, { cause: new Error(detail) });
}

/** A value in a session has no form that can be stored. */
export function cannotSerialise(detail: string): StoreError {
  return new StoreError("state", CANT_SERIALIZE_SESSION_STATE, { cause: new Error(detail) });
}
