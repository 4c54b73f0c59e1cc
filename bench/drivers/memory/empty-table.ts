// A database of our own between two fillings: its table as new. Deleting would not do: what rows leave behind is used again before a
// table grows, so that the next sessions would seem to take nothing.

import { createConnection } from "mysql2/promise";
import { Client } from "pg";

const TRUNCATE = "TRUNCATE TABLE ASPStateTempSessions";

/** @param connection of a server that we started; rejects with the driver's error when it is gone. */
export async function emptyTable(provider: "postgresql" | "mariadb", connection: string): Promise<void> {
  if (provider === "postgresql") {
    const client = new Client({ connectionString: connection });
    client.on("error", () => undefined);
    await client.connect();
    await client.query(TRUNCATE).finally(() => client.end());
    return;
  }
  const client = await createConnection(connection.replace(/^mariadb:/, "mysql:"));
  client.on("error", () => undefined);
  await client.query(TRUNCATE).finally(() => client.end());
}
