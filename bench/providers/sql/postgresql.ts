// SQLServer mode with PostgreSQL in SQL Server's place: the same tables, procedures and rules (aspstate-store.ts), reached through pg's
// pool with named, prepared statements.
// Source: pg 8 and pg-pool 3, source (what is thrown when); PostgreSQL manual, appendix A (error codes).

import { Pool } from "pg";
import type { ByteStore, ByteStoreOptions, Deleted } from "../byte-store.ts";
import { StoreError, type StoreErrorKind } from "../store-error.ts";
import { openAspStateStore, type StateRow } from "./aspstate-store.ts";
import { databaseError } from "./database-error.ts";
import { type DatabaseAddress, parseDatabaseUrl } from "./database-url.ts";
import { postgreSqlSchema, SCHEMA_VERSION } from "./postgresql-schema.ts";

const ENGINE = "PostgreSQL";

/**
 * @param connection `postgresql://user:password@host:port/database`, with `?durable=false` for unlogged tables (where they are not there
 * yet), `?pool_max=50` for another number of connections than 20, and whatever pg itself understands, such as `sslmode`.
 * @returns a store whose tables and functions are there: made now, if they were not.
 * @throws InputError when the connection is malformed, StoreError when the database cannot be used.
 */
export async function openPostgreSqlStore(connection: string, options: ByteStoreOptions): Promise<ByteStore> {
  const address = parseDatabaseUrl(connection, {
    name: ENGINE,
    schemes: ["postgresql", "postgres"],
    defaultPort: 5432,
    hasUnlogged: true,
  });
  let pool = createPool(address, options);

  async function query(name: string, text: string, values: readonly unknown[] = []): Promise<readonly StateRow[]> {
    try {
      return (await pool.query<StateRow>({ name, text, values: [...values] })).rows;
    } catch (error) {
      throw storeError(error, address);
    }
  }

  try {
    const engine = await prepareSchema(pool, address);
    return await openAspStateStore(
      {
        engine,
        async call(procedure, parameters) {
          const placeholders = parameters.map((_, index) => `$${index + 1}`).join();
          const [row] = await query(procedure, `SELECT * FROM ${procedure}(${placeholders})`, parameters);
          return row;
        },
        deleteExpired: () => deleteExpired(query),
        async census() {
          const [row] = await query("census", CENSUS);
          return {
            stored: Number(row?.stored),
            live: Number(row?.live),
            bytes: Number(row?.bytes),
            reuseAfterMs: Number(row?.naptime) * 1000,
          };
        },
        async clearPool() {
          const old = pool;
          pool = createPool(address, options);
          // That ends when the calls under way have, and they may be hanging.
          void old.end();
        },
        close: () => pool.end(),
      },
      options,
    );
  } catch (error) {
    await pool.end();
    throw error;
  }
}

function createPool({ url, poolMax }: DatabaseAddress, { networkTimeoutMs, commandTimeoutMs }: ByteStoreOptions): Pool {
  const pool = new Pool({
    connectionString: url,
    max: poolMax,
    idleTimeoutMillis: 0,
    ...(networkTimeoutMs !== null && { connectionTimeoutMillis: networkTimeoutMs }),
    // The client gives up in time even if the server hangs; the server gives up too, lest it take a lock for nobody.
    ...(commandTimeoutMs !== null && { query_timeout: commandTimeoutMs, statement_timeout: commandTimeoutMs }),
  });
  // An idle connection broke. The pool has dropped it; the next call connects anew, or tells that it cannot.
  pool.on("error", () => undefined);
  return pool;
}

const CENSUS = `
  SELECT count(*) AS stored, count(*) FILTER (WHERE Expires > clock_timestamp()) AS live,
    pg_total_relation_size('ASPStateTempSessions') AS bytes,
    (SELECT setting FROM pg_settings WHERE name = 'autovacuum_naptime') AS naptime
  FROM ASPStateTempSessions`;

/** @returns engine and version. @throws StoreError */
async function prepareSchema(pool: Pool, address: DatabaseAddress): Promise<string> {
  const client = await pool.connect().catch((error) => {
    throw storeError(error, address);
  });
  // The query under way fails when the connection breaks; the event besides would end the process.
  client.on("error", () => undefined);
  try {
    const { rows } = await client.query<{ version: string }>("SELECT current_setting('server_version') AS version");
    let version = await versionOf();
    if (version === null) {
      await client.query("BEGIN");
      // Whoever comes second finds everything made.
      await client.query("SELECT pg_advisory_xact_lock(hashtext('aspstate_schema'))");
      version = await versionOf();
      if (version === null) await client.query(postgreSqlSchema(address));
      await client.query("COMMIT");
      version ??= SCHEMA_VERSION;
    }
    if (version !== SCHEMA_VERSION) {
      throw databaseError("schema", ENGINE, address, `its tables are version ${version}, wanted is ${SCHEMA_VERSION}`);
    }
    client.release();
    return `${ENGINE} ${rows[0]?.version.split(" ")[0]}`;
  } catch (error) {
    client.release(true);
    throw storeError(error, address);
  }

  async function versionOf(): Promise<number | null> {
    // The catalogue itself: to_regprocedure may answer from before the lock.
    const { rowCount } = await client.query(
      "SELECT FROM pg_proc WHERE proname = 'aspstate_schema_version' AND pg_function_is_visible(oid)",
    );
    if (rowCount === 0) return null;
    const { rows } = await client.query<{ version: number }>("SELECT aspstate_schema_version() AS version");
    return rows[0]?.version ?? null;
  }
}

async function deleteExpired(
  query: (name: string, text: string, values?: readonly unknown[]) => Promise<readonly StateRow[]>,
): Promise<Deleted> {
  const [row] = await query("DeleteExpiredSessions", "CALL DeleteExpiredSessions()");
  return { sessions: Number(row?.p_count), lifetimesMs: Number(row?.p_lifetimes_ms) };
}

function storeError(error: unknown, address: DatabaseAddress): StoreError {
  if (error instanceof StoreError) return error;
  const { code = "", message } = error as Error & { code?: string };
  return databaseError(kindOf(code, message), ENGINE, address, message || code);
}

/** By SQLSTATE where the server spoke, by the system's error code or the driver's text where it did not. */
function kindOf(code: string, message: string): StoreErrorKind {
  if (code === "57014" || /^(query read timeout|timeout (exceeded|expired))/i.test(message)) return "timeout";
  if (/^(28...)$/.test(code) || /^SASL/.test(message)) return "login";
  if (/^(3D000|3F000|42501|42P01|42P07|42P13|42804|42883|42703|42704|55000)$/.test(code)) return "schema";
  if (/^53[12]/.test(code)) return "full";
  if (/^(08...|57P0.|53300)$/.test(code)) return "unreachable";
  if (/^54/.test(code)) return "state";
  if (/^[0-9A-Z]{5}$/.test(code) && !code.startsWith("E")) return "protocol";
  // ECONNREFUSED, ENOTFOUND, "Connection terminated unexpectedly", and whatever else befalls a socket.
  return "unreachable";
}
