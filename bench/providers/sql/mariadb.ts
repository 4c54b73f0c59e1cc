// SQLServer mode with MariaDB in SQL Server's place: the same tables, procedures and rules (aspstate-store.ts), reached through mysql2's
// pool with prepared statements. MySQL 8 is served as well as its manual tells; it has never been run.
// Source: mysql2 3, source (what is thrown when); MariaDB knowledge base, error codes.

import { createPool, type Pool, type PoolConnection, type RowDataPacket } from "mysql2/promise";
import type { ByteStore, ByteStoreOptions } from "../byte-store.ts";
import { StoreError, type StoreErrorKind } from "../store-error.ts";
import { openAspStateStore, type StateRow, type StateValue } from "./aspstate-store.ts";
import { databaseError } from "./database-error.ts";
import { type DatabaseAddress, parseDatabaseUrl } from "./database-url.ts";
import { engineName } from "./mariadb-engine.ts";
import { mariaDbSchema, SCHEMA_VERSION } from "./mariadb-schema.ts";

/**
 * @param connection `mariadb://user:password@host:port/database`, or `mysql://…`, with `?pool_max=50` for another number of connections
 * than 20, and whatever mysql2 itself understands, such as `ssl={"rejectUnauthorized":true}`.
 * @returns a store whose tables and procedures are there: made now, if they were not.
 * @throws InputError when the connection is malformed, StoreError when the database cannot be used.
 */
export async function openMariaDbStore(connection: string, options: ByteStoreOptions): Promise<ByteStore> {
  const address = parseDatabaseUrl(connection, {
    name: "MariaDB",
    schemes: ["mysql", "mariadb"],
    defaultPort: 3306,
    hasUnlogged: false,
  });
  let pool = openPool(address, options);
  const failure = (error: unknown) => storeError(error, address);
  const run = (sql: string, values: readonly StateValue[] = []) =>
    runOn(pool, sql, values, options.commandTimeoutMs).catch((error) => {
      throw failure(error);
    });

  try {
    const engine = await prepareSchema(pool, address).catch((error) => {
      throw failure(error);
    });
    return await openAspStateStore(
      {
        engine,
        call: (procedure, parameters) => run(`CALL ${procedure}(${parameters.map(() => "?").join()})`, parameters),
        async deleteExpired() {
          const row = await run("CALL DeleteExpiredSessions()");
          return { sessions: Number(row?.sessions), lifetimesMs: Number(row?.lifetimes_ms) };
        },
        async census() {
          const counted = await run(CENSUS);
          // Null without the PROCESS privilege.
          const file = await run(fileSize(engine)).catch(() => undefined);
          const bytes = file === undefined ? null : Number(file.bytes);
          return { stored: Number(counted?.stored), live: Number(counted?.live), bytes };
        },
        async clearPool() {
          const old = pool;
          pool = openPool(address, options);
          // That ends when the calls under way have, and they may be hanging.
          void endPool(old);
        },
        close: () => endPool(pool),
      },
      options,
    );
  } catch (error) {
    await endPool(pool);
    throw error;
  }
}

/** A connection that breaks meanwhile, or was just being made in vain, has ended too. */
function endPool(pool: Pool): Promise<void> {
  return pool.end().catch(() => undefined);
}

function openPool({ url, poolMax }: DatabaseAddress, { networkTimeoutMs, commandTimeoutMs }: ByteStoreOptions): Pool {
  const pool = createPool({
    uri: url,
    connectionLimit: poolMax,
    maxIdle: poolMax,
    connectTimeout: networkTimeoutMs ?? 0,
  });
  if (commandTimeoutMs !== null) {
    // The server gives up too when we do, lest it take a lock for nobody. Its lock waits count whole seconds; what stands behind M!
    // only MariaDB reads.
    const seconds = commandTimeoutMs / 1_000;
    const limits = `innodb_lock_wait_timeout = ${Math.ceil(seconds)} /*M! , max_statement_time = ${seconds} */`;
    pool.pool.on("connection", (opened) => opened.query(`SET SESSION ${limits}`, () => undefined));
  }
  return pool;
}

/** One statement on a connection of the pool. @returns its first row. */
async function runOn(
  pool: Pool,
  sql: string,
  values: readonly StateValue[],
  timeoutMs: number | null,
): Promise<StateRow | undefined> {
  const connection = await pool.getConnection();
  try {
    const answer = connection.execute(sql, values.map(toParameter));
    const [rows] = await (timeoutMs === null ? answer : inTime(answer, connection, timeoutMs));
    connection.release();
    return firstRow(rows);
  } catch (error) {
    // After an answer from the server the connection is sound; after anything else nobody knows what it will bring.
    if ((error as { sqlState?: string }).sqlState === undefined) connection.destroy();
    else connection.release();
    throw error;
  }
}

