// What goes wrong with a session database, in ASP.NET's words, and which of it is worth another try.
// Source: .NET reference source, sqlstateclientmanager.cs (ThrowSqlConnectionException, CanRetry, HandleInsertException) and
// System.Web.txt; SQL Server, sys.messages.

import { StoreError, type StoreErrorKind } from "../store-error.ts";
import { FATAL_SEVERITY, SqlServerFault, TIMED_OUT } from "./sqlserver-client.ts";

const CANNOT_CONNECT = "Unable to connect to SQL Server session database.";
export const NEED_VERSION_2 =
  "Unable to use SQL Server because ASP.NET version 2.0 Session State is not installed on the SQL server. Please install ASP.NET " +
  "Session State SQL Server version 2.0 or above.";

const MISSING_PROCEDURE = 2812;
const CANNOT_OPEN_DATABASE = 4060;
const DUPLICATE_KEY = 2627;

/** How to get the tables and procedures. */
export const INSTALL_HINT =
  'Run "aspnet_regsql -S server -E -ssadd -sstype p" where .NET Framework is, or the script that "sessionlab aspstate-sql" prints.';

const kindsByNumber: Readonly<Record<number, StoreErrorKind>> = {
  [TIMED_OUT]: "timeout",
  18450: "login",
  18452: "login",
  18456: "login",
  // Permission denied; the login may not use the database.
  229: "login",
  916: "login",
  [CANNOT_OPEN_DATABASE]: "schema",
  [MISSING_PROCEDURE]: "schema",
  // Table missing; procedure expects another parameter, or one that we do not know.
  208: "schema",
  201: "schema",
  8144: "schema",
  8145: "schema",
  // Data file or log full.
  1101: "full",
  1105: "full",
  9002: "full",
  // Longer than the column.
  2628: "state",
  8152: "state",
};

/** Resource Login_failed_sql_session_database stands for these, and only these. */
const failedLogins: readonly number[] = [18450, 18452, 18456];

/** Another try may succeed: the connection broke, the database is not there yet, or the answer took too long. */
export function isRetriable(error: unknown): boolean {
  if (!(error instanceof SqlServerFault)) return false;
  return error.severity >= FATAL_SEVERITY || error.number === CANNOT_OPEN_DATABASE || error.number === TIMED_OUT;
}

export function isDuplicateKey(error: unknown): boolean {
  return error instanceof SqlServerFault && error.number === DUPLICATE_KEY;
}

export function isMissingProcedure(error: unknown): boolean {
  return error instanceof SqlServerFault && error.number === MISSING_PROCEDURE;
}

/** @param user who logged in, for the message. Anything that is no fault of the server is given back as it is. */
export function storeErrorOf(error: unknown, user: string): unknown {
  if (!(error instanceof SqlServerFault)) return error;
  const kind = kindsByNumber[error.number] ?? (error.severity >= FATAL_SEVERITY ? "unreachable" : "protocol");
  if (failedLogins.includes(error.number)) {
    return new StoreError(kind, `Failed to login to session state SQL server for user '${user}'.`, { cause: error });
  }
  const hint = kind === "schema" ? ` ${INSTALL_HINT}` : "";
  return new StoreError(kind, `${CANNOT_CONNECT} ${error.message}${hint}`, { cause: error });
}
