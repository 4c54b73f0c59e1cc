// What is asked of the table itself, beside the procedures: how many sessions there are and what they take, where we may look. The
// table lies in the database or, installed with "-sstype t", in tempdb. Source: InstallSqlState.sql, InstallPersistSqlState.sql.

import type { Deleted } from "../byte-store.ts";
import type { Census } from "../session-store.ts";
import { StoreError } from "../store-error.ts";
import type { SqlServerClient, SqlValue } from "./sqlserver-client.ts";
import { INSTALL_HINT } from "./sqlserver-errors.ts";

export interface SessionTable {
  /** "SQL Server 16.0.4135.4". */
  readonly engine: string;
  /** Absent where the login may not read the table. */
  readonly census?: () => Promise<Census>;
  /** What DeleteExpiredSessions, which tells nothing, is about to remove. Rejects where the login may not read the table. */
  readonly expired: () => Promise<Deleted>;
}

const PROPERTIES = `SELECT CONVERT(nvarchar(60), SERVERPROPERTY('ProductVersion')) AS version, place.name AS place,
  HAS_PERMS_BY_NAME(place.name + N'dbo.ASPStateTempSessions', N'OBJECT', N'SELECT') AS readable
FROM (SELECT CASE WHEN OBJECT_ID(N'dbo.ASPStateTempSessions', N'U') IS NOT NULL THEN N''
  WHEN OBJECT_ID(N'tempdb.dbo.ASPStateTempSessions', N'U') IS NOT NULL THEN N'tempdb.' END AS name) AS place`;

/**
 * Looks for the table.
 * @param suffix the application's number as it stands behind its session ids: eight hexadecimal digits.
 * @throws SqlServerFault, StoreError when there is no table.
 */
export async function sessionTable(client: SqlServerClient, suffix: string): Promise<SessionTable> {
  const { version, place, readable } = await firstRow(client, PROPERTIES);
  if (typeof place !== "string") {
    throw new StoreError("schema", `The table ASPStateTempSessions is not there. ${INSTALL_HINT}`);
  }
  const ours = `FROM ${place}dbo.ASPStateTempSessions WITH (READUNCOMMITTED) WHERE RIGHT(SessionId, 8) = N'${suffix}'`;
  const counts = `SELECT COUNT(*) AS stored, COALESCE(SUM(CASE WHEN Expires >= GETUTCDATE() THEN 1 ELSE 0 END), 0) AS live,
    (SELECT SUM(a.total_pages) * 8192 FROM ${place}sys.partitions AS p
      JOIN ${place}sys.allocation_units AS a ON a.container_id IN (p.hobt_id, p.partition_id)
      WHERE p.object_id = OBJECT_ID(N'${place}dbo.ASPStateTempSessions', N'U')) AS bytes ${ours}`;
  const expired = `SELECT COUNT(*) AS sessions, SUM(CAST(DATEDIFF(second, Created, GETUTCDATE()) AS bigint)) AS seconds
    ${ours} AND Expires < GETUTCDATE()`;

  async function census(): Promise<Census> {
    const row = await firstRow(client, counts);
    const bytes = row.bytes ?? null;
    return { stored: Number(row.stored), live: Number(row.live), bytes: bytes === null ? null : Number(bytes) };
  }
  return {
    engine: `SQL Server ${String(version)}`,
    ...(readable === 1 && { census }),
    async expired() {
      if (readable !== 1)
        throw new StoreError("login", "The login may not read ASPStateTempSessions: grant it SELECT there.");
      const { sessions, seconds } = await firstRow(client, expired);
      return { sessions: Number(sessions), lifetimesMs: Number(seconds ?? 0) * 1_000 };
    },
  };
}

async function firstRow(client: SqlServerClient, text: string): Promise<Readonly<Record<string, SqlValue>>> {
  const row = (await client.query(text)).recordsets[0]?.[0];
  if (row === undefined) throw new StoreError("protocol", "SQL Server gave no row where there is always one.");
  return row;
}