/** mysql2's own timeout leaves out the preparing of a statement, and leaves the connection in the pool with its answer to come. */
async function inTime<T>(answer: Promise<T>, connection: PoolConnection, timeoutMs: number): Promise<T> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(Object.assign(new Error(`no answer within ${timeoutMs} ms`), { code: TIMED_OUT }));
    connection.destroy();
  }, timeoutMs);
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

const TIMED_OUT = "ETIMEDOUT";

function toParameter(value: StateValue): string | number | Buffer {
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value;
}

/** A query answers with rows, a procedure with a list of row sets, and one that selects nothing with neither. */
function firstRow(answer: unknown): StateRow | undefined {
  if (!Array.isArray(answer)) return undefined;
  return Array.isArray(answer[0]) ? answer[0][0] : answer[0];
}

const CENSUS = `
  SELECT COUNT(*) AS stored, COALESCE(SUM(Expires > UTC_TIMESTAMP(6)), 0) AS live
  FROM ASPStateTempSessions`;

/**
 * The size of the table's file, which grows by a megabyte or four at a time; the sizes in information_schema.tables are estimates that
 * lag behind by seconds.
 */
function fileSize(engine: string): string {
  const view = engine.startsWith("MySQL") ? "innodb_tablespaces" : "innodb_sys_tablespaces";
  return `
  SELECT file_size AS bytes FROM information_schema.${view} WHERE name = CONCAT(DATABASE(), '/ASPStateTempSessions')`;
}

/** @returns engine and version. */
async function prepareSchema(pool: Pool, address: DatabaseAddress): Promise<string> {
  const connection = await pool.getConnection();
  try {
    const [rows] = await connection.query<RowDataPacket[]>("SELECT version() AS version");
    if ((await versionOf()) === null) {
      // Whoever comes second finds everything made. The lock is the server's, so it names the database.
      await connection.query("SELECT GET_LOCK(CONCAT('aspstate ', MD5(DATABASE())), 60)");
      if ((await versionOf()) === null) for (const statement of mariaDbSchema()) await connection.query(statement);
    }
    const version = await versionOf();
    if (version !== SCHEMA_VERSION) {
      throw databaseError(
        "schema",
        "MariaDB",
        address,
        `its tables are version ${version}, wanted is ${SCHEMA_VERSION}`,
      );
    }
    return engineName(rows[0]?.version);
  } finally {
    // The lock goes with its connection.
    connection.destroy();
  }

  async function versionOf(): Promise<number | null> {
    const [found] = await connection.query<RowDataPacket[]>(
      "SELECT 1 FROM information_schema.routines WHERE routine_schema = DATABASE() AND routine_name = 'aspstate_schema_version'",
    );
    if (found.length === 0) return null;
    const [answer] = await connection.query<RowDataPacket[][]>("CALL aspstate_schema_version()");
    return Number(answer[0]?.[0]?.version);
  }
}

function storeError(error: unknown, address: DatabaseAddress): StoreError {
  if (error instanceof StoreError) return error;
  const { code = "", errno = 0, message } = error as Error & { code?: string; errno?: number };
  return databaseError(kindOf(code, errno), "MariaDB", address, message || code);
}

/** By number, for the driver has MySQL's names only, and from 1900 on MariaDB's errors are others. */
const kindsByNumber: Readonly<Record<number, StoreErrorKind>> = {
  1205: "timeout", // lock wait
  1317: "timeout", // interrupted
  1969: "timeout", // max_statement_time
  1045: "login",
  1698: "login",
  1044: "schema", // no right to the database
  1049: "schema", // no such database
  1054: "schema",
  1142: "schema",
  1146: "schema",
  1227: "schema",
  1305: "schema",
  1318: "schema",
  1370: "schema",
  1021: "full",
  1114: "full",
  1153: "state", // longer than max_allowed_packet
  1406: "state",
  1040: "unreachable", // too many connections
  1053: "unreachable", // shutting down
  1077: "unreachable",
  1927: "unreachable", // connection killed
};

/** Servers number their errors from 1000 up; the system's and the driver's own have no number, or a negative one. */
function kindOf(code: string, errno: number): StoreErrorKind {
  if (code === TIMED_OUT) return "timeout";
  return kindsByNumber[errno] ?? (errno >= 1_000 ? "protocol" : "unreachable");
}
