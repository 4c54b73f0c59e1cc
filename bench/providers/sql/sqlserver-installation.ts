// What ASP.NET wants to know of a session database before it uses it: is session state installed there, and under which number does
// this application go. Source: .NET reference source, sqlstateclientmanager.cs (GetServerSupportOptions, InitSqlInfo).

import { StoreError } from "../store-error.ts";
import type { SqlServerClient } from "./sqlserver-client.ts";
import { INSTALL_HINT, isMissingProcedure, NEED_VERSION_2 } from "./sqlserver-errors.ts";

/** The first version that tells the age of a lock. */
const SQL_SERVER_2000 = 8;

/**
 * ASP.NET asks for the procedure's existence and the server's version before anything else.
 * @throws StoreError of kind "schema", SqlServerFault.
 */
export async function checkVersion(client: SqlServerClient): Promise<void> {
  try {
    await client.execute("dbo.TempGetVersion", [{ name: "ver", type: "version" }]);
  } catch (error) {
    if (!isMissingProcedure(error)) throw error;
    throw new StoreError("schema", `${NEED_VERSION_2} ${INSTALL_HINT}`, { cause: error });
  }
  // Its parameter is called @@ver.
  const { output } = await client.execute("dbo.GetMajorVersion", [{ name: "@ver", type: "int" }]);
  const major = Number(output["@ver"]);
  if (major >= SQL_SERVER_2000) return;
  throw new StoreError(
    "schema",
    `SQL Server ${major} does not tell the age of a lock; version 8 (2000) or above is needed.`,
  );
}

/**
 * The number that the database keeps for the application; it makes one for a new name.
 * @throws SqlServerFault, StoreError when there is no answer.
 */
export async function askApplicationId(client: SqlServerClient, name: string): Promise<number> {
  const { output } = await client.execute("dbo.TempGetAppID", [
    { name: "appName", type: "name", value: name },
    { name: "appId", type: "int" },
  ]);
  const number = output.appId;
  if (typeof number !== "number") throw new StoreError("protocol", "TempGetAppID gave no number for the application.");
  return number;
}
