// The pages that InnoDB really uses for the sessions. The table's file grows by a megabyte or four at a time, far too coarse for a
// slope; the pages in use are counted anew by ANALYZE TABLE. Pages above the leaves, one in hundreds, are left out.
// Source: MariaDB Knowledge Base, "mysql.innodb_index_stats" (n_leaf_pages); long items stand in pages of the leaf segment.

import { createConnection, type RowDataPacket } from "mysql2/promise";

const TABLE = "ASPStateTempSessions";

/**
 * @param connection as the provider takes it.
 * @returns null where the login may not analyse the table or see its statistics.
 */
export async function pagesInUseBytes(connection: string): Promise<number | null> {
  const url = new URL(connection.replace(/^mariadb:/, "mysql:"));
  // Ours, and unknown to the driver.
  url.searchParams.delete("pool_max");
  url.searchParams.delete("durable");
  const client = await createConnection(url.href).catch(() => null);
  if (client === null) return null;
  // A server that goes away is told by the next statement.
  client.on("error", () => undefined);
  try {
    await client.query(`ANALYZE LOCAL TABLE ${TABLE}`);
    const [rows] = await client.query<RowDataPacket[]>(
      `SELECT SUM(stat_value) * @@innodb_page_size AS bytes FROM mysql.innodb_index_stats
       WHERE database_name = DATABASE() AND table_name = ? AND stat_name = 'n_leaf_pages'`,
      [TABLE],
    );
    const bytes: unknown = rows[0]?.bytes;
    return bytes == null ? null : Number(bytes);
  } catch {
    return null;
  } finally {
    client.destroy();
  }
}
