// How a database that is not SQL Server says in ASP.NET's words what went wrong: one StoreError, with the database named and without
// the password. ASP.NET's texts name SQL Server; where another engine stands in its place, its name does too.
// Source: .NET reference source, System.Web.txt (Cant_connect_sql_session_database, Login_failed_sql_session_database).

import { maskSecrets } from "../../../config/connection-strings.ts";
import { StoreError, type StoreErrorKind } from "../store-error.ts";
import type { DatabaseAddress } from "./database-url.ts";

/** @param detail what the driver or the server said. */
export function databaseError(
  kind: StoreErrorKind,
  engine: string,
  { host, port, user, database }: DatabaseAddress,
  detail: string,
): StoreError {
  const place = `${database} at ${host}:${port}`;
  return new StoreError(kind, `${lead()} (${maskSecrets(detail)})`);

  function lead(): string {
    switch (kind) {
      case "unreachable":
        return `Unable to connect to ${engine} session database ${place}.`;
      case "login":
        return `Failed to login to session state ${engine} server for user '${user}'.`;
      case "timeout":
        return `Timeout expired: ${engine} session database ${place} did not answer in time.`;
      case "schema":
        return `${engine} session database ${place} does not hold what session state needs.`;
      case "full":
        return `${engine} session database ${place} has no room.`;
      case "state":
        return `The session state is not fit for ${engine} session database ${place}.`;
      case "protocol":
        return `${engine} session database ${place} refused a request.`;
    }
  }
}
